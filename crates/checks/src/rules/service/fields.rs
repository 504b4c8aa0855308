//! The fields of service-contracts v2: where each stands, of what type it is, whether it must be there.

use tenon_source::{Kind, Node};

/// Where a field stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// At the root.
    Root,
    /// At an endpoint.
    Endpoint,
    /// In an endpoint's `serviceContract`.
    Contract,
}

impl Level {
    /// What messages call the object.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Root => "the root",
            Self::Endpoint => "an endpoint",
            Self::Contract => "`serviceContract`",
        }
    }
}

/// What a field may hold.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// A text.
    Text,
    /// One of some texts.
    OneOf(&'static [&'static str]),
    /// A text or null.
    TextOrNull,
    /// A boolean.
    Flag,
    /// A number.
    Number,
    /// An array of texts.
    Texts,
    /// An array of objects.
    Objects,
    /// An object.
    Object,
    /// A text, or an object of texts.
    TextOrMap,
    /// Anything.
    Any,
}

/// Whether a field must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Always.
    Always,
    /// Only sometimes, which a rule of its own knows.
    Sometimes,
}

/// A field.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) level: Level,
    pub(super) shape: Shape,
    pub(super) need: Need,
}

const fn field(level: Level, name: &'static str, shape: Shape, need: Need) -> Field {
    Field { name, level, shape, need }
}

use Level::{Contract, Endpoint, Root};
use Need::{Always, Sometimes};

/// Every field of the format.
pub(super) static FIELDS: &[Field] = &[
    field(Root, "$schema", Shape::Any, Sometimes),
    field(Root, "endpoints", Shape::Objects, Always),
    field(Root, "routeConvention", Shape::OneOf(&["tokenScoped", "orgInPath"]), Sometimes),
    field(Root, "paginationStrategy", Shape::OneOf(&["rootInheritance", "perEndpoint"]), Sometimes),
    field(Root, "pagination", Shape::Object, Sometimes),
    field(Root, "deferredRouteHandling", Shape::OneOf(&["excludeFromRegistration"]), Sometimes),
    field(Root, "statusEnums", Shape::Objects, Sometimes),
    field(Root, "endpointExclusions", Shape::Objects, Sometimes),
    field(Root, "removals", Shape::Objects, Sometimes),
    field(Root, "description", Shape::Text, Sometimes),
    field(Endpoint, "path", Shape::Text, Always),
    field(Endpoint, "method", Shape::OneOf(&["GET", "POST", "PUT", "PATCH", "DELETE"]), Always),
    field(Endpoint, "status", Shape::OneOf(&["required", "deferred"]), Always),
    field(Endpoint, "routeFile", Shape::Text, Always),
    field(Endpoint, "middleware", Shape::Texts, Always),
    field(Endpoint, "authentication", Shape::OneOf(&["required", "public", "optional", "internal"]), Always),
    field(Endpoint, "responseTokenPath", Shape::Text, Sometimes),
    field(Endpoint, "serviceContract", Shape::Object, Always),
    field(Endpoint, "allowedMimeTypes", Shape::Texts, Sometimes),
    field(Endpoint, "maxSizeMb", Shape::Number, Sometimes),
    field(Endpoint, "configSource", Shape::TextOrMap, Sometimes),
    field(Endpoint, "description", Shape::Text, Sometimes),
    field(Contract, "serviceFile", Shape::Text, Always),
    field(Contract, "methodName", Shape::Text, Always),
    field(Contract, "signature", Shape::Text, Always),
    field(Contract, "routeArgs", Shape::Texts, Always),
    field(Contract, "purpose", Shape::Text, Always),
    field(Contract, "authRequired", Shape::Flag, Always),
    field(Contract, "rbac", Shape::TextOrNull, Always),
    field(Contract, "fileUpload", Shape::Flag, Always),
    field(Contract, "acceptsBody", Shape::Flag, Sometimes),
    field(Contract, "notes", Shape::Text, Sometimes),
    field(Contract, "mustUseParams", Shape::Texts, Sometimes),
    field(Contract, "mustUseAuth", Shape::Flag, Sometimes),
    field(Contract, "crudOperation", Shape::TextOrNull, Sometimes),
    field(Contract, "sideEffects", Shape::Texts, Sometimes),
    field(Contract, "pagination", Shape::Object, Sometimes),
    field(Contract, "bodySchema", Shape::Object, Sometimes),
    field(Contract, "validation", Shape::TextOrMap, Sometimes),
    field(Contract, "configSource", Shape::TextOrMap, Sometimes),
    field(Contract, "returnsList", Shape::Flag, Sometimes),
];

/// Fields that explain an endpoint and are no part of the format, with where their matter belongs.
pub(super) static GUIDANCE: &[(&str, &str)] = &[
    ("authorization", "name the role in `rbac` and check it by `requireRole` in `middleware`"),
    ("rateLimits", "name a rate limiting `middleware`, and its variable in `configSource`"),
    ("requestBody", "list what is read in `routeArgs`, and describe it in `bodySchema` or `notes`"),
    ("responses", "describe them in `notes`"),
];

/// The field of a level with a name.
pub(super) fn find(level: Level, name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.level == level && field.name == name)
}

/// The fields of a level.
pub(super) fn of(level: Level) -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().filter(move |field| field.level == level)
}

impl Shape {
    /// Whether a value is of the shape.
    pub(super) fn admits(self, node: Node<'_>) -> bool {
        match self {
            Self::Text => node.as_str().is_some(),
            Self::OneOf(values) => node.as_str().is_some_and(|text| values.contains(&text)),
            Self::TextOrNull => node.is_null() || node.as_str().is_some(),
            Self::Flag => node.as_bool().is_some(),
            Self::Number => node.kind() == Kind::Number,
            Self::Texts => node.is_array() && node.items().all(|item| item.as_str().is_some()),
            Self::Objects => node.is_array() && node.items().all(|item| item.is_object()),
            Self::Object => node.is_object(),
            Self::TextOrMap => node.as_str().is_some() || node.is_object(),
            Self::Any => true,
        }
    }

    /// What messages call it.
    pub(super) fn describe(self) -> String {
        match self {
            Self::Text => "a text".to_owned(),
            Self::OneOf([only]) => format!("`{only}`"),
            Self::OneOf(values) => {
                let list: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
                format!("one of {}", list.join(", "))
            }
            Self::TextOrNull => "a text or null".to_owned(),
            Self::Flag => "true or false".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Texts => "an array of texts".to_owned(),
            Self::Objects => "an array of objects".to_owned(),
            Self::Object => "an object".to_owned(),
            Self::TextOrMap => "a text, or an object of texts".to_owned(),
            Self::Any => "any value".to_owned(),
        }
    }
}
