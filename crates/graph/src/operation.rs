//! Operations: what a caller can ask for, whatever format says so.

use tenon_source::{At, FileId};

use crate::protobuf::{MessageId, RpcId};
use crate::service::ServiceEndpoint;
use crate::{Action, Body, Governance, Name, Parameter, Response, SecurityRequirement, Server};

/// An HTTP method, or what stands in its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Method(String);

impl Method {
    /// A method by its name in any case.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(name.to_ascii_uppercase())
    }

    /// The name in upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the method may change state: `POST`, `PUT`, `PATCH` or `DELETE`.
    #[must_use]
    pub fn is_mutating(&self) -> bool {
        matches!(self.as_str(), "POST" | "PUT" | "PATCH" | "DELETE")
    }
}

/// Where an operation is found over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpBinding {
    /// The method.
    pub method: Method,
    /// The path as it is written, such as `/pets/{id}` or `/pets/:id`.
    pub path: Name,
}

impl HttpBinding {
    /// The path with every parameter as `{}` and no slash at its end: equal for paths that match
    /// the same requests. `{x}` and `:x` are the same parameter.
    #[must_use]
    pub fn normal_path(&self) -> String {
        let mut out = String::with_capacity(self.path.text.len());
        for segment in self.path.text.trim_end_matches('/').split('/').skip(1) {
            out.push('/');
            if segment.starts_with(':') || (segment.starts_with('{') && segment.ends_with('}')) {
                out.push_str("{}");
            } else {
                out.push_str(segment);
            }
        }
        out
    }

    /// The names of the path's parameters in order.
    pub fn path_parameters(&self) -> impl Iterator<Item = &str> {
        template_parameters(&self.path.text)
    }
}

/// The parameter names of a path template: `{x}` anywhere in a segment, or a segment `:x`.
pub fn template_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').flat_map(|segment| {
        let express = segment.strip_prefix(':').filter(|name| !name.is_empty());
        let braces = segment.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
        express.into_iter().chain(braces)
    })
}

/// Where an operation is found over RPC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RpcBinding {
    /// Service with its package, such as `domed.v1.DomedService`.
    pub service: Name,
    /// Method name.
    pub method: Name,
    /// What is sent and comes back, where the RPC was read from Protobuf.
    pub types: Option<RpcTypes>,
}

impl RpcBinding {
    /// Service and method as gRPC writes them: `domed.v1.DomedService/CancelJob`.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}/{}", self.service.text, self.method.text)
    }
}

/// The Protobuf side of an RPC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RpcTypes {
    /// The RPC.
    pub rpc: RpcId,
    /// What is sent, unless its name stands for nothing.
    pub request: Option<MessageId>,
    /// What comes back, unless its name stands for nothing.
    pub response: Option<MessageId>,
    /// Whether the client sends a stream.
    pub client_streaming: bool,
    /// Whether the server sends a stream.
    pub server_streaming: bool,
}

/// Where an operation is found in a system of messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelBinding {
    /// What the application does, where it is said.
    pub action: Option<Action>,
    /// The document's own word for it: `publish`, `subscribe`, `send` or `receive`.
    pub word: &'static str,
    /// The channel's address, or its name where it has none.
    pub channel: Name,
}

/// Whether an operation is part of the current scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Must be built.
    Required,
    /// Must not be built yet.
    Deferred,
}

/// Which part of a document an operation stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationKind {
    /// Offered by the API.
    Offered,
    /// An OpenAPI webhook: called by the API.
    Webhook,
    /// An OpenAPI callback: called by the API, as an answer to another operation.
    Callback,
    /// An operation on a channel, of AsyncAPI.
    Message,
}

/// What OpenAPI says about an operation beyond what all formats share.
#[derive(Debug, Clone, Default)]
pub struct HttpDetail {
    /// The path item the operation stands in, after its `$ref`.
    pub path_item: Option<At>,
    /// Parameters: the operation's own first, then those of the path item it does not override.
    pub parameters: Vec<Parameter>,
    /// Request body (Swagger 2: the `body` parameter or the form).
    pub request: Option<Body>,
    /// Responses in document order.
    pub responses: Vec<Response>,
    /// The object `responses`.
    pub responses_at: Option<At>,
    /// Security requirements; `None` where the document's apply.
    pub security: Option<Vec<SecurityRequirement>>,
    /// Own servers.
    pub servers: Vec<Server>,
    /// Tags.
    pub tags: Vec<Name>,
    /// Whether it is deprecated.
    pub deprecated: bool,
}

/// One operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The document it belongs to.
    pub file: FileId,
    /// The object it was read from.
    pub at: At,
    /// Where it stands in its document.
    pub kind: OperationKind,
    /// Operation id.
    pub id: Option<Name>,
    /// HTTP binding.
    pub http: Option<HttpBinding>,
    /// RPC binding.
    pub rpc: Option<RpcBinding>,
    /// Channel binding.
    pub channel: Option<ChannelBinding>,
    /// One line.
    pub summary: Option<Name>,
    /// More than one line.
    pub description: Option<Name>,
    /// Status in the current scope, where the format has one.
    pub status: Option<Status>,
    /// Schema of the request: a place of a schema, or the name of one that is missing.
    pub request_schema: Option<Result<At, Name>>,
    /// Schema of the success response, likewise.
    pub response_schema: Option<Result<At, Name>>,
    /// Actors, scopes, idempotency and all else that standard formats do not say.
    pub governance: Governance,
    /// What OpenAPI says.
    pub detail: HttpDetail,
    /// What service contracts say.
    pub service: Option<Box<ServiceEndpoint>>,
}

impl Operation {
    /// An operation of which only the place is known.
    #[must_use]
    pub fn new(file: FileId, at: At) -> Self {
        Self {
            file,
            at,
            kind: OperationKind::Offered,
            id: None,
            http: None,
            rpc: None,
            channel: None,
            summary: None,
            description: None,
            status: None,
            request_schema: None,
            response_schema: None,
            governance: Governance::default(),
            detail: HttpDetail::default(),
            service: None,
        }
    }

    /// How messages name the operation: `GET /pets/{id}`, else its RPC, else its channel as in
    /// `send orders/created`, else its id.
    #[must_use]
    pub fn label(&self) -> String {
        if let Some(channel) = &self.channel {
            return format!("{} {}", channel.word, channel.channel.text);
        }
        match (&self.http, &self.rpc, &self.id) {
            (Some(http), _, _) => format!("{} {}", http.method.as_str(), http.path.text),
            (None, Some(rpc), _) => format!("{}/{}", rpc.service.text, rpc.method.text),
            (None, None, Some(id)) => id.text.clone(),
            (None, None, None) => "an operation without a name".to_owned(),
        }
    }

    /// Whether the operation may change state.
    #[must_use]
    pub fn is_mutating(&self) -> bool {
        self.http.as_ref().is_some_and(|http| http.method.is_mutating())
    }
}
