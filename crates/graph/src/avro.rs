//! Apache Avro schemas: what payloads of events are often written in.

use tenon_source::At;

use crate::Name;

/// A type of an Avro schema.
#[derive(Debug, Clone)]
pub struct AvroType {
    /// The value it was read from.
    pub at: At,
    /// What it is.
    pub kind: AvroKind,
    /// What it means beyond its type, such as `timestamp-millis`.
    pub logical: Option<Name>,
}

/// The kinds of Avro types.
#[derive(Debug, Clone)]
pub enum AvroKind {
    /// `null`, `boolean`, `int`, `long`, `float`, `double`, `bytes` or `string`.
    Primitive(&'static str),
    /// A record.
    Record {
        /// Its full name, with the namespace.
        name: Option<Name>,
        /// Its fields in order.
        fields: Vec<AvroField>,
    },
    /// An enum.
    Enum {
        /// Its full name, with the namespace.
        name: Option<Name>,
        /// Its symbols in order.
        symbols: Vec<Name>,
        /// The symbol that unknown ones are read as.
        default: Option<Name>,
    },
    /// An array of a type.
    Array(Box<AvroType>),
    /// A map from strings to a type.
    Map(Box<AvroType>),
    /// One of several types.
    Union(Vec<AvroType>),
    /// Bytes of a fixed length.
    Fixed {
        /// Its full name, with the namespace.
        name: Option<Name>,
        /// The length in bytes.
        size: Option<i64>,
    },
    /// A type that was named before, by its full name.
    Named(Name),
    /// What is no Avro type.
    Unknown,
}

/// A field of a record.
#[derive(Debug, Clone)]
pub struct AvroField {
    /// The field object.
    pub at: At,
    /// Its name.
    pub name: Name,
    /// Its type.
    pub kind: AvroType,
    /// The value readers take where the writer has no such field.
    pub default: Option<At>,
    /// Other names it goes by.
    pub aliases: Vec<Name>,
}
