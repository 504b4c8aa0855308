//! One operation as whoever calls it sees it.

use std::collections::BTreeMap;

use tenon_graph::service::{ServiceEndpoint, TENANT_PARAMETERS};
use tenon_graph::serving::{Action, ContractServing, Handler, HandlerKind};
use tenon_graph::{Contract, ExampleOf, Graph, MediaType, Name, Operation, Parameter, ParameterIn};
use tenon_schemas::{Direction, Key};
use tenon_source::At;

use super::{Claims, key};

/// Bytes of a megabyte as `maxSizeMb` counts them.
const MEGABYTE: f64 = 1_048_576.0;

/// Header of the key where the contract names none.
const KEY_HEADER: &str = "Idempotency-Key";

/// Header of the correlation id where the contract names none.
pub const CORRELATION_HEADER: &str = "X-Correlation-Id";

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header field.
    Header,
}

/// A parameter.
#[derive(Debug, Clone)]
pub struct ParameterFacts {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// Whether it must be given.
    pub required: bool,
    /// Its schema.
    pub schema: Option<Key>,
    /// Whether it is written as JSON, and not as plain text.
    pub json: bool,
    /// Its place.
    pub at: At,
}

/// The body of requests.
#[derive(Debug, Clone)]
pub struct BodyFacts {
    /// Whether there must be one.
    pub required: bool,
    /// The media type it is sent as; `None` where it is no JSON.
    pub media_type: Option<String>,
    /// Its schema.
    pub schema: Option<Key>,
    /// Examples of it that the contract has.
    pub examples: Vec<At>,
}

/// The file an operation takes.
#[derive(Debug, Clone, PartialEq)]
pub struct UploadFacts {
    /// Media types; any where there is none.
    pub types: Vec<String>,
    /// Its largest size, in bytes.
    pub bytes_max: Option<u64>,
}

/// How repeated calls are told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyed {
    /// The header field of the key, or the member of the body.
    pub header: String,
    /// Whether it stands in the body.
    pub in_body: bool,
    /// Whether a key must be given.
    pub required: bool,
    /// The status another request under the same key gets, where it is said.
    pub conflict: Option<u16>,
    /// Schema of the key.
    pub schema: Option<Key>,
}

/// How often an operation may be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateFacts {
    /// The class.
    pub class: String,
    /// Whether the three `X-RateLimit-*` fields are promised.
    pub x_fields: bool,
    /// How many at once, where it is said.
    pub burst: Option<u64>,
}

/// One operation as whoever calls it sees it.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Its id, or its label.
    pub id: String,
    /// Method and path, as in `GET /pets/{id}`.
    pub label: String,
    /// The method.
    pub method: String,
    /// The path template.
    pub path: String,
    /// Its place in the contract.
    pub at: At,
    /// Whether it may change something.
    pub mutating: bool,
    /// Whether anyone may call.
    pub public: bool,
    /// Actor types that may call; `None` where all may.
    pub actors: Option<Vec<String>>,
    /// Scopes that are all needed.
    pub scopes: Vec<String>,
    /// The role that is needed.
    pub role: Option<String>,
    /// Whether it belongs to a tenant.
    pub tenant_scoped: bool,
    /// The header field that names the tenant.
    pub tenant_header: Option<String>,
    /// The path parameter that names the tenant.
    pub tenant_path: Option<String>,
    /// The header field of the correlation id.
    pub correlation_header: String,
    /// How repeated calls are told apart.
    pub keyed: Option<Keyed>,
    /// How often it may be called.
    pub rate: Option<RateFacts>,
    /// Parameters that nothing else above speaks of.
    pub parameters: Vec<ParameterFacts>,
    /// Whether query parameters that are not described are refused.
    pub rejects_unknown_query: bool,
    /// The body.
    pub body: Option<BodyFacts>,
    /// The file it takes, in a form.
    pub upload: Option<UploadFacts>,
    /// Replies: status as in `200` or `2XX`, schema.
    pub replies: Vec<(String, Option<Key>)>,
    /// Reason codes it may answer with; `None` where nothing is said.
    pub reason_codes: Option<Vec<String>>,
    /// What it calls conditions.
    pub refusals: BTreeMap<String, String>,
    /// Claims of its callers.
    pub claims: Claims,
    /// Whether a contract speaks of it, and not a document alone.
    pub governed: bool,
}

