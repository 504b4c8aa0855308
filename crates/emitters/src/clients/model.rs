//! What a client is made of, in no language: types, calls, refusals, events.

/// A type of the model, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub usize);

/// Everything a client offers.
#[derive(Debug, Default)]
pub struct Api {
    /// Name of the contract, or of the document.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it is about.
    pub description: String,
    /// Hash of what the client was made of: tells two clients of one version apart.
    pub fingerprint: String,
    /// Named types, in the order in which they were met.
    pub types: Vec<TypeDef>,
    /// Calls in the order of the contract.
    pub calls: Vec<Call>,
    /// The error catalogue.
    pub errors: Vec<Refusal>,
    /// Where a refusal says what.
    pub error_shape: ErrorShape,
    /// Events that can be followed.
    pub events: Vec<EventType>,
    /// Header that names the tenant.
    pub tenant_header: Option<String>,
    /// Header of the correlation id.
    pub correlation_header: String,
}

impl Api {
    /// A named type.
    #[must_use]
    pub fn named(&self, id: TypeId) -> Option<&TypeDef> {
        self.types.get(id.0)
    }

    /// The name of a type.
    #[must_use]
    pub fn type_name(&self, id: TypeId) -> &str {
        self.named(id).map_or("", |one| one.name.as_str())
    }

    /// What a type is, once names that only stand for others are followed.
    #[must_use]
    pub fn resolve<'t>(&'t self, ty: &'t Type) -> &'t Type {
        let mut ty = ty;
        for _ in 0..self.types.len() {
            let Type::Named(id) = ty else { break };
            let Some(Shape::Alias(inner)) = self.named(*id).map(|one| &one.shape) else { break };
            ty = inner;
        }
        ty
    }

    /// The fields of an object type.
    #[must_use]
    pub fn fields(&self, ty: &Type) -> Option<(TypeId, &[Field])> {
        let Type::Named(id) = self.resolve(ty) else { return None };
        match &self.named(*id)?.shape {
            Shape::Object { fields, .. } => Some((*id, fields)),
            _ => None,
        }
    }
}

/// A type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// Whatever JSON can hold.
    Any,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int {
        /// 32 or 64.
        bits: u8,
        /// Whether it may be negative.
        signed: bool,
    },
    /// A whole number of 64 bits that is written as a text (ProtoJSON).
    IntText {
        /// Whether it may be negative.
        signed: bool,
    },
    /// A number.
    Float,
    /// A text; formats are told in the documentation.
    Text,
    /// One text and no other.
    Literal(String),
    /// Values in order.
    List(Box<Type>),
    /// Values by name.
    Map(Box<Type>),
    /// A type with a name.
    Named(TypeId),
    /// The same, or `null`.
    Nullable(Box<Type>),
    /// Bytes as they are.
    Raw,
    /// Nothing.
    Void,
}

/// A type with a name.
#[derive(Debug, Clone)]
pub struct TypeDef {
    /// Its name: letters and digits, the first a capital; free in every language.
    pub name: String,
    /// What it is, for people.
    pub doc: String,
    /// What it is.
    pub shape: Shape,
}

/// What a named type is.
#[derive(Debug, Clone)]
pub enum Shape {
    /// Fields.
    Object {
        /// In the order of the schema.
        fields: Vec<Field>,
        /// What further members hold, where there may be any.
        additional: Option<Type>,
    },
    /// One of some texts.
    Enum(Vec<String>),
    /// One of some types.
    Union {
        /// The types.
        variants: Vec<Type>,
        /// The field that tells which.
        discriminator: Option<Discriminator>,
    },
    /// Another name of a type.
    Alias(Type),
}

/// The field that tells the variants of a union apart.
#[derive(Debug, Clone)]
pub struct Discriminator {
    /// Its name on the wire.
    pub field: String,
    /// Value, and the place of the variant it stands for.
    pub mapping: Vec<(String, usize)>,
}

/// Whether a field is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Always.
    Required,
    /// Or not.
    Optional,
    /// Left out where it holds the value that stands for nothing (ProtoJSON).
    Defaulted,
}

