//! Words for values, types and choices.

use serde_json::Value;
use tenon_source::{Kind, Node, nearest};

/// Most choices a message lists, a count.
const CHOICES_MAX: usize = 6;

/// Longest text of a value in a message, in characters.
const TEXT_CHARACTERS_MAX: usize = 48;

/// A type with its article.
pub(crate) fn a_type(name: &str) -> &'static str {
    match name {
        "string" => "a string",
        "integer" => "an integer",
        "number" => "a number",
        "boolean" => "a boolean",
        "array" => "an array",
        "object" => "an object",
        _ => "null",
    }
}

/// A value in a few words: scalars as they are, containers by their type.
pub(crate) fn describe(node: Node<'_>) -> String {
    match node.kind() {
        Kind::Null => "null".to_owned(),
        Kind::Bool => node.as_bool().unwrap_or_default().to_string(),
        Kind::Number => shortened(node.number_text().unwrap_or_default()),
        Kind::String => format!("\"{}\"", shortened(node.as_str().unwrap_or_default())),
        Kind::Array => "an array".to_owned(),
        Kind::Object => "an object".to_owned(),
    }
}

fn shortened(text: &str) -> String {
    let line = text.replace(['\n', '\r', '\t'], " ");
    match line.char_indices().nth(TEXT_CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

/// A value of a schema as JSON, shortened.
pub(crate) fn number_text(value: &Value) -> String {
    match value {
        Value::String(text) => format!("\"{}\"", shortened(text)),
        other => shortened(&other.to_string()),
    }
}

/// `a`, `a or b`, `a, b or c`.
pub(crate) fn any_of<T: AsRef<str>>(names: &[T]) -> String {
    match names {
        [] => "nothing".to_owned(),
        [only] => only.as_ref().to_owned(),
        [front @ .., last] => {
            let front: Vec<&str> = front.iter().map(AsRef::as_ref).collect();
            format!("{} or {}", front.join(", "), last.as_ref())
        }
    }
}

/// The choices of an `enum`; the one that looks like what was written comes first.
pub(crate) fn listed(options: &[Value], found: Option<&str>) -> String {
    if let Some(near) = found.and_then(|found| nearest(found, options.iter().filter_map(Value::as_str))) {
        return match options.len() {
            1 => format!("\"{near}\""),
            count => format!("\"{near}\" or another of {count} values"),
        };
    }
    let texts: Vec<String> = options.iter().take(CHOICES_MAX).map(number_text).collect();
    match options.len().saturating_sub(CHOICES_MAX) {
        0 => any_of(&texts),
        more => format!("one of {} and {more} more", texts.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_listed_up_to_a_limit() {
        let options: Vec<Value> = (0..9).map(Value::from).collect();
        assert_eq!(listed(&options, None), "one of 0, 1, 2, 3, 4, 5 and 3 more");
        let options: Vec<Value> = ["active", "closed"].map(Value::from).to_vec();
        assert_eq!(listed(&options, Some("actve")), "\"active\" or another of 2 values");
    }
}
