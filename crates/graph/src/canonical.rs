//! The canonical form of values (RFC 8785) and its hash: equal for equal values, whatever their
//! format, spelling, order of members or comments.

use std::io::Write as _;

use data_encoding::HEXLOWER;
use serde_json::{Map, Number, Value};
use sha2::{Digest, Sha256};
use tenon_source::{Kind, Node};

/// A copy of a value, aliases followed. Of members with one name the first counts, as everywhere.
/// A number that no double holds is its own text, so that it stays apart from others.
#[must_use]
pub fn to_value(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => Value::Bool(node.as_bool().unwrap_or_default()),
        Kind::Number => match node.number_text().and_then(|text| text.parse::<Number>().ok()) {
            Some(number) => Value::Number(number),
            None => Value::String(node.number_text().unwrap_or_default().to_owned()),
        },
        Kind::String => Value::String(node.as_str().unwrap_or_default().to_owned()),
        Kind::Array => node.items().map(to_value).collect(),
        Kind::Object => {
            let mut object = Map::with_capacity(node.len());
            for (name, value) in node.members() {
                object.entry(name).or_insert_with(|| to_value(value));
            }
            Value::Object(object)
        }
    }
}

/// The canonical form of a value: RFC 8785.
#[must_use]
pub fn canonical_json(value: &Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    write(&mut out, value);
    out
}

/// Integers up to here are doubles, and are written alike whichever they are.
const INTEGER_MAX: i64 = 1 << 53;

fn write(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => write_number(out, number),
        Value::String(text) => write_canonical_text(out, text),
        Value::Array(items) => {
            out.push(b'[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push(b',');
                }
                write(out, item);
            }
            out.push(b']');
        }
        Value::Object(members) => write_object(out, members),
    }
}

fn write_object(out: &mut Vec<u8>, members: &Map<String, Value>) {
    let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
    match sorted.iter().all(|(name, _)| name.is_ascii()) {
        true => sorted.sort_unstable_by_key(|(name, _)| *name),
        false => sorted.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16())),
    }
    out.push(b'{');
    for (position, (name, value)) in sorted.into_iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        write_canonical_text(out, name);
        out.push(b':');
        write(out, value);
    }
    out.push(b'}');
}

fn write_number(out: &mut Vec<u8>, number: &Number) {
    match number.as_i64() {
        Some(integer) if (-INTEGER_MAX..=INTEGER_MAX).contains(&integer) => {
            // Writing to memory cannot fail.
            let _ = write!(out, "{integer}");
        }
        // Only numbers that are not finite are refused, and a `Number` is none of them.
        _ => out.extend(serde_json_canonicalizer::to_vec(number).unwrap_or_default()),
    }
}

/// Writes a text as RFC 8785 has it: a JSON string with the fewest escapes.
pub fn write_canonical_text(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    let is_plain = |byte: &u8| *byte >= b' ' && *byte != b'"' && *byte != b'\\';
    while let Some(at) = rest.iter().position(|byte| !is_plain(byte)) {
        let (plain, escaped) = rest.split_at(at);
        out.extend_from_slice(plain);
        let Some((byte, after)) = escaped.split_first() else { break };
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\r' => out.extend_from_slice(b"\\r"),
            control => {
                // Writing to memory cannot fail.
                let _ = write!(out, "\\u{control:04x}");
            }
        }
        rest = after;
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

/// The SHA-256 of the canonical form, in hexadecimal.
#[must_use]
pub fn canonical_hash(value: &Value) -> String {
    let digest = Sha256::digest(canonical_json(value));
    HEXLOWER.encode(&digest)
}

#[cfg(test)]
mod tests {
    use tenon_source::{FileId, SourceFile};

    use super::*;

    fn value(path: &str, text: &str) -> Value {
        to_value(SourceFile::parse(FileId(0), path, text.as_bytes().to_vec()).0.tree.root())
    }

    fn canonical(text: &str) -> String {
        String::from_utf8(canonical_json(&value("a.json", text))).unwrap()
    }

    #[test]
    fn members_are_sorted_by_utf_16_units_and_strings_escaped_as_little_as_possible() {
        // The example of RFC 8785, section 3.2.3, and the escapes of 3.2.2.2.
        let text =
            r#"{"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7}"#;
        let sorted = "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u{fb33}\":3}";
        assert_eq!(canonical(text), sorted);
        assert_eq!(
            canonical(r#"["\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "\u2028"]"#),
            "[\"\\u000f\\nA'B\\\"\\\\\\\\\\\"/\",\"\u{2028}\"]"
        );
    }

    #[test]
    fn numbers_are_written_as_ecmascript_does() {
        // RFC 8785, section 3.2.2.3 and appendix B.
        let text = "[333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001, -0, 1.0, 100, 1e21, 1e20, 9007199254740993, 5e-324]";
        let written = "[333333333.3333333,1e+30,4.5,0.002,1e-27,0,1,100,1e+21,100000000000000000000,9007199254740992,5e-324]";
        assert_eq!(canonical(text), written);
    }

    #[test]
    fn it_is_what_the_reference_writes() {
        let texts = [
            "null",
            "[true, false, []]",
            r#"{"b": {"z": 1, "a": []}, "": "", "a": -0.0}"#,
            r#"["\u0000\u0007\b\t\n\u000b\f\r\u001f \"\\/\u007f\u2028😀"]"#,
            "[9007199254740992, -9007199254740992, 9007199254740993, -9007199254740993, 18446744073709551615]",
            "[0, -0, 1.0, 1e300, 0.1, -1.5e-7]",
            r#"{"é": 1, "z": 2, "\uffff": 3, "😀": 4}"#,
        ];
        for text in texts {
            let value: Value = serde_json::from_str(text).unwrap();
            let reference = serde_json_canonicalizer::to_vec(&value).unwrap();
            assert_eq!(canonical(text), String::from_utf8_lossy(&reference));
        }
    }

    #[test]
    fn one_value_has_one_hash_in_either_format_and_any_order() {
        let json = value("a.json", r#"{"b": [1, 2.50], "a": {"x": null}}"#);
        let yaml = value("a.yaml", "# a comment\na: {x: ~}\nb:\n- 0x1\n- +2.5\n");
        assert_eq!(canonical_hash(&json), canonical_hash(&yaml));
        assert_eq!(canonical_json(&json), br#"{"a":{"x":null},"b":[1,2.5]}"#);
        assert_ne!(canonical_hash(&json), canonical_hash(&value("a.json", "{}")));
    }

    #[test]
    fn the_hash_is_that_of_the_canonical_bytes() {
        // SHA-256 of the two bytes `{}`.
        let hash = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        assert_eq!(canonical_hash(&value("a.json", " { } ")), hash);
    }

    #[test]
    fn the_first_of_equal_members_counts_and_huge_numbers_stay_apart() {
        assert_eq!(canonical(r#"{"a": 1, "a": 2}"#), r#"{"a":1}"#);
        assert_eq!(canonical("[1e999, 2e999]"), r#"["1e999","2e999"]"#);
    }
}
