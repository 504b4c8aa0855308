//! What came back beside what was expected: every difference with its place.

use serde_json::{Map, Value, json};

use super::text::marked;

/// Differences told of one answer, a count: past this it is another answer altogether.
const PROBLEMS_MAX: usize = 20;

/// One thing that is not as expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// What it is about: `status`, `code`, `body`, `header`, `schema`, `event`, `replay`, `request`.
    pub what: &'static str,
    /// Where in it: a JSON pointer, or a name.
    pub place: String,
    /// What was expected.
    pub expected: Option<Value>,
    /// What was there.
    pub got: Option<Value>,
    /// The two in a sentence.
    pub message: String,
}

impl Problem {
    /// A difference.
    #[must_use]
    pub fn new(what: &'static str, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { what, place: place.into(), expected: None, got: None, message: message.into() }
    }

    /// With the two values.
    #[must_use]
    pub fn between(mut self, expected: Option<Value>, got: Option<Value>) -> Self {
        self.expected = expected;
        self.got = got;
        self
    }

    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut out = Map::new();
        out.insert("what".to_owned(), json!(self.what));
        out.insert("place".to_owned(), json!(self.place));
        out.insert("message".to_owned(), json!(self.message));
        let mut value = |name: &str, value: &Option<Value>| {
            out.insert(name.to_owned(), value.clone().unwrap_or(Value::Null));
        };
        value("expected", &self.expected);
        value("got", &self.got);
        Value::Object(out)
    }
}

/// How much of a value is held to what is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Whole,
    /// The members that are named; lists have as many items.
    Named,
}

/// Every difference between two values. A text such as `~uuid` stands for all values of a kind.
#[must_use]
pub fn differences(what: &'static str, extent: Extent, expected: &Value, got: &Value) -> Vec<Problem> {
    let mut walk = Walk { what, extent, problems: Vec::new() };
    walk.value(String::new(), expected, Some(got));
    walk.problems.truncate(PROBLEMS_MAX);
    walk.problems
}

struct Walk {
    what: &'static str,
    extent: Extent,
    problems: Vec<Problem>,
}

impl Walk {
    fn value(&mut self, place: String, expected: &Value, got: Option<&Value>) {
        if self.problems.len() >= PROBLEMS_MAX {
            return;
        }
        if let Some(holds) = expected.as_str().and_then(|mark| marked(mark, got)) {
            if !holds {
                self.differs(place, expected, got);
            }
            return;
        }
        match (expected, got) {
            (Value::Object(wanted), Some(Value::Object(found))) => self.object(&place, wanted, found),
            (Value::Array(wanted), Some(Value::Array(found))) => self.array(&place, wanted, found),
            (wanted, Some(found)) if same(wanted, found) => {}
            _ => self.differs(place, expected, got),
        }
    }

    fn object(&mut self, place: &str, wanted: &Map<String, Value>, found: &Map<String, Value>) {
        for (name, expected) in wanted {
            let below = format!("{place}/{}", tenon_source::escape_token(name));
            self.value(below, expected, found.get(name));
        }
        if self.extent == Extent::Named {
            return;
        }
        for (name, got) in found.iter().filter(|(name, _)| !wanted.contains_key(*name)) {
            let below = format!("{place}/{}", tenon_source::escape_token(name));
            let problem = Problem::new(self.what, below, "is not expected");
            self.problems.push(problem.between(None, Some(got.clone())));
        }
    }

    fn array(&mut self, place: &str, wanted: &[Value], found: &[Value]) {
        if wanted.len() != found.len() {
            let message = format!("has {} items, not {}", found.len(), wanted.len());
            let both = (Value::Array(wanted.to_vec()), Value::Array(found.to_vec()));
            let problem = Problem::new(self.what, place, message);
            self.problems.push(problem.between(Some(both.0), Some(both.1)));
            return;
        }
        for (index, (expected, got)) in wanted.iter().zip(found).enumerate() {
            self.value(format!("{place}/{index}"), expected, Some(got));
        }
    }

    fn differs(&mut self, place: String, expected: &Value, got: Option<&Value>) {
        let message = match got {
            Some(got) => format!("is {got}, not {expected}"),
            None => format!("is missing; it should be {expected}"),
        };
        let problem = Problem::new(self.what, place, message);
        self.problems.push(problem.between(Some(expected.clone()), got.cloned()));
    }
}

/// Whether two scalars are the same; `1` and `1.0` are.
fn same(one: &Value, other: &Value) -> bool {
    one == other || one.as_f64().zip(other.as_f64()).is_some_and(|(one, other)| one == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(extent: Extent, expected: &Value, got: &Value) -> Vec<String> {
        let found = differences("body", extent, expected, got);
        found.iter().map(|one| format!("{} {}", one.place, one.message)).collect()
    }

    #[test]
    fn differences_have_their_places() {
        let got = json!({"a": 1, "b": {"c": "x", "d": [1, 2]}, "e": null});
        assert!(told(Extent::Named, &json!({"a": 1.0, "b": {"d": [1, "~number"]}}), &got).is_empty());
        assert_eq!(
            told(Extent::Named, &json!({"b": {"c": "y", "d": [1]}, "f": 1, "e": "~absent"}), &got),
            [
                "/b/c is \"x\", not \"y\"",
                "/b/d has 2 items, not 1",
                "/f is missing; it should be 1",
                "/e is null, not \"~absent\""
            ]
        );
        assert_eq!(told(Extent::Whole, &json!({"a": 1, "e": null}), &got), ["/b is not expected"]);
    }
}
