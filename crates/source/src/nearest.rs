//! "Did you mean": the known word a mistyped one is closest to.

/// Longest word that is compared, in characters; longer ones are no typing mistakes of names.
const WORD_CHARS_MAX: usize = 128;

/// The candidate that is most likely meant by a word: equal but for case, or else with the fewest
/// letters changed, if these are at most a third of them. Of equally near ones the first.
#[must_use]
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    nearest_within(word, usize::MAX, candidates)
}

/// The same, with at most some letters changed: a third of a long path is another path.
#[must_use]
pub fn nearest_within<'c>(
    word: &str,
    changes_max: usize,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    let word: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
    if word.is_empty() || word.len() > WORD_CHARS_MAX {
        return None;
    }
    // One letter is as near to any other; that says nothing.
    let limit = (word.len() / 3).max(usize::from(word.len() > 1)).min(changes_max);
    let mut best: Option<(usize, &str)> = None;
    let mut row = Vec::new();
    for candidate in candidates {
        // A character has at most four bytes, so this is never too strict.
        let too_long = candidate.len() > (word.len() + limit) * 4;
        if too_long || candidate.len() + limit < word.len() {
            continue;
        }
        let other: Vec<char> = candidate.chars().flat_map(char::to_lowercase).collect();
        if other.len().abs_diff(word.len()) > limit {
            continue;
        }
        let distance = changes(&word, &other, &mut row);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Letters to add, drop or replace to make one word the other (Levenshtein).
fn changes(word: &[char], other: &[char], row: &mut Vec<usize>) -> usize {
    row.clear();
    row.extend(0..=other.len());
    for (line, letter) in word.iter().enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        let mut cells = row.iter_mut();
        if let Some(first) = cells.next() {
            *first = left;
        }
        for (cell, candidate) in cells.zip(other) {
            let replaced = diagonal + usize::from(letter != candidate);
            diagonal = *cell;
            left = replaced.min(diagonal + 1).min(left + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{nearest, nearest_within};

    #[test]
    fn finds_what_was_meant() {
        let names = ["Pet", "Pets", "Error", "Customer"];
        assert_eq!(nearest("Pett", names), Some("Pet"));
        assert_eq!(nearest("pets", names), Some("Pets"));
        assert_eq!(nearest("Custmer", names), Some("Customer"));
        assert_eq!(nearest("Order", names), None);
        assert_eq!(nearest("", names), None);
        assert_eq!(nearest("a", ["b"]), None);
        assert_eq!(nearest("Größe", ["Grösse", "Größen"]), Some("Größen"));
        assert_eq!(nearest("acme/orders.proto", ["acme/users.proto"]), Some("acme/users.proto"));
        assert_eq!(
            nearest_within("acme/orders.proto", 2, ["acme/users.proto", "acme/order.proto"]),
            Some("acme/order.proto")
        );
    }
}