/// A field of an object.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name on the wire.
    pub wire: String,
    /// What it is, for people.
    pub doc: String,
    /// Its type.
    pub ty: Type,
    /// Whether it is there.
    pub presence: Presence,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// A header field.
    Header,
    /// A cookie.
    Cookie,
}

/// How values of more than one piece are written in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Once for each item.
    Repeated,
    /// With commas.
    Comma,
    /// With the names of members in brackets.
    Deep,
    /// As JSON.
    Json,
}

/// A parameter.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name on the wire.
    pub wire: String,
    /// What it is, for people.
    pub doc: String,
    /// Where it stands.
    pub place: Place,
    /// Its type.
    pub ty: Type,
    /// Whether it must be given.
    pub required: bool,
    /// How it is written.
    pub style: Style,
}

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// JSON.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`.
    Multipart,
    /// Text.
    Text,
    /// Bytes as they are.
    Raw,
}

/// What is sent.
#[derive(Debug, Clone)]
pub struct Body {
    /// Its type.
    pub ty: Type,
    /// Whether it must be given.
    pub required: bool,
    /// How it is written.
    pub encoding: Encoding,
    /// The media type.
    pub media: String,
}

/// What comes back from a success.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its type; of a stream, that of an item.
    pub ty: Type,
    /// How it is written.
    pub encoding: Encoding,
    /// The media types asked for.
    pub accept: String,
}

/// Where the idempotency key goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPlace {
    /// A header field.
    Header(String),
    /// A field of the body, by its name on the wire.
    Field(String),
}

/// A list that comes in pages.
#[derive(Debug, Clone)]
pub struct Paging {
    /// What takes the cursor: a query parameter, or a field of the body.
    pub cursor: Cursor,
    /// The way to the next cursor in the answer: names on the wire.
    pub next: Vec<String>,
    /// The way to the items.
    pub items: Vec<String>,
    /// What an item is.
    pub item: Type,
}

/// What takes a cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cursor {
    /// A query parameter, by its name on the wire.
    Query(String),
    /// A field of the body, by its name on the wire.
    Field(String),
}

/// Answers that come one after the other.
#[derive(Debug, Clone)]
pub struct Streaming {
    /// The field of the request that takes the cursor, and that of an item which gives it: both by
    /// their names on the wire.
    pub resume: Option<(String, String)>,
}

/// One operation.
#[derive(Debug, Clone)]
pub struct Call {
    /// The words of its name.
    pub words: Vec<String>,
    /// Its id in the contract.
    pub id: String,
    /// What it does, for people.
    pub doc: String,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Method, in capitals.
    pub method: String,
    /// Path, with `{name}` for parameters.
    pub path: String,
    /// Parameters.
    pub parameters: Vec<Parameter>,
    /// Body.
    pub body: Option<Body>,
    /// Answer.
    pub answer: Answer,
    /// Where the idempotency key goes, where there is one.
    pub key: Option<KeyPlace>,
    /// Whether it may be sent twice without a key.
    pub repeatable: bool,
    /// Whether it needs a tenant.
    pub tenant: bool,
    /// Where its answer has the token for the calls after it, where it has one.
    pub token: Option<Vec<String>>,
    /// How its pages follow each other.
    pub paging: Option<Paging>,
    /// How its answers follow each other.
    pub streaming: Option<Streaming>,
    /// The codes it may refuse with.
    pub codes: Vec<String>,
}

/// An entry of the error catalogue.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The code.
    pub code: String,
    /// Its HTTP status, 0 where it has none.
    pub status: i64,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// What people are told.
    pub doc: String,
}

/// Where a refusal says what: ways of names, of which the first that leads somewhere counts.
#[derive(Debug, Clone, Default)]
pub struct ErrorShape {
    /// The code.
    pub code: Vec<Vec<String>>,
    /// What people are told.
    pub message: Vec<Vec<String>>,
    /// Whether to try again.
    pub retryable: Vec<Vec<String>>,
    /// What exactly is wrong.
    pub details: Vec<Vec<String>>,
}

/// An event type.
#[derive(Debug, Clone)]
pub struct EventType {
    /// Its name, such as `lead.created`.
    pub name: String,
    /// What it tells, for people.
    pub doc: String,
    /// What it carries.
    pub payload: Type,
}
