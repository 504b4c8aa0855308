//! Which keywords assert something in which dialect, and what shape their values have.

use tenon_graph::Dialect;

/// The shape of a keyword's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Any value.
    Any,
    /// A string.
    Text,
    /// A boolean.
    Flag,
    /// A number.
    Number,
    /// A whole number from zero.
    Count,
    /// An array with at least one value.
    List,
    /// The names of `required`.
    Required,
    /// A type name or several.
    Types,
    /// A schema.
    Schema,
    /// A schema, or a boolean in every dialect.
    SchemaOrFlag,
    /// An array of schemas.
    Schemas,
    /// A schema or an array of them.
    SchemaOrSchemas,
    /// Schemas by name.
    SchemaMap,
    /// Schemas or lists of names by name.
    Dependencies,
    /// Lists of names by name.
    NamesMap,
    /// A schema for member names.
    NameSchema,
}

/// Whether a keyword asserts something in a dialect.
#[must_use]
pub fn asserts(keyword: &str, dialect: Dialect) -> bool {
    shape(keyword, dialect).is_some()
}

/// The shape of a keyword in a dialect; `None` for what asserts nothing there.
pub(crate) fn shape(keyword: &str, dialect: Dialect) -> Option<Shape> {
    let openapi = matches!(dialect, Dialect::Swagger2 | Dialect::OpenApi30);
    let draft6 = !openapi && dialect >= Dialect::Draft6;
    let draft7 = !openapi && dialect >= Dialect::Draft7;
    let draft2019 = !openapi && dialect >= Dialect::Draft201909;
    let shape = match keyword {
        "type" => Shape::Types,
        "enum" => Shape::List,
        "multipleOf" | "maximum" | "minimum" => Shape::Number,
        "exclusiveMaximum" | "exclusiveMinimum" if dialect == Dialect::Draft4 => Shape::Flag,
        "exclusiveMaximum" | "exclusiveMinimum" if !openapi => Shape::Number,
        "maxLength" | "minLength" | "maxItems" | "minItems" | "maxProperties" | "minProperties" => {
            Shape::Count
        }
        "pattern" | "format" => Shape::Text,
        "uniqueItems" => Shape::Flag,
        "required" => Shape::Required,
        "properties" => Shape::SchemaMap,
        "additionalProperties" => Shape::SchemaOrFlag,
        "allOf" => Shape::Schemas,
        "anyOf" | "oneOf" if dialect != Dialect::Swagger2 => Shape::Schemas,
        "not" if dialect != Dialect::Swagger2 => Shape::Schema,
        "items" if openapi || dialect == Dialect::Draft202012 => Shape::Schema,
        "items" => Shape::SchemaOrSchemas,
        _ if openapi => return None,
        "patternProperties" => Shape::SchemaMap,
        "additionalItems" if dialect != Dialect::Draft202012 => Shape::SchemaOrFlag,
        "dependencies" => Shape::Dependencies,
        "const" if draft6 => Shape::Any,
        "contains" if draft6 => Shape::Schema,
        "propertyNames" if draft6 => Shape::NameSchema,
        "if" | "then" | "else" if draft7 => Shape::Schema,
        "maxContains" | "minContains" if draft2019 => Shape::Count,
        "dependentRequired" if draft2019 => Shape::NamesMap,
        "dependentSchemas" if draft2019 => Shape::SchemaMap,
        "unevaluatedItems" | "unevaluatedProperties" if draft2019 => Shape::SchemaOrFlag,
        "prefixItems" if dialect == Dialect::Draft202012 => Shape::Schemas,
        _ => return None,
    };
    Some(shape)
}
