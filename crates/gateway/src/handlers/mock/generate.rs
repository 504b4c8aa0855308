//! Values made from schemas: small, typical, and always the same.

use serde_json::{Map, Number, Value, json};
use tenon_schemas::Key;
use tenon_source::{At, Node};

use crate::plan::Plan;

/// How deep values are made, in levels: recursive schemas end here.
const DEPTH_MAX: usize = 12;

/// Longest text or list that is made to reach a minimum, a count.
const LENGTH_MAX: usize = 1_000;

/// A value that fits a schema, as far as one can be made from its keywords.
pub(super) fn value(plan: &Plan, key: Key) -> Value {
    Generator { plan }.make(key.at, DEPTH_MAX)
}

struct Generator<'p> {
    plan: &'p Plan,
}

impl Generator<'_> {
    fn make(&self, at: At, depth: usize) -> Value {
        let at = self.plan.graph.follow(at);
        let schema = self.plan.graph.node(at);
        if let Some(given) = given(schema) {
            return given;
        }
        let below = |node: Node<'_>| At { file: at.file, node: node.id() };
        if let Some(parts) = schema.get("allOf") {
            let mut all = self.typed(schema, at, depth);
            for part in parts.items() {
                all = laid_over(all, self.make(below(part), depth.saturating_sub(1)));
            }
            return all;
        }
        let choices = ["oneOf", "anyOf"].iter().find_map(|word| schema.get(word));
        if let Some(first) = choices.and_then(|choices| choices.items().next()) {
            let chosen = self.make(below(first), depth.saturating_sub(1));
            return match schema.get("properties") {
                Some(_) => laid_over(self.typed(schema, at, depth), chosen),
                None => chosen,
            };
        }
        self.typed(schema, at, depth)
    }

    fn typed(&self, schema: Node<'_>, at: At, depth: usize) -> Value {
        let below = |node: Node<'_>| At { file: at.file, node: node.id() };
        match kind(schema) {
            "object" => {
                let mut members = Map::new();
                let required: Vec<&str> = schema
                    .get("required")
                    .into_iter()
                    .flat_map(Node::items)
                    .filter_map(Node::as_str)
                    .collect();
                for (name, property) in schema.get("properties").into_iter().flat_map(Node::members) {
                    if depth > 0 || required.contains(&name) {
                        members.insert(name.to_owned(), self.make(below(property), depth.saturating_sub(1)));
                    }
                }
                for name in required {
                    members.entry(name).or_insert_with(|| json!("string"));
                }
                Value::Object(members)
            }
            "array" => {
                let least = schema
                    .get("minItems")
                    .and_then(Node::as_i64)
                    .and_then(|least| usize::try_from(least).ok());
                let count = least.unwrap_or(1).min(LENGTH_MAX);
                let count = if depth == 0 { least.unwrap_or(0).min(LENGTH_MAX) } else { count };
                match schema.get("items") {
                    Some(items) => {
                        let item = self.make(below(items), depth.saturating_sub(1));
                        Value::Array(vec![item; count])
                    }
                    None => Value::Array(Vec::new()),
                }
            }
            "integer" | "number" => number(schema),
            "boolean" => Value::Bool(true),
            "null" => Value::Null,
            _ => text(schema),
        }
    }
}

/// A value the schema gives itself.
fn given(schema: Node<'_>) -> Option<Value> {
    let first = |word: &str| schema.get(word).and_then(|list| list.items().next());
    let found = schema.get("const").or_else(|| schema.get("example")).or_else(|| first("examples"));
    let found = found.or_else(|| schema.get("default")).or_else(|| first("enum"));
    found.map(tenon_graph::to_value)
}

fn kind(schema: Node<'_>) -> &str {
    let named = schema.get("type").and_then(|kind| {
        kind.as_str().or_else(|| kind.items().filter_map(Node::as_str).find(|kind| *kind != "null"))
    });
    let implied = || {
        let words =
            [("properties", "object"), ("required", "object"), ("items", "array"), ("minimum", "number")];
        words.iter().find(|(word, _)| schema.get(word).is_some()).map_or("string", |(_, kind)| kind)
    };
    named.unwrap_or_else(implied)
}

fn number(schema: Node<'_>) -> Value {
    let bound = |word: &str| schema.get(word).and_then(Node::as_f64);
    let over = bound("exclusiveMinimum").map(|bound| bound + 1.0);
    let least = bound("minimum").or(over);
    let under = bound("exclusiveMaximum").map(|bound| bound - 1.0);
    let most = bound("maximum").or(under);
    let mut value = least.unwrap_or(1.0);
    if let Some(most) = most {
        value = value.min(most);
    }
    if let Some(step) = bound("multipleOf").filter(|step| *step > 0.0) {
        value = (value / step).ceil() * step;
    }
    if value.fract() == 0.0 && value.abs() < 9e15 {
        return Value::from(value as i64);
    }
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

fn text(schema: Node<'_>) -> Value {
    let made = match schema.get_str("format").unwrap_or_default() {
        "date-time" => "2026-01-01T00:00:00Z",
        "date" => "2026-01-01",
        "time" => "00:00:00Z",
        "duration" => "PT1M",
        "uuid" => "00000000-0000-4000-8000-000000000000",
        "email" | "idn-email" => "user@example.com",
        "hostname" | "idn-hostname" => "example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "uri" | "iri" | "url" => "https://example.com/",
        "uri-reference" | "iri-reference" => "/",
        "json-pointer" => "",
        "byte" => "c3RyaW5n",
        _ => "string",
    };
    let length =
        |word: &str| schema.get(word).and_then(Node::as_i64).and_then(|length| usize::try_from(length).ok());
    let mut made = made.to_owned();
    let least = length("minLength").unwrap_or_default().min(LENGTH_MAX);
    while made.chars().count() < least {
        made.push('x');
    }
    if let Some(most) = length("maxLength") {
        made = made.chars().take(most).collect();
    }
    Value::String(made)
}

fn laid_over(below: Value, above: Value) -> Value {
    match (below, above) {
        (Value::Object(mut below), Value::Object(above)) => {
            below.extend(above);
            Value::Object(below)
        }
        (_, above) => above,
    }
}
