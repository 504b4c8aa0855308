//! Words for values, types and choices.

use serde_json::Value;
use tenon_source::{Kind, Node};

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
    let mut texts: Vec<String> = options.iter().take(CHOICES_MAX).map(number_text).collect();
    if options.len() > CHOICES_MAX {
        texts.push(format!("{} more", options.len() - CHOICES_MAX));
    }
    match texts.as_slice() {
        [only] => only.clone(),
        _ => format!("one of {}", any_of(&texts)),
    }
}

/// The candidate a name was probably meant to be: at most a third of its characters differ.
#[must_use]
pub fn nearest<'c>(name: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let limit = (name.chars().count().max(3)) / 3;
    let near = candidates.filter(|candidate| *candidate != name).filter_map(|candidate| {
        let distance = distance(&name.to_lowercase(), &candidate.to_lowercase(), limit)?;
        Some((distance, candidate))
    });
    near.min().map(|(_, candidate)| candidate)
}

/// Edits between two texts, neighbours swapped counting once; `None` above `limit`.
fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX - 1);
            let same = at(&last, j) + usize::from(x != y);
            let mut least = same.min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|distance| *distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_finds_slips_of_the_finger() {
        let names = ["description", "summary", "operationId"];
        assert_eq!(nearest("descripton", names.into_iter()), Some("description"));
        assert_eq!(nearest("operationID", names.into_iter()), Some("operationId"));
        assert_eq!(nearest("smumary", names.into_iter()), Some("summary"));
        assert_eq!(nearest("tags", names.into_iter()), None);
    }

    #[test]
    fn choices_are_listed_up_to_a_limit() {
        let options: Vec<Value> = (0..9).map(Value::from).collect();
        assert_eq!(listed(&options, None), "one of 0, 1, 2, 3, 4, 5 or 3 more");
        let options: Vec<Value> = ["active", "closed"].map(Value::from).to_vec();
        assert_eq!(listed(&options, Some("actve")), "\"active\" or another of 2 values");
    }
}