impl Endpoint {
    /// What the graph says of an operation; `None` where it has no HTTP binding and is no method of
    /// a service, which is found at a path of its own.
    #[must_use]
    pub fn of(graph: &Graph, operation: &Operation, contract: Option<&Contract>) -> Option<Self> {
        let (method, path) = match (&operation.http, &operation.rpc) {
            (Some(http), _) => (http.method.as_str(), http.path.text.clone()),
            (None, Some(rpc)) => ("POST", format!("/{}/{}", rpc.service.text, rpc.method.text)),
            (None, None) => return None,
        };
        let facts = &operation.governance;
        let serving = contract.map(|contract| contract.serving.as_ref());
        let own = facts.serving.as_deref();
        let tenancy = facts.tenancy.as_ref();
        let source = tenancy.and_then(|one| one.source.as_ref()).map(|name| name.text.as_str());
        let told = |kind: &str| source.and_then(|source| source.strip_prefix(kind)).map(str::to_owned);
        let named = serving.and_then(|serving| serving.tenant_header.as_ref()).map(|name| name.text.clone());
        let document = graph.apis.iter().any(|api| api.root.file == operation.file);
        let mut endpoint = Self {
            id: operation.id.as_ref().map_or_else(|| operation.label(), |id| id.text.clone()),
            label: operation.label(),
            method: method.to_owned(),
            path,
            at: operation.at,
            mutating: operation.is_mutating(),
            public: is_public(graph, operation),
            actors: facts.actors.as_deref().map(texts),
            scopes: facts.scopes.as_deref().map(texts).unwrap_or_default(),
            role: facts.role.as_ref().map(|role| role.text.clone()),
            tenant_scoped: tenancy.is_some_and(|tenancy| tenancy.scoped),
            tenant_header: named.or_else(|| told("header:")),
            tenant_path: told("path:"),
            correlation_header: serving
                .and_then(|serving| serving.correlation_header.as_ref())
                .map_or_else(|| CORRELATION_HEADER.to_owned(), |name| name.text.clone()),
            keyed: facts
                .idempotency
                .as_ref()
                .filter(|one| one.required || operation.is_mutating())
                .map(keyed),
            rate: facts.rate_class.as_ref().map(|class| rate(class, serving)),
            parameters: operation.detail.parameters.iter().filter_map(|one| parameter(graph, one)).collect(),
            rejects_unknown_query: own.and_then(|own| own.rejects_unknown_query).unwrap_or(!document),
            body: body(graph, operation),
            upload: own.and_then(|own| own.handler.as_ref()).and_then(upload),
            replies: replies(graph, operation),
            reason_codes: facts.reason_codes.as_deref().map(texts),
            refusals: own.map(refusals).unwrap_or_default(),
            claims: claims(serving),
            governed: facts.declared,
        };
        if let Some(service) = &operation.service {
            endpoint.complete(graph, service);
        }
        endpoint.take_own_headers();
        Some(endpoint)
    }

    /// What service contracts say beyond what all formats share.
    fn complete(&mut self, graph: &Graph, service: &ServiceEndpoint) {
        self.rejects_unknown_query = false;
        let tenant = self.path_names().find(|name| TENANT_PARAMETERS.contains(name)).map(str::to_owned);
        if self.tenant_path.is_none() && tenant.is_some() {
            self.tenant_path = tenant;
            self.tenant_scoped = !self.public;
        }
        if service.file_upload == Some(true) {
            let types = service.allowed_mime_types.iter().flatten().map(|name| name.text.clone());
            let bytes_max = service.max_size_mb.map(|megabytes| (megabytes * MEGABYTE) as u64);
            self.upload = Some(UploadFacts { types: types.collect(), bytes_max });
        }
        if service.accepts_body == Some(true) && service.file_upload != Some(true) && self.body.is_none() {
            let schema = service.body_schema.map(|at| key(graph, at, Direction::Request));
            let examples = schema.map(|key| examples(graph, key)).unwrap_or_default();
            let media_type = Some("application/json".to_owned());
            self.body = Some(BodyFacts { required: self.mutating, media_type, schema, examples });
        }
    }

