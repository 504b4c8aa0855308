//! Instances are validated where they stand: the validator walks the span tree itself, so a
//! failure is a value with a place and nothing is copied.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node as JsonNode, NodeIdentity, Object};
use serde_json::{Number, Value};
use tenon_source::{Items, Kind, Members, Node};

use crate::reference::{Frame, References};
use crate::value::to_value;

/// The span tree as a JSON representation of the validator.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SpanJson;

/// A value under validation: a value of a tree, or a member name by itself.
#[derive(Clone, Copy)]
pub(crate) enum Instance<'a> {
    /// A value of a tree, with what references of its schema lead to.
    Value {
        /// The value.
        node: Node<'a>,
        /// The schemas that references lead to; none for schemas without lazy references.
        references: Option<&'a dyn References>,
        /// The lazy references being followed now, innermost first.
        frames: Option<&'a Frame<'a>>,
    },
    /// A member name, for `propertyNames`.
    Name(&'a str),
}

impl<'a> Instance<'a> {
    /// A value whose schema has no lazy references.
    pub(crate) fn plain(node: Node<'a>) -> Self {
        Self::Value { node, references: None, frames: None }
    }

    fn tree_node(&self) -> Option<Node<'a>> {
        match self {
            Self::Value { node, .. } => Some(*node),
            Self::Name(_) => None,
        }
    }

    fn with(&self, node: Node<'a>) -> Self {
        match self {
            Self::Value { references, frames, .. } => {
                Self::Value { node, references: *references, frames: *frames }
            }
            Self::Name(_) => Self::plain(node),
        }
    }
}

impl Json for SpanJson {
    type Node<'a> = Instance<'a>;
    type PreparedKey = Box<str>;
    type StringBuffer = String;

    // A lookup in a narrow object compares a handful of names; in a wide one it is a search in a
    // sorted index. A pass over the members costs about as much as four lookups save.
    const KEYS_PER_LOOKUP: usize = 4;

    fn prepare_key(key: &str) -> Box<str> {
        key.into()
    }

    fn with_string_node<T>(buffer: &mut String, string: &str, f: impl FnOnce(Instance<'_>) -> T) -> T {
        buffer.clear();
        buffer.push_str(string);
        f(Instance::Name(buffer))
    }
}

impl<'a> JsonNode<'a, SpanJson> for Instance<'a> {
    type Object = Container<'a>;
    type Array = Container<'a>;
    type Number = NumberText<'a>;

    fn as_object(&self) -> Option<Container<'a>> {
        let node = self.tree_node()?;
        node.is_object().then_some(Container { at: *self, node })
    }

    fn as_array(&self) -> Option<Container<'a>> {
        let node = self.tree_node()?;
        node.is_array().then_some(Container { at: *self, node })
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match self {
            Self::Value { node, .. } => node.as_str().map(Cow::Borrowed),
            Self::Name(text) => Some(Cow::Borrowed(text)),
        }
    }

    fn as_number(&self) -> Option<NumberText<'a>> {
        self.tree_node()?.number_text().map(NumberText)
    }

    fn as_boolean(&self) -> Option<bool> {
        self.tree_node()?.as_bool()
    }

    fn is_null(&self) -> bool {
        self.tree_node().is_some_and(Node::is_null)
    }

    fn is_number(&self) -> bool {
        self.json_type() == JsonType::Number
    }

    fn json_type(&self) -> JsonType {
        match self.tree_node().map(Node::kind) {
            None | Some(Kind::String) => JsonType::String,
            Some(Kind::Null) => JsonType::Null,
            Some(Kind::Bool) => JsonType::Boolean,
            Some(Kind::Number) => JsonType::Number,
            Some(Kind::Array) => JsonType::Array,
            Some(Kind::Object) => JsonType::Object,
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match self {
            Self::Value { node, .. } => equals(*node, expected),
            Self::Name(text) => expected.as_str() == Some(text),
        }
    }

    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(match self {
            Self::Value { node, .. } => to_value(*node),
            Self::Name(text) => Value::String((*text).to_owned()),
        })
    }

    // What a failure says is written from the tree itself; a copy of the instance, which may be
    // most of a large file, would be dropped unread.
    fn lazy_value(&self) -> jsonschema_value::LazyInstance<'a> {
        static UNREAD: Value = Value::Null;
        jsonschema_value::LazyInstance::from(&UNREAD)
    }

    fn identity(&self) -> Option<NodeIdentity> {
        let node = self.tree_node()?;
        Some(NodeIdentity::tagged(std::ptr::from_ref(node.tree()).addr(), node.id().index()))
    }
}

