//! The YAML 1.2 core schema: what a plain scalar means.

use crate::tree::Scalar;

/// A plain scalar of the core schema. `raw` tells that the text is the span itself.
pub(super) fn plain(text: &str, raw: bool) -> Scalar {
    // Most scalars are words: decide by the first byte before anything is compared.
    match text.as_bytes().first() {
        None => Scalar::Null,
        Some(b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'~') => {
            word(text).unwrap_or_else(|| string(text, raw))
        }
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') => number(text, raw).unwrap_or_else(|| string(text, raw)),
        Some(_) => string(text, raw),
    }
}

/// A string that is the span itself, or was decoded.
pub(super) fn string(text: &str, raw: bool) -> Scalar {
    if raw { Scalar::Raw } else { Scalar::Text(text.to_owned()) }
}

fn word(text: &str) -> Option<Scalar> {
    Some(match text {
        "null" | "Null" | "NULL" | "~" => Scalar::Null,
        "true" | "True" | "TRUE" => Scalar::Bool(true),
        "false" | "False" | "FALSE" => Scalar::Bool(false),
        _ => return None,
    })
}

/// The value that a tag of the core schema asks for; `None` if the text is no such value.
pub(super) fn tagged(suffix: &str, text: &str, raw: bool) -> Option<Scalar> {
    match suffix {
        "null" => matches!(plain(text, raw), Scalar::Null).then_some(Scalar::Null),
        "bool" => word(text).filter(|scalar| matches!(scalar, Scalar::Bool(_))),
        "int" | "float" => number(text, raw),
        _ => Some(string(text, raw)),
    }
}

/// A number in any spelling of the core schema. `.inf` and `.nan` have no JSON form and are left
/// to be strings; so are integers of more than 128 bits in hexadecimal or octal.
pub(super) fn number(text: &str, raw: bool) -> Option<Scalar> {
    let (radix, digits) = match text.as_bytes() {
        [b'0', b'x', ..] => (16, text.get(2..)?),
        [b'0', b'o', ..] => (8, text.get(2..)?),
        _ => return decimal(text, raw),
    };
    let plain_digits = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let value = u128::from_str_radix(digits, radix).ok().filter(|_| plain_digits)?;
    Some(Scalar::NumberText(value.to_string()))
}

fn decimal(text: &str, raw: bool) -> Option<Scalar> {
    let bytes = text.as_bytes();
    let signed = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let whole = digits(bytes, signed);
    let dotted = bytes.get(whole) == Some(&b'.');
    let fraction_start = whole + usize::from(dotted);
    let fraction = if dotted { digits(bytes, fraction_start) } else { whole };
    let (whole_digits, fraction_digits) = (whole - signed, fraction - fraction_start.min(fraction));
    if whole_digits + fraction_digits == 0 {
        return None;
    }
    let mut end = fraction;
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        end = digits(bytes, fraction + 1 + sign);
        if end == fraction + 1 + sign {
            return None;
        }
    }
    if end != bytes.len() {
        return None;
    }
    let plus = bytes.first() == Some(&b'+');
    let padded = whole_digits > 1 && bytes.get(signed) == Some(&b'0');
    let bare_dot = whole_digits == 0 || (dotted && fraction_digits == 0);
    if raw && !plus && !padded && !bare_dot {
        return Some(Scalar::Number);
    }
    let sign = if bytes.first() == Some(&b'-') { "-" } else { "" };
    let whole_text = text.get(signed..whole)?.trim_start_matches('0');
    let whole_text = if whole_text.is_empty() { "0" } else { whole_text };
    let fraction_text = match (dotted, text.get(fraction_start..fraction)?) {
        (false, _) => String::new(),
        (true, "") => ".0".to_owned(),
        (true, digits) => format!(".{digits}"),
    };
    Some(Scalar::NumberText(format!("{sign}{whole_text}{fraction_text}{}", text.get(fraction..)?)))
}

/// Where the digits from `at` on end.
fn digits(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
}