    /// Header fields that have a meaning of their own are no parameters of the caller's choice.
    fn take_own_headers(&mut self) {
        let is = |one: &ParameterFacts, name: &str| {
            one.place == Place::Header && one.name.eq_ignore_ascii_case(name)
        };
        if let Some(keyed) = &mut self.keyed {
            keyed.schema =
                self.parameters.iter().find(|one| is(one, &keyed.header)).and_then(|one| one.schema);
        }
        let own = [
            self.keyed.as_ref().map(|keyed| keyed.header.as_str()),
            self.tenant_header.as_deref(),
            Some(self.correlation_header.as_str()),
            Some("authorization"),
            Some("content-type"),
            Some("accept"),
        ];
        let tenant_path = self.tenant_path.clone();
        self.parameters.retain(|one| !own.iter().flatten().any(|name| is(one, name)));
        self.parameters
            .retain(|one| one.place != Place::Path || tenant_path.as_deref() != Some(one.name.as_str()));
    }

    /// What is said of replies with a status.
    #[must_use]
    pub fn reply(&self, status: u16) -> Option<&(String, Option<Key>)> {
        let (exact, family) = (status.to_string(), format!("{}XX", status / 100));
        let find = |wanted: &str| self.replies.iter().find(|(known, _)| known.eq_ignore_ascii_case(wanted));
        find(&exact).or_else(|| find(&family)).or_else(|| find("default"))
    }

    /// Parameters of the path, in order.
    pub fn path_names(&self) -> impl Iterator<Item = &str> {
        tenon_graph::template_parameters(&self.path)
    }

    /// The path with its parameters filled in, percent-encoded.
    ///
    /// # Errors
    /// The name of the parameter that has no value.
    pub fn fill(&self, values: &BTreeMap<String, String>) -> Result<String, String> {
        let mut path = String::new();
        for segment in self.path.split('/').skip(1) {
            path.push('/');
            let express = segment.strip_prefix(':').filter(|name| !name.is_empty());
            if let Some(name) = express {
                let value = values.get(name).ok_or_else(|| name.to_owned())?;
                path.push_str(&crate::client::encode(value));
                continue;
            }
            let mut rest = segment;
            while let Some((before, after)) = rest.split_once('{') {
                let Some((name, after)) = after.split_once('}') else { break };
                let value = values.get(name).ok_or_else(|| name.to_owned())?;
                path.push_str(before);
                path.push_str(&crate::client::encode(value));
                rest = after;
            }
            path.push_str(rest);
        }
        Ok(if path.is_empty() { "/".to_owned() } else { path })
    }
}

/// Whether a media type is JSON.
#[must_use]
pub fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json")
}

fn texts(names: &[Name]) -> Vec<String> {
    names.iter().map(|name| name.text.clone()).collect()
}

fn is_public(graph: &Graph, operation: &Operation) -> bool {
    let facts = &operation.governance;
    if let Some(required) = facts.auth_required {
        return !required;
    }
    if facts.declared {
        return false;
    }
    let api = graph.apis.iter().find(|api| api.root.file == operation.file);
    let security = operation.detail.security.as_ref().or_else(|| api?.security.as_ref());
    security.is_none_or(Vec::is_empty)
}

fn keyed(said: &tenon_graph::Idempotency) -> Keyed {
    let header = said.key.as_ref().map_or(KEY_HEADER, |name| name.text.as_str());
    let in_body = header.starts_with("field:");
    let header = header.split_once(':').map_or(header, |(_, name)| name.trim());
    let conflict = said.conflict.as_ref();
    Keyed {
        header: header.to_owned(),
        in_body,
        required: said.required,
        conflict: conflict.and_then(|name| name.text.trim().get(..3)?.parse().ok()),
        schema: None,
    }
}

