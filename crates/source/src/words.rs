//! Eight bytes at a time: most texts between two characters of interest are short, and looking at
//! a word is faster than calling a vector search.

const ONES: u64 = u64::from_le_bytes([1; 8]);
const HIGHS: u64 = u64::from_le_bytes([0x80; 8]);

/// Eight blanks.
const BLANKS: u64 = u64::from_le_bytes([b' '; 8]);

/// Eight bytes, the first in the lowest place.
fn word_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|chunk| u64::from_le_bytes(*chunk))
}

/// How many bytes stand at the start of `rest` before the first that is `first`, `second` or a
/// control character.
#[inline]
pub(crate) fn length_before(first: u8, second: u8, rest: &[u8]) -> usize {
    // The high bit of each byte that is zero; bytes above the first such one may be wrong.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    let mut length = 0;
    while let Some(word) = word_at(rest, length) {
        let controls = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
        let ends =
            controls | zeros(word ^ (ONES * u64::from(first))) | zeros(word ^ (ONES * u64::from(second)));
        if ends != 0 {
            return length + ends.trailing_zeros() as usize / 8;
        }
        length += 8;
    }
    let tail = rest.get(length..).unwrap_or_default();
    let before = tail.iter().take_while(|&&byte| byte >= 0x20 && byte != first && byte != second);
    length + before.count()
}

/// How many blanks stand at the start of `rest`.
#[inline]
pub(crate) fn blanks(rest: &[u8]) -> usize {
    let mut length = 0;
    while let Some(word) = word_at(rest, length) {
        let others = word ^ BLANKS;
        if others != 0 {
            return length + others.trailing_zeros() as usize / 8;
        }
        length += 8;
    }
    length + rest.get(length..).unwrap_or_default().iter().take_while(|&&byte| byte == b' ').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_before_stops_at_the_first_byte_looked_for_or_control_character() {
        for stop in 0..=u8::MAX {
            for at in 0..20 {
                let mut bytes = vec![b'x'; 24];
                bytes[at] = stop;
                let stops = stop < 0x20 || stop == b'"' || stop == b'\\';
                let found = length_before(b'"', b'\\', &bytes);
                assert_eq!(found, if stops { at } else { 24 }, "byte {stop:#04x} at {at}");
                // A second such byte further on changes nothing.
                bytes[at + 3] = b'"';
                assert_eq!(length_before(b'"', b'\\', &bytes), if stops { at } else { at + 3 });
            }
        }
    }

    #[test]
    fn blanks_are_counted_up_to_the_first_other_byte() {
        for count in 0..40 {
            for rest in ["", "x", "\n", "\u{1}  ", "\u{A0}", "!!!!!!!!!!"] {
                assert_eq!(blanks(format!("{}{rest}", " ".repeat(count)).as_bytes()), count);
            }
        }
    }
}
