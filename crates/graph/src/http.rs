//! What OpenAPI and Swagger say, version by version made alike.
//!
//! Every element has `at`, the object as written, and, where a `$ref` may stand, `def`, the
//! object it stands for (`at` itself where there is none or it is broken).

use tenon_source::{At, FileId};

use crate::Name;

/// The versions of OpenAPI, as families: patch releases read alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OpenApiVersion {
    /// Swagger 2.0.
    V2,
    /// OpenAPI 3.0.x.
    V3_0,
    /// OpenAPI 3.1.x.
    V3_1,
    /// OpenAPI 3.2.x.
    V3_2,
}

/// One OpenAPI document.
#[derive(Debug, Clone)]
pub struct HttpApi {
    /// The root document.
    pub file: FileId,
    /// Its version family.
    pub version: OpenApiVersion,
    /// The root object.
    pub root: At,
    /// The object `info`.
    pub info: Option<At>,
    /// Servers; of Swagger 2, made of `schemes`, `host` and `basePath`.
    pub servers: Vec<Server>,
    /// Declared tags.
    pub tags: Vec<Tag>,
    /// Path items in document order.
    pub paths: Vec<PathItem>,
    /// Webhooks in document order.
    pub webhooks: Vec<PathItem>,
    /// Everything under `components` (Swagger 2: `definitions`, `parameters`, `responses`).
    pub components: Vec<Component>,
    /// Security schemes by name.
    pub security_schemes: Vec<SecurityScheme>,
    /// Security requirements for all operations; `None` where not given.
    pub security: Option<Vec<SecurityRequirement>>,
}

/// A server.
#[derive(Debug, Clone)]
pub struct Server {
    /// The server object (Swagger 2: the `host`).
    pub at: At,
    /// Its URL template.
    pub url: Option<Name>,
    /// Names of its variables.
    pub variables: Vec<Name>,
}

/// A declared tag.
#[derive(Debug, Clone)]
pub struct Tag {
    /// The tag object.
    pub at: At,
    /// Its name.
    pub name: Name,
    /// Whether it has a description.
    pub described: bool,
}

/// A path or webhook.
#[derive(Debug, Clone)]
pub struct PathItem {
    /// The path template or webhook name; its place is the item's.
    pub name: Name,
    /// The item as written.
    pub at: At,
    /// The item after its `$ref`.
    pub def: At,
    /// Parameters for all its operations.
    pub parameters: Vec<Parameter>,
    /// Own servers.
    pub servers: Vec<Server>,
    /// How many operations it has, a count.
    pub operation_count: usize,
}

/// The sections of `components`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ComponentKind {
    /// `schemas`, `definitions`.
    Schema,
    /// `responses`.
    Response,
    /// `parameters`.
    Parameter,
    /// `examples`.
    Example,
    /// `requestBodies`.
    RequestBody,
    /// `headers`.
    Header,
    /// `links`.
    Link,
    /// `callbacks`.
    Callback,
    /// `pathItems`.
    PathItem,
    /// `mediaTypes` (3.2).
    MediaType,
}

impl ComponentKind {
    /// What messages call one.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Response => "response",
            Self::Parameter => "parameter",
            Self::Example => "example",
            Self::RequestBody => "request body",
            Self::Header => "header",
            Self::Link => "link",
            Self::Callback => "callback",
            Self::PathItem => "path item",
            Self::MediaType => "media type",
        }
    }
}

/// A reusable element.
#[derive(Debug, Clone)]
pub struct Component {
    /// Its section.
    pub kind: ComponentKind,
    /// Its name.
    pub name: String,
    /// The element.
    pub at: At,
}

/// A security scheme.
#[derive(Debug, Clone)]
pub struct SecurityScheme {
    /// Its name.
    pub name: String,
    /// The scheme as written.
    pub at: At,
    /// The scheme after its `$ref`.
    pub def: At,
    /// Its `type`.
    pub kind: Option<Name>,
    /// The scopes its flows declare, where it has flows.
    pub scopes: Option<Vec<Name>>,
}

/// One alternative of a `security` list: every scheme in it is needed.
#[derive(Debug, Clone)]
pub struct SecurityRequirement {
    /// The object.
    pub at: At,
    /// Scheme names (at the scopes' place) with the scopes asked for.
    pub schemes: Vec<(Name, Vec<Name>)>,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParameterIn {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// The whole query (3.2).
    QueryString,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
    /// Swagger 2: the body.
    Body,
    /// Swagger 2: a form field.
    FormData,
}

/// A parameter.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// The parameter as written.
    pub at: At,
    /// The parameter after its `$ref`.
    pub def: At,
    /// Its name.
    pub name: Option<Name>,
    /// Where it stands; `None` if missing or unknown.
    pub place: Option<ParameterIn>,
    /// Whether it must be given.
    pub required: bool,
    /// Its schema (Swagger 2: the parameter itself, or `schema` of a body).
    pub schema: Option<At>,
    /// Its content, the other way to say its schema.
    pub content: Vec<MediaType>,
    /// Whether it comes from the path item.
    pub inherited: bool,
}

/// A request body.
#[derive(Debug, Clone)]
pub struct Body {
    /// The body as written.
    pub at: At,
    /// The body after its `$ref`.
    pub def: At,
    /// Whether it must be given.
    pub required: bool,
    /// Its media types.
    pub content: Vec<MediaType>,
}

/// A response.
#[derive(Debug, Clone)]
pub struct Response {
    /// `200`, `4XX`, `default`.
    pub status: String,
    /// The response as written.
    pub at: At,
    /// The response after its `$ref`.
    pub def: At,
    /// Headers.
    pub headers: Vec<Header>,
    /// Media types (Swagger 2: one for each of `produces`, sharing the schema).
    pub content: Vec<MediaType>,
    /// Links.
    pub links: Vec<LinkObject>,
}

/// A header of a response or part.
#[derive(Debug, Clone)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// The header as written.
    pub at: At,
    /// The header after its `$ref`.
    pub def: At,
    /// Its schema.
    pub schema: Option<At>,
}

/// A link of a response.
#[derive(Debug, Clone)]
pub struct LinkObject {
    /// Its name.
    pub name: String,
    /// The link as written.
    pub at: At,
    /// The link after its `$ref`.
    pub def: At,
}

/// One media type of a body.
#[derive(Debug, Clone)]
pub struct MediaType {
    /// Such as `application/json`.
    pub name: String,
    /// The media type object.
    pub at: At,
    /// Its schema.
    pub schema: Option<At>,
    /// Part encodings.
    pub encodings: Vec<Encoding>,
}

/// The encoding of one part.
#[derive(Debug, Clone)]
pub struct Encoding {
    /// The property it is for.
    pub property: String,
    /// The encoding object.
    pub at: At,
}
