//! The little of jq that the seed's scripts lean on: reading, indexing, iterating and printing.

use serde_json::{Deserializer, Number, Value};

/// jq could not apply a filter to a value; the shell sees exit status [`EXIT_FILTER`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refused;

/// jq's exit status when a filter does not fit a value.
pub(super) const EXIT_FILTER: u8 = 5;
/// jq's exit status when the input does not parse.
pub(super) const EXIT_PARSE: u8 = 4;

/// The JSON texts of a file, and whether something after them does not parse.
pub(super) struct Documents {
    values: Vec<Value>,
    broken: bool,
}

/// What one call of jq over a file gave: what each text printed, and jq's exit status.
pub(super) struct Run<T> {
    pub(super) printed: Vec<T>,
    pub(super) exit: u8,
}

impl Documents {
    pub(super) fn parse(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut documents = Self { values: Vec::new(), broken: false };
        for value in Deserializer::from_str(text).into_iter::<Value>() {
            match value {
                Ok(value) => documents.values.push(value),
                Err(_) => documents.broken = true,
            }
        }
        documents
    }

    /// Runs a filter over every text: what it prints before it refuses counts.
    pub(super) fn run<'d, T>(
        &'d self,
        filter: impl Fn(&'d Value, &mut Vec<T>) -> Result<(), Refused>,
    ) -> Run<T> {
        let mut printed = Vec::new();
        let mut exit = 0;
        for value in &self.values {
            exit = match filter(value, &mut printed) {
                Ok(()) => 0,
                Err(Refused) => EXIT_FILTER,
            };
        }
        Run { printed, exit: if self.broken { EXIT_PARSE } else { exit } }
    }
}

/// `.name`: null has every member as null, other values than objects have none.
pub(super) fn index<'v>(value: &'v Value, name: &str) -> Result<&'v Value, Refused> {
    match value {
        Value::Object(members) => Ok(members.get(name).unwrap_or(&Value::Null)),
        Value::Null => Ok(&Value::Null),
        _ => Err(Refused),
    }
}

/// `.[]`: the items of an array, the values of an object.
pub(super) fn iterate(value: &Value) -> Result<Vec<&Value>, Refused> {
    match value {
        Value::Array(items) => Ok(items.iter().collect()),
        Value::Object(members) => Ok(members.values().collect()),
        _ => Err(Refused),
    }
}

/// What jq takes for true: all but `false` and `null`.
pub(super) fn is_truthy(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}

/// `length` as jq prints it.
pub(super) fn length(value: &Value) -> Result<String, Refused> {
    Ok(match value {
        Value::Null => "0".to_owned(),
        Value::Array(items) => items.len().to_string(),
        Value::Object(members) => members.len().to_string(),
        Value::String(text) => text.chars().count().to_string(),
        Value::Number(number) => number_text(number).trim_start_matches('-').to_owned(),
        Value::Bool(_) => return Err(Refused),
    })
}

/// `$(jq -r …)`: strings as they are, the rest indented, without the newlines at the end.
pub(super) fn raw(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::String(text) => out.push_str(text),
        other => write(other, Some(0), &mut out),
    }
    substituted(&out)
}

/// `$(jq -r '… // empty')`: nothing for `false` and `null`.
pub(super) fn raw_or_empty(value: &Value) -> String {
    if is_truthy(value) { raw(value) } else { String::new() }
}

/// `"\(…)"`: strings as they are, the rest on one line.
pub(super) fn interpolated(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => {
            let mut out = String::new();
            write(other, None, &mut out);
            out
        }
    }
}

/// What the shell keeps of a command's output.
pub(super) fn substituted(text: &str) -> String {
    text.trim_end_matches('\n').replace('\0', "")
}

/// Writes JSON as jq does: `indent` levels deep over lines, or on one line.
fn write(value: &Value, indent: Option<usize>, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number_text(number)),
        Value::String(text) => write_string(text, out),
        Value::Array(items) => {
            write_children(items.iter().map(|item| (None, item)), items.is_empty(), ['[', ']'], indent, out);
        }
        Value::Object(members) => {
            let children = members.iter().map(|(name, value)| (Some(name.as_str()), value));
            write_children(children, members.is_empty(), ['{', '}'], indent, out);
        }
    }
}

fn write_children<'v>(
    children: impl Iterator<Item = (Option<&'v str>, &'v Value)>,
    is_empty: bool,
    [open, close]: [char; 2],
    indent: Option<usize>,
    out: &mut String,
) {
    let line = |levels: usize, out: &mut String| {
        if indent.is_some() {
            out.push('\n');
            out.push_str(&"  ".repeat(levels));
        }
    };
    let level = indent.unwrap_or(0);
    out.push(open);
    for (position, (name, value)) in children.enumerate() {
        if position > 0 {
            out.push(',');
        }
        line(level + 1, out);
        if let Some(name) = name {
            write_string(name, out);
            out.push_str(if indent.is_some() { ": " } else { ":" });
        }
        write(value, indent.map(|level| level + 1), out);
    }
    if !is_empty {
        line(level, out);
    }
    out.push(close);
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if c < ' ' || c == '\u{7f}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// jq 1.6 keeps numbers as doubles and prints their shortest digits; exponents have two digits.
fn number_text(number: &Number) -> String {
    let value = number.as_f64().unwrap_or(0.0);
    let scientific = format!("{value:e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits = mantissa.chars().filter(char::is_ascii_digit).count();
    let plain_from = -4;
    let plain_to = i32::try_from(digits).unwrap_or(i32::MAX).saturating_add(14);
    if (plain_from..=plain_to).contains(&exponent) {
        return format!("{value}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The right sides were printed by jq 1.6.
    #[test]
    fn numbers_print_as_jq_prints_them() {
        let cases = [
            ("1.0", "1"),
            ("1e3", "1000"),
            ("-0", "-0"),
            ("100000000000000000000", "1e+20"),
            ("0.1", "0.1"),
            ("1e-7", "1e-07"),
            ("1.5e300", "1.5e+300"),
            ("123456789012345678", "123456789012345680"),
            ("1e16", "1e+16"),
            ("12345678901234567", "12345678901234568"),
            ("0.0001", "0.0001"),
            ("0.00001", "1e-05"),
            ("0.000012345", "1.2345e-05"),
        ];
        for (text, expected) in cases {
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(raw(&value), expected, "{text}");
        }
    }

    #[test]
    fn values_print_as_jq_prints_them() {
        let value: Value = serde_json::from_str(r#"{"a":[1,{"b":[]},{}],"c":"x\u007f\"\n"}"#).unwrap();
        assert_eq!(interpolated(&value), "{\"a\":[1,{\"b\":[]},{}],\"c\":\"x\\u007f\\\"\\n\"}");
        let indented = "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    },\n    {}\n  ],\n  \"c\": \"x\\u007f\\\"\\n\"\n}";
        assert_eq!(raw(&value), indented);
        assert_eq!(raw(&Value::String("a\0b\n\n".to_owned())), "ab");
        assert_eq!(raw_or_empty(&Value::Bool(false)), "");
    }

    #[test]
    fn texts_before_a_mistake_count() {
        let documents = Documents::parse("{\"a\":1} {\"a\":2} x");
        let run = documents.run(|value, printed| {
            printed.push(interpolated(index(value, "a")?));
            Ok(())
        });
        assert_eq!((run.printed, run.exit), (vec!["1".to_owned(), "2".to_owned()], EXIT_PARSE));
    }
}
