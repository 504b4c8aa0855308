//! What AsyncAPI says, versions 2 and 3 made alike.
//!
//! Every element has `at`, the object as written, and, where a `$ref` may stand, `def`, the
//! object it stands for (`at` itself where there is none or it is broken).
//!
//! The two major versions differ in whose view an operation takes: `publish` of version 2 means
//! that others publish, so the application receives; version 3 says `receive`. Here an operation
//! always tells what the application does.

use std::sync::Arc;

use tenon_source::{At, FileId};

use crate::{AvroType, Dialect, Governance, Name, SecurityRequirement, SecurityScheme, Tag};

/// The versions of AsyncAPI, as families that read alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AsyncApiVersion {
    /// AsyncAPI 2.0 to 2.6.
    V2,
    /// AsyncAPI 3.0.
    V3_0,
    /// AsyncAPI 3.1.
    V3_1,
}

/// One AsyncAPI document.
#[derive(Debug, Clone)]
pub struct AsyncApi {
    /// The root document.
    pub file: FileId,
    /// Its version family.
    pub version: AsyncApiVersion,
    /// The version as written, such as `2.4.0`.
    pub version_text: Option<Name>,
    /// The root object.
    pub root: At,
    /// The application's `id`.
    pub id: Option<Name>,
    /// The object `info`.
    pub info: Option<At>,
    /// The content type of messages that name none.
    pub default_content_type: Option<Name>,
    /// Servers in document order.
    pub servers: Vec<AsyncServer>,
    /// Channels in document order.
    pub channels: Vec<Channel>,
    /// Operations in document order.
    pub operations: Vec<AsyncOperation>,
    /// Every message that a channel, an operation or the components have, each once, sorted by
    /// the place of its definition; see [`AsyncApi::message`].
    pub messages: Vec<Message>,
    /// Declared tags: at the root in version 2, in `info` in version 3.
    pub tags: Vec<Tag>,
    /// Everything under `components`.
    pub components: Vec<AsyncComponent>,
    /// Security schemes of `components` by name.
    pub security_schemes: Vec<SecurityScheme>,
}

impl AsyncApi {
    /// The message that is defined at a place.
    #[must_use]
    pub fn message(&self, def: At) -> Option<&Message> {
        let index = self.messages.binary_search_by_key(&def, |message| message.def).ok()?;
        self.messages.get(index)
    }

    /// The channel an operation is on.
    #[must_use]
    pub fn channel_of(&self, operation: &AsyncOperation) -> Option<&Channel> {
        self.channels.get(operation.channel?)
    }

    /// The messages an operation is about: its own, or all of its channel.
    #[must_use]
    pub fn messages_of<'a>(&'a self, operation: &'a AsyncOperation) -> &'a [MessageUse] {
        if operation.messages_declared {
            return &operation.messages;
        }
        self.channel_of(operation).map_or(&[], |channel| &channel.messages)
    }
}

/// A server, of the root or of `components`.
#[derive(Debug, Clone)]
pub struct AsyncServer {
    /// Its name; its place is the server's.
    pub name: Name,
    /// The server as written.
    pub at: At,
    /// The server after its `$ref`.
    pub def: At,
    /// Version 2: its `url`; version 3: its `host`.
    pub host: Option<Name>,
    /// Version 3: its `pathname`.
    pub pathname: Option<Name>,
    /// Its protocol, such as `kafka`.
    pub protocol: Option<Name>,
    /// The version of the protocol.
    pub protocol_version: Option<Name>,
    /// Its variables, by name at their definitions after a `$ref`.
    pub variables: Vec<Name>,
    /// What a client needs; `None` where it is not said.
    pub security: Option<Vec<SecurityUse>>,
    /// Tags.
    pub tags: Vec<Tag>,
    /// Bindings, by protocol.
    pub bindings: Vec<Binding>,
    /// Whether it stands under `components` and is used only by references.
    pub is_component: bool,
}

/// A need for a security scheme.
#[derive(Debug, Clone)]
pub enum SecurityUse {
    /// Version 2: schemes by their names, with scopes.
    Named(SecurityRequirement),
    /// Version 3: a scheme in place or by reference.
    Scheme {
        /// The scheme as written.
        at: At,
        /// The scheme after its `$ref`.
        def: At,
        /// The scopes asked for.
        scopes: Vec<Name>,
    },
}

/// What a protocol adds to an element.
#[derive(Debug, Clone)]
pub struct Binding {
    /// The protocol, such as `kafka`.
    pub protocol: Name,
    /// The binding object after the `$ref` of the bindings it stands in.
    pub at: At,
}

/// A channel.
#[derive(Debug, Clone)]
pub struct Channel {
    /// The name it has in the document: in version 2 the address itself. Its place is the
    /// channel's.
    pub key: Name,
    /// The channel as written.
    pub at: At,
    /// The channel after its `$ref`.
    pub def: At,
    /// Where messages go; `None` where it is not known in advance.
    pub address: Option<Name>,
    /// The servers it is offered at; `None` means all.
    pub servers: Option<Vec<ServerUse>>,
    /// Parameters of the address.
    pub parameters: Vec<ChannelParameter>,
    /// Messages that may pass (version 3; in version 2 the operations have them).
    pub messages: Vec<MessageUse>,
    /// Tags (version 3).
    pub tags: Vec<Tag>,
    /// Bindings, by protocol.
    pub bindings: Vec<Binding>,
    /// Whether it stands under `components` and is used only by references.
    pub is_component: bool,
}

