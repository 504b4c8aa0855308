//! Instances are validated where they stand: the validator walks the span tree itself, so a
//! failure is a value with a place and nothing is copied. Values of programs, such as replies that
//! were just made, are walked the same way.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, Node as JsonNode, NodeIdentity, Object};
use serde_json::Value;
use tenon_source::Node;

use crate::reference::{Frame, References};
use crate::subject::{ItemsOf, MembersOf, NumberOf, Subject};

/// The span tree as a JSON representation of the validator.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SpanJson;

/// What is under validation: a value, or a member name by itself.
#[derive(Clone, Copy)]
pub(crate) enum Instance<'a> {
    /// A value, with what references of its schema lead to.
    Value {
        /// The value.
        subject: Subject<'a>,
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
        Self::Value { subject: Subject::Node(node), references: None, frames: None }
    }

    fn subject(&self) -> Option<Subject<'a>> {
        match self {
            Self::Value { subject, .. } => Some(*subject),
            Self::Name(_) => None,
        }
    }

    fn with(&self, subject: Subject<'a>) -> Self {
        match self {
            Self::Value { references, frames, .. } => {
                Self::Value { subject, references: *references, frames: *frames }
            }
            Self::Name(_) => Self::Value { subject, references: None, frames: None },
        }
    }

    fn container(&self, kind: JsonType) -> Option<Container<'a>> {
        let subject = self.subject()?;
        (subject.kind() == kind).then_some(Container { at: *self, subject })
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
    type Number = NumberOf<'a>;

    fn as_object(&self) -> Option<Container<'a>> {
        self.container(JsonType::Object)
    }

    fn as_array(&self) -> Option<Container<'a>> {
        self.container(JsonType::Array)
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match self {
            Self::Value { subject, .. } => subject.as_str().map(Cow::Borrowed),
            Self::Name(text) => Some(Cow::Borrowed(text)),
        }
    }

    fn as_number(&self) -> Option<NumberOf<'a>> {
        self.subject()?.as_number()
    }

    fn as_boolean(&self) -> Option<bool> {
        self.subject()?.as_bool()
    }

    fn is_null(&self) -> bool {
        self.json_type() == JsonType::Null
    }

    fn is_number(&self) -> bool {
        self.json_type() == JsonType::Number
    }

    fn json_type(&self) -> JsonType {
        self.subject().map_or(JsonType::String, Subject::kind)
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match self {
            Self::Value { subject, .. } => subject.equals(expected),
            Self::Name(text) => expected.as_str() == Some(text),
        }
    }

    fn to_value(&self) -> Cow<'a, Value> {
        match self {
            Self::Value { subject, .. } => subject.to_value(),
            Self::Name(text) => Cow::Owned(Value::String((*text).to_owned())),
        }
    }

    // What a failure says is written from the tree itself; a copy of the instance, which may be
    // most of a large file, would be dropped unread.
    fn lazy_value(&self) -> jsonschema_value::LazyInstance<'a> {
        static UNREAD: Value = Value::Null;
        jsonschema_value::LazyInstance::from(&UNREAD)
    }

    fn identity(&self) -> Option<NodeIdentity> {
        self.subject().map(Subject::identity)
    }
}

/// An object or array under validation.
#[derive(Clone, Copy)]
pub(crate) struct Container<'a> {
    at: Instance<'a>,
    subject: Subject<'a>,
}

impl<'a> Object<'a, SpanJson> for Container<'a> {
    type Node = Instance<'a>;
    type MemberName = &'a str;
    type MembersIter = MemberInstances<'a>;

    fn len(&self) -> usize {
        self.subject.len()
    }

    fn get(&self, key: &Box<str>) -> Option<Instance<'a>> {
        Some(self.at.with(self.subject.get(key)?))
    }

    fn members(&self) -> MemberInstances<'a> {
        MemberInstances { at: self.at, members: self.subject.members() }
    }
}

impl<'a> Array<'a, SpanJson> for Container<'a> {
    type Node = Instance<'a>;
    type ElementsIter = ItemInstances<'a>;

    fn len(&self) -> usize {
        self.subject.len()
    }

    fn elements(&self) -> ItemInstances<'a> {
        ItemInstances { at: self.at, items: self.subject.items() }
    }
}

/// The members of an object under validation.
pub(crate) struct MemberInstances<'a> {
    at: Instance<'a>,
    members: MembersOf<'a>,
}

impl<'a> Iterator for MemberInstances<'a> {
    type Item = (&'a str, Instance<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, subject) = self.members.next()?;
        Some((name, self.at.with(subject)))
    }
}

/// The items of an array under validation.
pub(crate) struct ItemInstances<'a> {
    at: Instance<'a>,
    items: ItemsOf<'a>,
}

impl<'a> Iterator for ItemInstances<'a> {
    type Item = Instance<'a>;

    fn next(&mut self) -> Option<Instance<'a>> {
        Some(self.at.with(self.items.next()?))
    }
}

#[cfg(test)]
#[path = "instance_tests.rs"]
mod tests;