fn rate(class: &Name, serving: Option<&ContractServing>) -> RateFacts {
    let known =
        serving.and_then(|serving| serving.rate_classes.iter().find(|one| one.name.text == class.text));
    RateFacts {
        class: class.text.clone(),
        x_fields: serving.is_some_and(|serving| serving.x_rate_limit),
        burst: known.and_then(|known| known.burst.or(known.requests)),
    }
}

fn refusals(own: &tenon_graph::serving::OperationServing) -> BTreeMap<String, String> {
    own.refusals.iter().map(|(condition, code)| (condition.text.clone(), code.text.clone())).collect()
}

fn claims(serving: Option<&ContractServing>) -> Claims {
    let mut claims = Claims::usual();
    let Some(serving) = serving else { return claims };
    let set = |claim: &mut String, name: &Option<Name>| {
        if let Some(name) = name {
            claim.clone_from(&name.text);
        }
    };
    set(&mut claims.actor_type, &serving.actor_type_claim);
    set(&mut claims.tenant, &serving.tenant_claim);
    set(&mut claims.delegation, &serving.delegation_claim);
    if !serving.delegating_actors.is_empty() {
        claims.delegating_actors = texts(&serving.delegating_actors);
    }
    claims
}

fn parameter(graph: &Graph, parameter: &Parameter) -> Option<ParameterFacts> {
    let place = match parameter.place? {
        ParameterIn::Path => Place::Path,
        ParameterIn::Query => Place::Query,
        ParameterIn::Header => Place::Header,
        _ => return None,
    };
    let content = parameter.content.first().and_then(|media| media.schema);
    let schema = parameter.schema.or(content);
    Some(ParameterFacts {
        name: parameter.name.as_ref()?.text.clone(),
        place,
        required: parameter.required || place == Place::Path,
        schema: schema.map(|at| key(graph, at, Direction::Request)),
        json: parameter.schema.is_none() && content.is_some(),
        at: parameter.def,
    })
}

fn body(graph: &Graph, operation: &Operation) -> Option<BodyFacts> {
    let native = operation.request_schema.as_ref().and_then(|schema| schema.as_ref().ok());
    let (required, media_type, schema) = match (&operation.detail.request, native) {
        (Some(body), _) => {
            let json = body.content.iter().find(|media| is_json(&media.name));
            (body.required, json.map(|media| media.name.clone()), json.and_then(|media| media.schema))
        }
        (None, Some(at)) => (true, Some("application/json".to_owned()), Some(*at)),
        (None, None) => return None,
    };
    let schema = schema.map(|at| key(graph, at, Direction::Request));
    let examples = schema.map(|key| examples(graph, key)).unwrap_or_default();
    Some(BodyFacts { required, media_type, schema, examples })
}

fn upload(handler: &Handler) -> Option<UploadFacts> {
    let HandlerKind::Resource { action: Action::Upload, .. } = handler.kind else { return None };
    Some(UploadFacts { types: texts(&handler.types), bytes_max: handler.bytes_max })
}

fn examples(graph: &Graph, key: Key) -> Vec<At> {
    let at = graph.follow(key.at);
    let of_it = graph.examples.iter().filter(|example| {
        graph.follow(example.schema) == at
            && example.of != ExampleOf::Default
            && example.request != Some(false)
    });
    of_it.map(|example| example.value).collect()
}

fn replies(graph: &Graph, operation: &Operation) -> Vec<(String, Option<Key>)> {
    if let (true, Some(Ok(at))) = (operation.detail.responses.is_empty(), &operation.response_schema) {
        let schema = Some(key(graph, *at, Direction::Response));
        // A contract tells of success alone; of its status only where the handler says one.
        let handler = operation.governance.serving.as_ref().and_then(|own| own.handler.as_ref());
        let status = handler.and_then(|handler| handler.status);
        return vec![(status.map_or_else(|| "2XX".to_owned(), |status| status.to_string()), schema)];
    }
    let json = |content: &[MediaType]| {
        let media = content.iter().find(|media| is_json(&media.name));
        media.and_then(|media| media.schema).map(|at| key(graph, at, Direction::Response))
    };
    operation.detail.responses.iter().map(|reply| (reply.status.clone(), json(&reply.content))).collect()
}
