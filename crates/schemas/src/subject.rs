//! What is validated: a value where it stands in a document, or one that stands in none.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{JsonNumber, NodeIdentity};
use serde_json::{Number, Value};
use tenon_source::{Items, Kind, Members, Node};

use crate::value::to_value;

/// A value under validation. Both forms are read where they are: nothing is copied.
#[derive(Clone, Copy)]
pub(crate) enum Subject<'a> {
    /// A value of a document.
    Node(Node<'a>),
    /// A value a program made.
    Value(&'a Value),
}

/// The very same value, not an equal one.
impl PartialEq for Subject<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Node(one), Self::Node(other)) => one == other,
            (Self::Value(one), Self::Value(other)) => std::ptr::eq(*one, *other),
            _ => false,
        }
    }
}

impl<'a> Subject<'a> {
    pub(crate) fn kind(self) -> JsonType {
        match self {
            Self::Node(node) => match node.kind() {
                Kind::Null => JsonType::Null,
                Kind::Bool => JsonType::Boolean,
                Kind::Number => JsonType::Number,
                Kind::String => JsonType::String,
                Kind::Array => JsonType::Array,
                Kind::Object => JsonType::Object,
            },
            Self::Value(value) => match value {
                Value::Null => JsonType::Null,
                Value::Bool(_) => JsonType::Boolean,
                Value::Number(_) => JsonType::Number,
                Value::String(_) => JsonType::String,
                Value::Array(_) => JsonType::Array,
                Value::Object(_) => JsonType::Object,
            },
        }
    }

    pub(crate) fn as_str(self) -> Option<&'a str> {
        match self {
            Self::Node(node) => node.as_str(),
            Self::Value(value) => value.as_str(),
        }
    }

    pub(crate) fn as_bool(self) -> Option<bool> {
        match self {
            Self::Node(node) => node.as_bool(),
            Self::Value(value) => value.as_bool(),
        }
    }

    pub(crate) fn as_number(self) -> Option<NumberOf<'a>> {
        match self {
            Self::Node(node) => node.number_text().map(NumberOf::Text),
            Self::Value(value) => value.as_number().map(NumberOf::Number),
        }
    }

    pub(crate) fn len(self) -> usize {
        match self {
            Self::Node(node) => node.len(),
            Self::Value(Value::Object(members)) => members.len(),
            Self::Value(Value::Array(items)) => items.len(),
            Self::Value(_) => 0,
        }
    }

    pub(crate) fn get(self, key: &str) -> Option<Self> {
        match self {
            Self::Node(node) => node.get(key).map(Self::Node),
            Self::Value(value) => value.get(key).map(Self::Value),
        }
    }

    pub(crate) fn members(self) -> MembersOf<'a> {
        match self {
            Self::Node(node) => MembersOf::Nodes(node.members()),
            Self::Value(value) => MembersOf::Values(value.as_object().map(serde_json::Map::iter)),
        }
    }

    pub(crate) fn items(self) -> ItemsOf<'a> {
        match self {
            Self::Node(node) => ItemsOf::Nodes(node.items()),
            Self::Value(value) => {
                ItemsOf::Values(value.as_array().map(Vec::as_slice).unwrap_or_default().iter())
            }
        }
    }

    pub(crate) fn to_value(self) -> Cow<'a, Value> {
        match self {
            Self::Node(node) => Cow::Owned(to_value(node)),
            Self::Value(value) => Cow::Borrowed(value),
        }
    }

    pub(crate) fn identity(self) -> NodeIdentity {
        match self {
            Self::Node(node) => {
                NodeIdentity::tagged(std::ptr::from_ref(node.tree()).addr(), node.id().index())
            }
            Self::Value(value) => NodeIdentity::new(std::ptr::from_ref(value).addr()),
        }
    }

    /// Whether it equals another as JSON Schema compares: numbers by value, members in any order.
    pub(crate) fn equals(self, expected: &Value) -> bool {
        match expected {
            Value::Null => self.kind() == JsonType::Null,
            Value::Bool(expected) => self.as_bool() == Some(*expected),
            Value::String(expected) => self.as_str() == Some(expected),
            Value::Number(expected) => {
                self.as_number().is_some_and(|number| jsonschema::json::cmp::equal_numbers(&number, expected))
            }
            Value::Array(expected) => {
                self.kind() == JsonType::Array
                    && self.len() == expected.len()
                    && self.items().zip(expected).all(|(item, expected)| item.equals(expected))
            }
            Value::Object(expected) => {
                self.kind() == JsonType::Object
                    && self.len() == expected.len()
                    && self.members().all(|(name, value)| {
                        expected.get(name).is_some_and(|expected| value.equals(expected))
                    })
            }
        }
    }
}

/// The members of an object.
pub(crate) enum MembersOf<'a> {
    Nodes(Members<'a>),
    Values(Option<serde_json::map::Iter<'a>>),
}

impl<'a> Iterator for MembersOf<'a> {
    type Item = (&'a str, Subject<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Nodes(members) => members.next().map(|(name, node)| (name, Subject::Node(node))),
            Self::Values(members) => {
                members.as_mut()?.next().map(|(name, value)| (name.as_str(), Subject::Value(value)))
            }
        }
    }
}

/// The items of an array.
pub(crate) enum ItemsOf<'a> {
    Nodes(Items<'a>),
    Values(std::slice::Iter<'a, Value>),
}

impl<'a> Iterator for ItemsOf<'a> {
    type Item = Subject<'a>;

    fn next(&mut self) -> Option<Subject<'a>> {
        match self {
            Self::Nodes(items) => items.next().map(Subject::Node),
            Self::Values(items) => items.next().map(Subject::Value),
        }
    }
}

/// A number as it is written, or as a program holds it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum NumberOf<'a> {
    Text(&'a str),
    Number(&'a Number),
}

impl JsonNumber for NumberOf<'_> {
    fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Text(text) => text.parse().ok(),
            Self::Number(number) => number.as_u64(),
        }
    }

    fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Text(text) => text.parse().ok(),
            Self::Number(number) => number.as_i64(),
        }
    }

    fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Text(text) => text.parse().ok().filter(|number: &f64| number.is_finite()),
            Self::Number(number) => number.as_f64(),
        }
    }

    fn as_str(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number.to_string()),
        }
    }

    fn to_number(&self) -> Cow<'_, Number> {
        match self {
            Self::Text(text) => Cow::Owned(text.parse().unwrap_or_else(|_| Number::from(0))),
            Self::Number(number) => Cow::Borrowed(number),
        }
    }

    fn is_integer(&self) -> bool {
        let whole = || self.as_f64().is_some_and(|number| number.fract() == 0.0);
        match self {
            Self::Text(text) => !text.contains(['.', 'e', 'E']) || whole(),
            Self::Number(number) => !number.is_f64() || whole(),
        }
    }

    fn is_written_as_integer(&self) -> bool {
        match self {
            Self::Text(text) => !text.contains(['.', 'e', 'E']),
            Self::Number(number) => number.is_written_as_integer(),
        }
    }
}
