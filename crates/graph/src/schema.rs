//! Schemas and the examples that claim to follow them.

use tenon_source::At;

/// Which keywords a schema has and what they mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// The schema object of Swagger 2.0.
    Swagger2,
    /// The schema object of OpenAPI 3.0.
    OpenApi30,
    /// JSON Schema draft 4.
    Draft4,
    /// JSON Schema draft 6.
    Draft6,
    /// JSON Schema draft 7.
    Draft7,
    /// JSON Schema 2019-09.
    Draft201909,
    /// JSON Schema 2020-12, and the schema object of OpenAPI 3.1 and 3.2.
    Draft202012,
}

/// Where a schema stands, which decides what rules apply to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SchemaRole {
    /// A file of its own.
    File,
    /// A named component.
    Component,
    /// A schema of a parameter or header.
    Parameter,
    /// A schema of a body.
    Body,
    /// A part of another schema.
    Sub,
}

/// A schema. Schemas are not taken apart: their keywords are read from the tree where needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schema {
    /// The schema object.
    pub at: At,
    /// Its dialect.
    pub dialect: Dialect,
    /// Where it stands.
    pub role: SchemaRole,
}

/// What kind of example it is, for messages and rule selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExampleOf {
    /// `example` or `examples` of a media type, or a response example of Swagger 2.
    Media,
    /// `example` or `examples` of a parameter or header.
    Parameter,
    /// An example of a message's payload or headers (AsyncAPI).
    Message,
    /// `example` or `examples` inside a schema.
    Schema,
    /// `default` inside a schema.
    Default,
    /// A file of its own.
    File,
}

/// A value that claims to follow a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// The value.
    pub value: At,
    /// The schema it must follow.
    pub schema: At,
    /// The schema's dialect.
    pub dialect: Dialect,
    /// What kind of example.
    pub of: ExampleOf,
    /// Whether the value is in a request (`writeOnly` applies) or a response (`readOnly`);
    /// `None` where it may be in either.
    pub request: Option<bool>,
}
