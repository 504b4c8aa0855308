//! One endpoint, with what its fields say together.

use tenon_graph::service::{ServiceEndpoint, Signature, SignatureProblem, parse_signature};
use tenon_graph::{Graph, Name, Operation, Status};
use tenon_source::{At, Node};

use crate::Settings;
use crate::facts::words::{chains, fold};

/// Middleware that validates a request body, as the specification names it.
const BODY_VALIDATION: &[&str] = &["validateBody", "validateInput", "validate"];

/// Middleware that tells who calls.
const AUTHENTICATION: &[&str] = &[
    "authenticate",
    "requireAuth",
    "requireAuthentication",
    "authMiddleware",
    "isAuthenticated",
    "authenticateToken",
    "authenticateJwt",
    "ensureAuthenticated",
];

/// Words of a purpose or path that make an endpoint public by its nature.
const PUBLIC: &[&str] = &[
    "login",
    "signin",
    "register",
    "registration",
    "signup",
    "forgotpassword",
    "resetpassword",
    "passwordreset",
    "requestpasswordreset",
    "health",
    "healthz",
    "healthcheck",
    "livez",
    "readyz",
];

/// An operation that service contracts describe.
#[derive(Clone, Copy)]
pub struct Endpoint<'g> {
    /// The operation.
    pub operation: &'g Operation,
    /// What service contracts say about it.
    pub service: &'g ServiceEndpoint,
}

/// One entry of `routeArgs`.
#[derive(Debug, Clone)]
pub struct Argument<'g> {
    /// As written.
    pub name: &'g Name,
    /// The identifiers after `req`, as in `body.email`; empty where it takes nothing of the request.
    pub request: Vec<&'g str>,
    /// Its last identifier.
    pub last: &'g str,
}

impl<'g> Argument<'g> {
    fn read(name: &'g Name) -> Self {
        let chains = chains(&name.text);
        let last = chains.last().and_then(|chain| chain.last()).copied().unwrap_or_default();
        let of_request = chains.iter().find(|chain| matches!(chain.first(), Some(&("req" | "request"))));
        let request = of_request.and_then(|chain| chain.get(1..)).unwrap_or_default().to_vec();
        Self { name, request, last }
    }

    /// Whether it reads the body.
    #[must_use]
    pub fn is_body(&self) -> bool {
        self.request.first() == Some(&"body")
    }

    /// The body's field it reads; `None` where it reads the body as a whole or not at all.
    #[must_use]
    pub fn body_field(&self) -> Option<&'g str> {
        if self.is_body() { self.request.get(1).copied() } else { None }
    }

    /// Whether it is an object whose fields are not named: `req.body`, `req.query`, `req.file`.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.request.len() <= 1
    }
}

impl<'g> Endpoint<'g> {
    /// How messages name it.
    #[must_use]
    pub fn label(&self) -> String {
        self.operation.label()
    }

