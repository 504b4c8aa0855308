//! Default values as descriptors hold them: as text.

use tenon_graph::protobuf::{FieldType, OptionValue, Scalar};

use super::options::float;

/// A default value of a field of some type.
pub(super) fn text(ty: FieldType, value: &OptionValue) -> String {
    match (ty, value) {
        (FieldType::Scalar(Scalar::Bytes), OptionValue::Text(bytes)) => escaped(bytes),
        (_, OptionValue::Text(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
        (FieldType::Scalar(Scalar::Float), _) => shortest(f64::from(float(value) as f32), 6, 9, |text| {
            text.parse::<f32>().is_ok_and(|read| f64::from(read) == f64::from(float(value) as f32))
        }),
        (FieldType::Scalar(Scalar::Double), _) => {
            shortest(float(value), 15, 17, |text| text.parse::<f64>().is_ok_and(|read| read == float(value)))
        }
        (_, OptionValue::Integer { negative, magnitude }) => {
            format!("{}{magnitude}", if *negative && *magnitude > 0 { "-" } else { "" })
        }
        (_, OptionValue::Word(word)) => word.to_string(),
        _ => String::new(),
    }
}

/// Bytes with C's escapes.
fn escaped(bytes: &[u8]) -> String {
    let mut out = String::new();
    for &byte in bytes {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b'"' => out.push_str("\\\""),
            b'\'' => out.push_str("\\'"),
            b'\\' => out.push_str("\\\\"),
            0x20..=0x7e => out.push(byte as char),
            _ => out.push_str(&format!("\\{byte:03o}")),
        }
    }
    out
}

/// A number with a few digits if they are enough to read it back, or with more.
fn shortest(value: f64, few: usize, many: usize, reads_back: impl Fn(&str) -> bool) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let short = general(value, few);
    if reads_back(&short) { short } else { general(value, many) }
}

/// C's `%.*g`.
fn general(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return if value.is_sign_negative() { "-0" } else { "0" }.to_owned();
    }
    let scientific = format!("{:.*e}", digits - 1, value);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    let most = i32::try_from(digits).unwrap_or(i32::MAX);
    if exponent < -4 || exponent >= most {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{}e{sign}{:02}", trim(mantissa), exponent.abs());
    }
    let places = usize::try_from(most - 1 - exponent).unwrap_or(0);
    trim(&format!("{value:.places$}"))
}

#[cfg(test)]
mod tests {
    use super::general;

    #[test]
    fn numbers_are_written_as_c_does() {
        let cases =
            [(1.5, "1.5"), (1e10, "10000000000"), (1e20, "1e+20"), (0.0001, "0.0001"), (1e-5, "1e-05")];
        for (value, text) in cases {
            assert_eq!(general(value, 15), text);
        }
    }
}