/// A server that a channel is offered at.
#[derive(Debug, Clone)]
pub struct ServerUse {
    /// The name (version 2) or reference (version 3).
    pub at: At,
    /// The name of the server; the text of the reference where it leads to none.
    pub name: String,
    /// The server it stands for after references, if there is one.
    pub def: Option<At>,
}

/// A parameter of a channel's address.
#[derive(Debug, Clone)]
pub struct ChannelParameter {
    /// Its name; its place is the parameter's.
    pub name: Name,
    /// The parameter as written.
    pub at: At,
    /// The parameter after its `$ref`.
    pub def: At,
    /// Its schema (version 2); in version 3 the parameter itself has `enum` and `default`.
    pub schema: Option<At>,
    /// Where its value is found in a message.
    pub location: Option<Name>,
}

/// A message where it is used.
#[derive(Debug, Clone)]
pub struct MessageUse {
    /// The name it has in its channel (version 3).
    pub key: Option<Name>,
    /// The message as written.
    pub at: At,
    /// The message after its `$ref`s.
    pub def: At,
}

/// What the application does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// It sends (version 2: `subscribe`, said from the other side).
    Send,
    /// It receives (version 2: `publish`, said from the other side).
    Receive,
}

impl Action {
    /// The word of version 3.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Receive => "receive",
        }
    }
}

/// An operation on a channel.
#[derive(Debug, Clone)]
pub struct AsyncOperation {
    /// Its id: `operationId` in version 2, its name among the operations in version 3.
    pub id: Option<Name>,
    /// The operation as written.
    pub at: At,
    /// The operation after its `$ref`.
    pub def: At,
    /// What the application does; `None` where the document says neither.
    pub action: Option<Action>,
    /// The channel: its index in [`AsyncApi::channels`], if it leads to one.
    pub channel: Option<usize>,
    /// The value that names the channel (version 3).
    pub channel_at: Option<At>,
    /// One line, its own or a trait's.
    pub summary: Option<Name>,
    /// More than one line, its own or a trait's.
    pub description: Option<Name>,
    /// What a client needs; `None` where it is not said.
    pub security: Option<Vec<SecurityUse>>,
    /// The messages it names; see [`AsyncApi::messages_of`].
    pub messages: Vec<MessageUse>,
    /// Whether it names its messages; where version 3 does not, all of its channel are meant.
    pub messages_declared: bool,
    /// The answer (version 3).
    pub reply: Option<Reply>,
    /// Traits as written, with what they stand for.
    pub traits: Vec<TraitUse>,
    /// Tags, its own or a trait's.
    pub tags: Vec<Tag>,
    /// Bindings, by protocol.
    pub bindings: Vec<Binding>,
    /// Actors, scopes and all else that the standard does not say.
    pub governance: Governance,
}

/// The answer to an operation.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The reply as written.
    pub at: At,
    /// The reply after its `$ref`.
    pub def: At,
    /// The channel: its index in [`AsyncApi::channels`], if it leads to one.
    pub channel: Option<usize>,
    /// The value that names the channel.
    pub channel_at: Option<At>,
    /// Where the answer goes.
    pub address: Option<At>,
    /// The messages of the answer.
    pub messages: Vec<MessageUse>,
}

/// A trait that is applied to an operation or a message.
#[derive(Debug, Clone, Copy)]
pub struct TraitUse {
    /// The trait as written.
    pub at: At,
    /// The trait after its `$ref`.
    pub def: At,
}

/// A message with its traits applied: in version 2 a trait says more than the message, in
/// version 3 the message more than a trait; of two traits the later one counts.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its definition, after references.
    pub def: At,
    /// The name it is kept under, of the channel or `components`.
    pub key: Option<Name>,
    /// Its `name`.
    pub name: Option<Name>,
    /// Its `messageId` (version 2).
    pub id: Option<Name>,
    /// A title.
    pub title: Option<Name>,
    /// One line.
    pub summary: Option<Name>,
    /// More than one line.
    pub description: Option<Name>,
    /// Its content type, or the document's.
    pub content_type: Option<Name>,
    /// The payload.
    pub payload: Option<Payload>,
    /// What applies to the headers: its own schema and those of traits, which add to each other.
    pub headers: Vec<Payload>,
    /// How messages of one conversation are told.
    pub correlation: Option<Correlation>,
    /// Traits as written, with what they stand for.
    pub traits: Vec<TraitUse>,
    /// Tags.
    pub tags: Vec<Tag>,
    /// Bindings, by protocol.
    pub bindings: Vec<Binding>,
    /// Examples of payload and headers.
    pub examples: Vec<MessageExample>,
}

