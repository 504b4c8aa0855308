//! The representation mapping: a JSON Schema as a protobuf message, and back, as data.
//!
//! | JSON Schema | protobuf |
//! |---|---|
//! | string, boolean, number, integer | `string`, `bool`, `double`, `int64`; formats `float`, `int32`, … their own |
//! | string with `date-time`, `duration`, `byte` | `Timestamp`, `Duration`, `bytes` |
//! | enum of strings | an enum whose zero value means "not said" |
//! | array | `repeated` |
//! | object with `additionalProperties` | `map<string, …>` |
//! | object with `properties` | a message; open objects are `Struct` |
//! | `oneOf` | a `oneof` with a field for each alternative |
//! | `$ref` | the message of that name |
//! | not required | `optional`; of lists and maps an annotation |
//! | or null | an annotation |
//! | whatever else | `Value`, or an annotation |
//!
//! What protobuf has no word for (bounds, patterns, descriptions) is kept as an annotation of the
//! field, so that the way back loses nothing.

mod backward;
mod forward;

use serde_json::{Map, Value};

pub use backward::to_schema;
pub use forward::to_message;

/// Levels of messages in messages, a count: deeper ones become `Struct`.
pub(super) const LEVELS_MAX: usize = 32;

/// A message.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ProtoMessage {
    /// Its name.
    pub name: String,
    /// Its fields, in order.
    pub fields: Vec<ProtoField>,
    /// Keywords of the schema that protobuf has no word for.
    pub annotations: Map<String, Value>,
}

/// A field.
#[derive(Debug, Clone, PartialEq)]
pub struct ProtoField {
    /// Its name.
    pub name: String,
    /// Its name in JSON.
    pub json_name: String,
    /// Its number.
    pub number: i32,
    /// How many values it has.
    pub label: Label,
    /// Its type; of lists and maps that of the values.
    pub ty: ProtoType,
    /// The oneof it is in.
    pub oneof: Option<String>,
    /// Keywords of the field's schema that protobuf has no word for.
    pub annotations: Map<String, Value>,
    /// Keywords of the schema of a list's or map's values.
    pub value_annotations: Map<String, Value>,
}

/// How many values a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// One.
    One,
    /// None or one.
    Optional,
    /// Any number.
    Repeated,
    /// Any number, by name.
    Map,
}

/// A type.
#[derive(Debug, Clone, PartialEq)]
pub enum ProtoType {
    /// A type of the language or of its standard library.
    Plain(&'static str),
    /// An enum: its name, and the JSON value of each of its values after the first.
    Enum(String, Vec<(String, String)>),
    /// A message written in place.
    Message(Box<ProtoMessage>),
    /// A message that stands elsewhere: its name and the reference to it.
    Reference(String, String),
}

impl ProtoType {
    /// As it is written in a `.proto` file.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Plain(name) => name,
            Self::Enum(name, _) | Self::Reference(name, _) => name,
            Self::Message(message) => &message.name,
        }
    }
}

/// Marks the annotation of what may be null.
pub const NULLABLE: &str = "x-null";
/// Marks the annotation of lists and maps that must be there.
pub const REQUIRED: &str = "x-required";
/// Marks the annotation of a schema that is kept as it is.
pub const WHOLE: &str = "x-schema";

/// `rate limit`, `rate_limit` and `rateLimit` as `RateLimit`.
#[must_use]
pub fn pascal(name: &str) -> String {
    let words = crate::name::words(name);
    let capital = |word: String| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
        first + letters.as_str()
    };
    let name: String = words.into_iter().map(capital).collect();
    if name.starts_with(|letter: char| letter.is_ascii_alphabetic()) { name } else { format!("M{name}") }
}

/// A name as fields have it: lower case with underscores, a letter first.
#[must_use]
pub fn snake(name: &str) -> String {
    let words = crate::name::words(name);
    let plain: Vec<String> =
        words.iter().map(|word| word.chars().filter(char::is_ascii_alphanumeric).collect()).collect();
    let name = plain.join("_");
    if name.starts_with(|letter: char| letter.is_ascii_alphabetic()) { name } else { format!("f_{name}") }
}
