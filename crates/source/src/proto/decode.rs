//! Tokens to what they mean.

use std::borrow::Cow;

/// The bytes of a string literal, or of several in a row, with quotes and perhaps comments between
/// them. Escapes that mean nothing are passed over: the parser has said so.
#[must_use]
pub fn decode_text(literal: &str) -> Vec<u8> {
    let bytes = literal.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' => at = one_text(bytes, at, &mut out),
            b'/' => at = end_of_comment(bytes, at),
            _ => at += 1,
        }
    }
    out
}

fn end_of_comment(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let length = if rest.starts_with(b"/*") {
        memchr::memmem::find(rest.get(2..).unwrap_or_default(), b"*/").map(|found| found + 4)
    } else {
        memchr::memchr(b'\n', rest)
    };
    at + length.unwrap_or(rest.len()).max(1)
}

/// Decodes the string that starts with the quote at `start`; returns where it ends.
fn one_text(bytes: &[u8], start: usize, out: &mut Vec<u8>) -> usize {
    let quote = bytes.get(start).copied();
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        if Some(byte) == quote {
            break;
        }
        if byte == b'\\' {
            at = escape(bytes, at, out);
        } else {
            out.push(byte);
        }
    }
    at
}

/// Decodes what follows a backslash; returns where it ends.
fn escape(bytes: &[u8], at: usize, out: &mut Vec<u8>) -> usize {
    let Some(&letter) = bytes.get(at) else { return at };
    let digits = |from: usize, most: usize, radix: u32| {
        let rest = bytes.get(from..).unwrap_or_default();
        let count = rest.iter().take(most).take_while(|&&digit| (digit as char).is_digit(radix)).count();
        let text = rest.get(..count).and_then(|digits| std::str::from_utf8(digits).ok()).unwrap_or("");
        (u32::from_str_radix(text, radix).unwrap_or(0), count)
    };
    let single = match letter {
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0b,
        b'\\' | b'\'' | b'"' | b'?' => letter,
        b'0'..=b'7' => {
            let (code, count) = digits(at, 3, 8);
            out.push((code & 0xff) as u8);
            return at + count;
        }
        b'x' | b'X' => {
            let (code, count) = digits(at + 1, 2, 16);
            out.push((code & 0xff) as u8);
            return at + 1 + count;
        }
        b'u' | b'U' => return unicode(letter, &digits, at, out),
        _ => {
            out.push(letter);
            return at + 1;
        }
    };
    out.push(single);
    at + 1
}

/// `\uXXXX`, a pair of them that is one character, or `\UXXXXXXXX`.
fn unicode(
    letter: u8,
    digits: &dyn Fn(usize, usize, u32) -> (u32, usize),
    at: usize,
    out: &mut Vec<u8>,
) -> usize {
    let (mut code, count) = digits(at + 1, if letter == b'u' { 4 } else { 8 }, 16);
    let mut end = at + 1 + count;
    if (0xd800..0xdc00).contains(&code) {
        // The second half follows as `\uXXXX`, two bytes of which are no digits.
        let (low, count) = digits(end + 2, 4, 16);
        if count == 4 && (0xdc00..0xe000).contains(&low) {
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            end += 6;
        }
    }
    let mut buffer = [0; 4];
    let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    out.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
    end
}

/// A name such as `a.b.C` without the blanks and comments that may stand between its parts.
#[must_use]
pub fn dotted(text: &str) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
    if text.bytes().all(plain) {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte == b'/' && matches!(bytes.get(at + 1), Some(b'/' | b'*')) {
            at = end_of_comment(bytes, at);
            continue;
        }
        if !byte.is_ascii_whitespace() && byte != 0x0b {
            out.push(byte as char);
        }
        at += 1;
    }
    Cow::Owned(out)
}

/// The sign of a number and the rest of it.
fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        // A comment may stand behind the sign.
        Some(rest) => (true, rest.rsplit(|letter: char| letter.is_ascii_whitespace()).next().unwrap_or(rest)),
        None => (false, text),
    }
}

/// A whole number, decimal, hexadecimal or octal, if it has 64 bits at most: its sign and digits.
#[must_use]
pub fn parse_integer(text: &str) -> Option<(bool, u64)> {
    let (negative, digits) = signed(text);
    let lower = digits.to_ascii_lowercase();
    let magnitude = match lower.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok()?,
        None if lower.len() > 1 && lower.starts_with('0') => u64::from_str_radix(&lower, 8).ok()?,
        None => lower.parse().ok()?,
    };
    Some((negative, magnitude))
}

/// A number with a point or an exponent, or a whole one that is too large to be read as such.
#[must_use]
pub fn parse_float(text: &str) -> Option<f64> {
    let (negative, digits) = signed(text);
    let value: f64 = digits.parse().ok()?;
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::{decode_text, dotted, parse_float, parse_integer};

    #[test]
    fn strings_are_decoded() {
        assert_eq!(decode_text(r#""a\n\x41\101\u00e9\\" /* between */ 'b"'"#), b"a\nAA\xc3\xa9\\b\"");
        assert_eq!(decode_text(r#""\ud83d\ude00 \U0001F600""#), "😀 😀".as_bytes());
        assert_eq!(decode_text(r#""open"#), b"open");
        assert_eq!(decode_text("\"a\" // \"not this\"\n \"b\""), b"ab");
    }

    #[test]
    fn names_lose_what_stands_between_their_parts() {
        assert_eq!(dotted("a.b.C"), "a.b.C");
        assert_eq!(dotted("a . b /* x.y */ .\n C // d"), "a.b.C");
    }

    #[test]
    fn numbers_are_read_in_all_notations() {
        assert_eq!(parse_integer("0x1F"), Some((false, 31)));
        assert_eq!(parse_integer("017"), Some((false, 15)));
        assert_eq!(parse_integer("-0"), Some((true, 0)));
        assert_eq!(parse_integer("- 12"), Some((true, 12)));
        assert_eq!(parse_integer("18446744073709551615"), Some((false, u64::MAX)));
        assert_eq!(parse_integer("18446744073709551616"), None);
        assert_eq!(parse_float("1."), Some(1.0));
        assert_eq!(parse_float("-.5e1"), Some(-5.0));
    }
}
