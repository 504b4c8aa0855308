//! `${name}` in texts, and marks such as `~any` in what is expected.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::model::duration_ms;
use crate::evidence::manifest::sha256;

/// What `${…}` stands for.
#[derive(Debug, Clone)]
pub struct Scope {
    /// Values of the scenario and captured ones.
    pub values: BTreeMap<String, Value>,
    /// What tells one run from another: ids made of it were not used before.
    pub run: String,
    /// The moment, in milliseconds since 1970.
    pub now_ms: i64,
}

impl Scope {
    /// A UUID that is the same for the same name in one run.
    #[must_use]
    pub fn uuid(&self, name: &str) -> String {
        let hash = sha256(format!("{}\n{name}", self.run).as_bytes());
        let part = |from: usize, to: usize| hash.get(from..to).unwrap_or_default();
        format!("{}-{}-4{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
    }

    fn look(&self, name: &str) -> Option<Value> {
        if let Some(value) = self.values.get(name) {
            return Some(value.clone());
        }
        if let Some(name) = name.strip_prefix("uuid:") {
            return Some(self.uuid(name).into());
        }
        match name {
            "run" => Some(self.run.clone().into()),
            _ => {
                let shift = name.strip_prefix("now")?;
                let ms = if shift.is_empty() { 0 } else { duration_ms(shift.trim_start_matches('+'))? };
                let at = jiff::Timestamp::from_millisecond(self.now_ms.checked_add(ms)?).ok()?;
                Some(at.to_string().into())
            }
        }
    }

    /// A text with every `${…}` filled in; one that is nothing else keeps the type of its value.
    ///
    /// # Errors
    /// The first name that has no value.
    pub fn fill_text(&self, text: &str) -> Result<Value, String> {
        if let Some(name) = alone(text) {
            return self.look(name).ok_or_else(|| name.to_owned());
        }
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, after)) = after.split_once('}') else { break };
            out.push_str(before);
            match self.look(name).ok_or_else(|| name.to_owned())? {
                Value::String(text) => out.push_str(&text),
                other => out.push_str(&other.to_string()),
            }
            rest = after;
        }
        out.push_str(rest);
        Ok(Value::String(out))
    }

    /// The same, as a text.
    ///
    /// # Errors
    /// The first name that has no value.
    pub fn fill_plain(&self, text: &str) -> Result<String, String> {
        Ok(plain(&self.fill_text(text)?))
    }

    /// A value with every text in it filled in.
    ///
    /// # Errors
    /// The first name that has no value.
    pub fn fill(&self, value: &Value) -> Result<Value, String> {
        Ok(match value {
            Value::String(text) => self.fill_text(text)?,
            Value::Array(items) => {
                Value::Array(items.iter().map(|item| self.fill(item)).collect::<Result<_, _>>()?)
            }
            Value::Object(members) => {
                let filled = members.iter().map(|(name, value)| Ok((name.clone(), self.fill(value)?)));
                Value::Object(filled.collect::<Result<Map<_, _>, String>>()?)
            }
            other => other.clone(),
        })
    }
}

/// A value as it stands in a path, query or header field.
#[must_use]
pub fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The name, where a text is one `${name}` and nothing else.
fn alone(text: &str) -> Option<&str> {
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    (!name.contains("${") && !name.contains('}')).then_some(name)
}

/// Every name a value refers to.
pub fn names_in<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => names_of(text, found),
        Value::Array(items) => items.iter().for_each(|item| names_in(item, found)),
        Value::Object(members) => members.values().for_each(|value| names_in(value, found)),
        _ => {}
    }
}

/// Every name a text refers to.
pub fn names_of<'v>(text: &'v str, found: &mut Vec<&'v str>) {
    let parts = text.split("${").skip(1);
    found.extend(parts.filter_map(|part| part.split_once('}').map(|(name, _)| name)));
}

/// Whether a name always has a value.
#[must_use]
pub fn is_built_in(name: &str) -> bool {
    let moment = name.strip_prefix("now");
    let shifted = |shift: &str| {
        let sign = shift.strip_prefix('+').or_else(|| shift.starts_with('-').then_some(shift));
        sign.and_then(duration_ms).is_some()
    };
    name == "run"
        || name.starts_with("uuid:")
        || moment.is_some_and(|shift| shift.is_empty() || shifted(shift))
}

/// What a mark such as `~uuid` says of a value; `None` where the text is no mark.
#[must_use]
pub fn marked(mark: &str, value: Option<&Value>) -> Option<bool> {
    let name = mark.strip_prefix('~')?;
    let text = value.and_then(Value::as_str);
    if let Some(pattern) = name.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
        let pattern = regex::Regex::new(pattern).ok();
        return Some(pattern.is_some_and(|pattern| text.is_some_and(|text| pattern.is_match(text))));
    }
    Some(match name {
        "any" => value.is_some(),
        "absent" => value.is_none(),
        "string" => text.is_some(),
        "number" => value.is_some_and(Value::is_number),
        "boolean" => value.is_some_and(Value::is_boolean),
        "array" => value.is_some_and(Value::is_array),
        "object" => value.is_some_and(Value::is_object),
        "uuid" => text.is_some_and(is_uuid),
        "date-time" => text.is_some_and(|text| text.parse::<jiff::Timestamp>().is_ok()),
        _ => return None,
    })
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn scope() -> Scope {
        let values = [("id".to_owned(), json!("d-1")), ("count".to_owned(), json!(3))];
        Scope { values: values.into(), run: "r".into(), now_ms: 1_771_200_000_000 }
    }

    #[test]
    fn names_are_filled_in_and_keep_their_type() {
        let filled = scope().fill(&json!({"a": "${count}", "b": ["x-${id}-${count}"], "c": "${now+1d}"}));
        let expected = json!({"a": 3, "b": ["x-d-1-3"], "c": "2026-02-17T00:00:00Z"});
        assert_eq!(filled, Ok(expected));
        assert_eq!(scope().fill(&json!("${nobody}")), Err("nobody".to_owned()));
    }

    #[test]
    fn uuids_are_the_same_in_one_run_and_others_in_another() {
        let one = scope();
        assert!(is_uuid(&one.uuid("a")));
        assert_eq!(one.uuid("a"), scope().uuid("a"));
        assert_ne!(one.uuid("a"), one.uuid("b"));
        assert_ne!(one.uuid("a"), Scope { run: "s".into(), ..scope() }.uuid("a"));
    }

    #[test]
    fn marks_say_what_values_are() {
        let found = |mark: &str, value: Value| marked(mark, Some(&value));
        assert_eq!(found("~date-time", json!("2026-02-17T00:00:00Z")), Some(true));
        assert_eq!(found("~/^d-/", json!("d-1")), Some(true));
        assert_eq!(found("~number", json!("1")), Some(false));
        assert_eq!(marked("~absent", None), Some(true));
        assert_eq!(found("plain", json!("plain")), None);
    }
}