/// An object or array under validation.
#[derive(Clone, Copy)]
pub(crate) struct Container<'a> {
    at: Instance<'a>,
    node: Node<'a>,
}

impl<'a> Object<'a, SpanJson> for Container<'a> {
    type Node = Instance<'a>;
    type MemberName = &'a str;
    type MembersIter = MemberInstances<'a>;

    fn len(&self) -> usize {
        self.node.len()
    }

    fn get(&self, key: &Box<str>) -> Option<Instance<'a>> {
        Some(self.at.with(self.node.get(key)?))
    }

    fn members(&self) -> MemberInstances<'a> {
        MemberInstances { at: self.at, members: self.node.members() }
    }
}

impl<'a> Array<'a, SpanJson> for Container<'a> {
    type Node = Instance<'a>;
    type ElementsIter = ItemInstances<'a>;

    fn len(&self) -> usize {
        self.node.len()
    }

    fn elements(&self) -> ItemInstances<'a> {
        ItemInstances { at: self.at, items: self.node.items() }
    }
}

/// The members of an object under validation.
pub(crate) struct MemberInstances<'a> {
    at: Instance<'a>,
    members: Members<'a>,
}

impl<'a> Iterator for MemberInstances<'a> {
    type Item = (&'a str, Instance<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, node) = self.members.next()?;
        Some((name, self.at.with(node)))
    }
}

/// The items of an array under validation.
pub(crate) struct ItemInstances<'a> {
    at: Instance<'a>,
    items: Items<'a>,
}

impl<'a> Iterator for ItemInstances<'a> {
    type Item = Instance<'a>;

    fn next(&mut self) -> Option<Instance<'a>> {
        Some(self.at.with(self.items.next()?))
    }
}

/// A number as it is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NumberText<'a>(&'a str);

impl JsonNumber for NumberText<'_> {
    fn as_u64(&self) -> Option<u64> {
        self.0.parse().ok()
    }

    fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    fn as_f64(&self) -> Option<f64> {
        self.0.parse().ok().filter(|number: &f64| number.is_finite())
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.0)
    }

    fn to_number(&self) -> Cow<'_, Number> {
        Cow::Owned(self.0.parse().unwrap_or_else(|_| Number::from(0)))
    }

    fn is_integer(&self) -> bool {
        if !self.0.contains(['.', 'e', 'E']) {
            return true;
        }
        self.as_f64().is_some_and(|number| number.fract() == 0.0)
    }
}

/// Whether a value equals another as JSON Schema compares: numbers by value, members in any order.
fn equals(node: Node<'_>, expected: &Value) -> bool {
    match expected {
        Value::Null => node.is_null(),
        Value::Bool(expected) => node.as_bool() == Some(*expected),
        Value::String(expected) => node.as_str() == Some(expected),
        Value::Number(expected) => node
            .number_text()
            .is_some_and(|text| jsonschema::json::cmp::equal_numbers(&NumberText(text), expected)),
        Value::Array(expected) => {
            node.is_array()
                && node.len() == expected.len()
                && node.items().zip(expected).all(|(item, expected)| equals(item, expected))
        }
        Value::Object(expected) => {
            node.is_object()
                && node.len() == expected.len()
                && node
                    .members()
                    .all(|(name, value)| expected.get(name).is_some_and(|expected| equals(value, expected)))
        }
    }
}

#[cfg(test)]
#[path = "instance_tests.rs"]
mod tests;