impl Message {
    /// What people call the message: its name, else its id, else its key.
    #[must_use]
    pub fn label(&self) -> Option<&Name> {
        self.name.as_ref().or(self.id.as_ref()).or(self.key.as_ref())
    }
}

/// How messages of one conversation are told.
#[derive(Debug, Clone)]
pub struct Correlation {
    /// The object as written.
    pub at: At,
    /// The object after its `$ref`.
    pub def: At,
    /// Where the id is, such as `$message.header#/correlationId`.
    pub location: Option<Name>,
}

/// An example of a message.
#[derive(Debug, Clone, Copy)]
pub struct MessageExample {
    /// The example object.
    pub at: At,
    /// An example of the payload.
    pub payload: Option<At>,
    /// An example of the headers.
    pub headers: Option<At>,
}

/// A payload or headers, with the language of its schema.
#[derive(Debug, Clone)]
pub struct Payload {
    /// The value as written.
    pub at: At,
    /// The schema: in a multi-format schema object its member `schema`. As written, so that a
    /// `$ref` may stand there.
    pub schema: At,
    /// Its language.
    pub format: SchemaFormat,
    /// The language as written, where it is.
    pub format_text: Option<Name>,
    /// The schema as Avro, where it is Avro.
    pub avro: Option<Arc<AvroType>>,
}

/// The languages of schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SchemaFormat {
    /// AsyncAPI's own schema object, a superset of JSON Schema draft 7.
    AsyncApi,
    /// A JSON Schema of a draft, or the schema object of OpenAPI 3.0.
    Json(Dialect),
    /// Apache Avro.
    Avro,
    /// RAML data types: recorded by name only.
    Raml,
    /// Protocol buffers: recorded by name only.
    Protobuf,
    /// A language that is not known here.
    Other,
}

impl SchemaFormat {
    /// The dialect of its schemas, if they are JSON Schemas.
    #[must_use]
    pub fn dialect(self) -> Option<Dialect> {
        match self {
            Self::AsyncApi => Some(Dialect::Draft7),
            Self::Json(dialect) => Some(dialect),
            Self::Avro | Self::Raml | Self::Protobuf | Self::Other => None,
        }
    }
}

/// The sections of `components`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AsyncComponentKind {
    /// `schemas`.
    Schema,
    /// `servers`.
    Server,
    /// `serverVariables`.
    ServerVariable,
    /// `channels`.
    Channel,
    /// `operations` (version 3).
    Operation,
    /// `messages`.
    Message,
    /// `securitySchemes`.
    SecurityScheme,
    /// `parameters`.
    Parameter,
    /// `correlationIds`.
    CorrelationId,
    /// `replies` (version 3).
    Reply,
    /// `replyAddresses` (version 3).
    ReplyAddress,
    /// `externalDocs` (version 3).
    ExternalDocs,
    /// `tags` (version 3).
    Tag,
    /// `operationTraits`.
    OperationTrait,
    /// `messageTraits`.
    MessageTrait,
    /// `serverBindings`.
    ServerBindings,
    /// `channelBindings`.
    ChannelBindings,
    /// `operationBindings`.
    OperationBindings,
    /// `messageBindings`.
    MessageBindings,
}

impl AsyncComponentKind {
    /// Every section by its name.
    pub const ALL: [(&'static str, Self); 19] = [
        ("schemas", Self::Schema),
        ("servers", Self::Server),
        ("serverVariables", Self::ServerVariable),
        ("channels", Self::Channel),
        ("operations", Self::Operation),
        ("messages", Self::Message),
        ("securitySchemes", Self::SecurityScheme),
        ("parameters", Self::Parameter),
        ("correlationIds", Self::CorrelationId),
        ("replies", Self::Reply),
        ("replyAddresses", Self::ReplyAddress),
        ("externalDocs", Self::ExternalDocs),
        ("tags", Self::Tag),
        ("operationTraits", Self::OperationTrait),
        ("messageTraits", Self::MessageTrait),
        ("serverBindings", Self::ServerBindings),
        ("channelBindings", Self::ChannelBindings),
        ("operationBindings", Self::OperationBindings),
        ("messageBindings", Self::MessageBindings),
    ];

    /// What messages call one.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Server => "server",
            Self::ServerVariable => "server variable",
            Self::Channel => "channel",
            Self::Operation => "operation",
            Self::Message => "message",
            Self::SecurityScheme => "security scheme",
            Self::Parameter => "parameter",
            Self::CorrelationId => "correlation id",
            Self::Reply => "reply",
            Self::ReplyAddress => "reply address",
            Self::ExternalDocs => "external documentation",
            Self::Tag => "tag",
            Self::OperationTrait => "operation trait",
            Self::MessageTrait => "message trait",
            Self::ServerBindings => "server binding",
            Self::ChannelBindings => "channel binding",
            Self::OperationBindings => "operation binding",
            Self::MessageBindings => "message binding",
        }
    }
}

/// A reusable element.
#[derive(Debug, Clone)]
pub struct AsyncComponent {
    /// Its section.
    pub kind: AsyncComponentKind,
    /// Its name.
    pub name: String,
    /// The element.
    pub at: At,
}