    /// The method in upper case; empty where it is missing.
    #[must_use]
    pub fn method(&self) -> &'g str {
        self.operation.http.as_ref().map_or("", |http| http.method.as_str())
    }

    /// The path; empty where it is missing.
    #[must_use]
    pub fn path(&self) -> &'g str {
        self.operation.http.as_ref().map_or("", |http| http.path.text.as_str())
    }

    /// The path's segments.
    #[must_use]
    pub fn segments(&self) -> Vec<&'g str> {
        self.path().split('/').filter(|segment| !segment.is_empty()).collect()
    }

    /// The value the endpoint was read from.
    #[must_use]
    pub fn node(&self, graph: &'g Graph) -> Node<'g> {
        graph.node(self.operation.at)
    }

    /// A member of the endpoint.
    #[must_use]
    pub fn outer(&self, graph: &'g Graph, key: &str) -> Option<Node<'g>> {
        self.node(graph).get(key)
    }

    /// A member of its `serviceContract`.
    #[must_use]
    pub fn inner(&self, graph: &'g Graph, key: &str) -> Option<Node<'g>> {
        graph.node(self.service.contract?).get(key)
    }

    /// The place of a member of the endpoint.
    #[must_use]
    pub fn outer_at(&self, graph: &'g Graph, key: &str) -> Option<At> {
        let node = self.outer(graph, key)?;
        Some(At { file: self.operation.file, node: node.id() })
    }

    /// The place of a member of its `serviceContract`, or of that where the member is missing.
    #[must_use]
    pub fn inner_at(&self, graph: &'g Graph, key: &str) -> Option<At> {
        let node = self.inner(graph, key);
        node.map(|node| At { file: self.operation.file, node: node.id() }).or(self.service.contract)
    }

    /// Whether it is part of the current scope.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.operation.status == Some(Status::Required)
    }

    /// Whether it is put off.
    #[must_use]
    pub fn is_deferred(&self) -> bool {
        self.operation.status == Some(Status::Deferred)
    }

    /// Whether its method is made to carry a body.
    #[must_use]
    pub fn may_carry_body(&self) -> bool {
        matches!(self.method(), "POST" | "PUT" | "PATCH")
    }

    /// The entries of `routeArgs`.
    #[must_use]
    pub fn arguments(&self) -> Vec<Argument<'g>> {
        self.service.route_args.iter().flatten().map(Argument::read).collect()
    }

    /// The first argument that reads the body.
    #[must_use]
    pub fn body_argument(&self) -> Option<Argument<'g>> {
        self.arguments().into_iter().find(Argument::is_body)
    }

    /// The body's fields that are read by name.
    #[must_use]
    pub fn body_fields(&self) -> Vec<(&'g str, &'g Name)> {
        let arguments = self.arguments().into_iter();
        arguments.filter_map(|argument| Some((argument.body_field()?, argument.name))).collect()
    }

    /// Whether the body is passed on as a whole.
    #[must_use]
    pub fn passes_whole_body(&self) -> bool {
        self.arguments().iter().any(|argument| argument.is_body() && argument.body_field().is_none())
    }

    /// The names of its middleware, without the arguments of a call.
    pub fn middleware(&self) -> impl Iterator<Item = &'g str> {
        let all = self.service.middleware.iter().flatten();
        all.map(|name| name.text.split('(').next().unwrap_or_default().trim())
    }

    /// Whether it has a middleware of that name.
    #[must_use]
    pub fn has_middleware(&self, name: &str) -> bool {
        self.middleware().any(|found| found == name)
    }

    /// Whether its body is validated.
    #[must_use]
    pub fn validates_body(&self, settings: &Settings) -> bool {
        self.middleware().any(|name| {
            let further = settings.validation_middleware.iter().any(|alias| alias == name);
            BODY_VALIDATION.contains(&name) || (further && !name.ends_with("Access"))
        })
    }

    /// Whether the caller is told by middleware.
    #[must_use]
    pub fn authenticates(&self) -> bool {
        self.middleware().any(|name| AUTHENTICATION.contains(&name))
    }

    /// Whether it takes a file.
    #[must_use]
    pub fn takes_file(&self) -> bool {
        let of_file = |argument: &Argument<'_>| matches!(argument.request.first(), Some(&("file" | "files")));
        self.arguments().iter().any(of_file)
    }

    /// Its signature taken apart; `None` where it has none.
    #[must_use]
    pub fn signature(&self) -> Option<Result<Signature, SignatureProblem>> {
        Some(parse_signature(&self.service.signature.as_ref()?.text))
    }

    /// Its notes; empty where it has none.
    #[must_use]
    pub fn notes(&self) -> &'g str {
        self.service.notes.as_ref().map_or("", |notes| notes.text.trim())
    }

    /// Whether anyone may call it by its nature: logging in, registering, resetting a password,
    /// health.
    #[must_use]
    pub fn is_public_by_nature(&self) -> bool {
        let purpose = self.service.purpose.as_ref().map(|purpose| fold(&purpose.text));
        let is_public = |word: &str| PUBLIC.contains(&word);
        purpose.is_some_and(|purpose| is_public(&purpose))
            || self.segments().last().is_some_and(|segment| is_public(&fold(segment)))
    }

    /// Whether it gives a token to the caller: its purpose is `login` or `token-refresh`.
    #[must_use]
    pub fn gives_token(&self) -> bool {
        let purpose = self.service.purpose.as_ref().map(|purpose| fold(&purpose.text));
        matches!(purpose.as_deref(), Some("login" | "tokenrefresh" | "refreshtoken"))
    }

    /// Whether it registers an account.
    #[must_use]
    pub fn registers(&self) -> bool {
        let purpose = self.service.purpose.as_ref().map(|purpose| fold(&purpose.text));
        matches!(purpose.as_deref(), Some("register" | "registration" | "signup"))
    }

    /// Whether its answer is a list: said by `returnsList`, else told by its shape.
    #[must_use]
    pub fn returns_list(&self, graph: &Graph) -> bool {
        if let Some(said) = self.service.returns_list {
            return said;
        }
        let last_is_name = self.segments().last().is_some_and(|segment| !segment.starts_with([':', '{']));
        if self.method() != "GET" || !last_is_name {
            return false;
        }
        let purpose = self.service.purpose.as_ref().map_or("", Name::as_str).to_lowercase();
        let by_response = self.service.responses.is_some_and(|at| {
            let schema = graph.node(at).at("/200/schema");
            schema.is_some_and(|schema| schema.is_array() || schema.get_str("type") == Some("array"))
        });
        let notes = self.notes().to_lowercase();
        purpose.starts_with("list")
            || purpose.starts_with("search")
            || by_response
            || notes.contains("returns array")
            || notes.contains("returns an array")
            || notes.contains("returns a list")
    }
}
