//! Values of a tree as `serde_json` values, for schemas and for cold paths.

use serde_json::{Map, Number, Value};
use tenon_source::{Kind, Node};

/// A copy of a value. Numbers that no double holds become `null`; the readers have said so.
pub(crate) fn to_value(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => Value::Bool(node.as_bool().unwrap_or_default()),
        Kind::Number => number(node).map_or(Value::Null, Value::Number),
        Kind::String => Value::String(node.as_str().unwrap_or_default().to_owned()),
        Kind::Array => node.items().map(to_value).collect(),
        Kind::Object => {
            let mut object = Map::with_capacity(node.len());
            for (name, value) in node.members() {
                object.insert(name.to_owned(), to_value(value));
            }
            Value::Object(object)
        }
    }
}

/// A number as `serde_json` holds it.
pub(crate) fn number(node: Node<'_>) -> Option<Number> {
    node.number_text()?.parse().ok()
}
