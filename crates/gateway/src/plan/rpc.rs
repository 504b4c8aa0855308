//! Methods of services: what is called over gRPC, and where it is found over HTTP.

use std::collections::BTreeMap;

use buffa_descriptor::MessageIndex;
use http::Method;
use tenon_graph::protobuf::{IdempotencyLevel, OptionValue, Rpc};
use tenon_graph::serving::{Action, HandlerKind};
use tenon_graph::{Graph, HttpBinding, Method as Word, Name, Operation};

use super::problem::{Problems, ROUTE_INVALID};
use super::router::{Found, Routes};
use crate::grpc::Messages;

/// The option that says where a method is found over HTTP.
const HTTP_RULE: &str = "(google.api.http)";

/// A method of a service.
#[derive(Debug)]
pub struct RpcPlan {
    /// Service with its package.
    pub service: String,
    /// The method.
    pub method: String,
    /// Whether the caller sends a stream.
    pub client_streaming: bool,
    /// Whether the answer is a stream.
    pub server_streaming: bool,
    pub(crate) request: MessageIndex,
    pub(crate) response: MessageIndex,
    /// The message that tells how a call ended, where the response begins with one.
    pub(crate) status: Option<MessageIndex>,
    /// The same of any method of the service: refusals have it among their details.
    pub(crate) refusal: Option<MessageIndex>,
}

impl RpcPlan {
    /// The plan of an operation that is an RPC whose messages are known.
    pub(super) fn new(operation: &Operation, messages: &Messages, graph: &Graph) -> Option<Self> {
        let rpc = operation.rpc.as_ref()?;
        let types = rpc.types?;
        let index = |id| messages.index(&graph.protobuf.message(id).full_name);
        let response = index(types.response?)?;
        let status = messages.status_of(response);
        let service = graph.protobuf.service(graph.protobuf.rpc(types.rpc).service);
        let others = graph.protobuf.rpcs_of(service.rpcs).iter().filter_map(|other| index(other.response?));
        Some(Self {
            service: rpc.service.text.clone(),
            method: rpc.method.text.clone(),
            client_streaming: types.client_streaming,
            server_streaming: types.server_streaming,
            request: index(types.request?)?,
            response,
            status,
            refusal: status.or_else(|| others.into_iter().find_map(|other| messages.status_of(other))),
        })
    }

    /// Where every method is found: `POST /domed.v1.DomedService/CancelJob`.
    pub(super) fn http(&self, operation: &Operation) -> HttpBinding {
        let path = format!("/{}/{}", self.service, self.method);
        HttpBinding { method: Word::new("POST"), path: Name::new(path, operation.at) }
    }
}

/// Whether an RPC may change something. Its format says so where it says anything; else what the
/// contract demands of it does.
pub(super) fn is_mutating(graph: &Graph, operation: &Operation) -> bool {
    let types = operation.rpc.as_ref().and_then(|rpc| rpc.types);
    let level = types.map(|types| graph.protobuf.rpc(types.rpc).idempotency);
    if level == Some(IdempotencyLevel::NoSideEffects) {
        return false;
    }
    let governance = &operation.governance;
    let handler = governance.serving.as_ref().and_then(|serving| serving.handler.as_ref());
    let acts = match handler.map(|handler| &handler.kind) {
        Some(HandlerKind::Resource { action, .. }) => !matches!(action, Action::Get | Action::List),
        Some(HandlerKind::Job(action)) => action.is_mutating(),
        _ => false,
    };
    acts || governance.idempotency.as_ref().is_some_and(|idempotency| idempotency.required)
}

/// Methods by their paths, and their other paths over HTTP.
#[derive(Debug, Default)]
pub struct Rpcs {
    pub(crate) messages: Option<Messages>,
    /// `domed.v1.DomedService/CancelJob` to the operation.
    methods: BTreeMap<String, usize>,
    services: Vec<String>,
    bindings: Vec<Binding>,
    routes: Routes,
}

impl Rpcs {
    pub(super) fn new(messages: Option<Messages>) -> Self {
        Self { messages, ..Self::default() }
    }

    /// Adds a method, with the paths its own file gives it.
    pub(super) fn add(
        &mut self,
        graph: &Graph,
        operation: &Operation,
        plan: &RpcPlan,
        index: usize,
        problems: &mut Problems<'_>,
    ) {
        self.methods.insert(format!("{}/{}", plan.service, plan.method), index);
        if !self.services.contains(&plan.service) {
            self.services.push(plan.service.clone());
            self.services.sort();
        }
        let mut rules = Vec::new();
        if let Some(types) = operation.rpc.as_ref().and_then(|rpc| rpc.types) {
            rules = http_rules(graph.protobuf.rpc(types.rpc));
        }
        if let Some(http) = &operation.http {
            rules.push(HttpRule {
                method: http.method.as_str().to_owned(),
                path: http.path.text.clone(),
                body: if http.method.is_mutating() { BodyOf::All } else { BodyOf::Nothing },
            });
        }
        for rule in rules {
            let added = Binding::new(&rule, index).and_then(|(template, binding)| {
                self.routes.add(&rule.method, &template, self.bindings.len())?;
                Ok(binding)
            });
            match added {
                Ok(binding) => self.bindings.push(binding),
                Err(why) => problems.add(
                    &ROUTE_INVALID,
                    operation.at,
                    why,
                    "write the path with names and `*` for single segments; the method is served at its own path in any case",
                ),
            }
        }
    }

    /// The operation of a path such as `/domed.v1.DomedService/CancelJob`.
    pub(crate) fn method(&self, path: &str) -> Option<usize> {
        self.methods.get(path.strip_prefix('/')?).copied()
    }

    /// Services, sorted.
    pub(crate) fn services(&self) -> &[String] {
        &self.services
    }

    /// The operation of a path of its own over HTTP, with what the path says of the request.
    pub(crate) fn binding(&self, method: &Method, path: &str) -> Option<Bound> {
        let Found::Operation(index, values) = self.routes.find(method, path) else { return None };
        let binding = self.bindings.get(index)?;
        let mut fields = Vec::new();
        for (field, pieces) in &binding.fields {
            let mut value = String::new();
            for piece in pieces {
                match piece {
                    Piece::Text(text) => value.push_str(text),
                    Piece::Slot(slot) => value.push_str(values.get(*slot).map_or("", |(_, value)| value)),
                }
            }
            fields.push((field.clone(), value));
        }
        Some(Bound { operation: binding.operation, fields, body: binding.body.clone() })
    }
}

/// What the path of a request says of its message.
#[derive(Debug, Clone)]
pub(crate) struct Bound {
    pub(crate) operation: usize,
    /// Fields with their values, as texts.
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) body: BodyOf,
}

/// What of a message the body of a request is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BodyOf {
    /// All of it that the path has not.
    All,
    /// One field.
    Field(String),
    /// Nothing: the query has it.
    Nothing,
}

#[derive(Debug)]
struct Binding {
    operation: usize,
    fields: Vec<(String, Vec<Piece>)>,
    body: BodyOf,
}

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// The value of a parameter of the path, counted.
    Slot(usize),
}

struct HttpRule {
    method: String,
    path: String,
    body: BodyOf,
}

/// What `google.api.http` says, its additional bindings too.
fn http_rules(rpc: &Rpc) -> Vec<HttpRule> {
    let Some(option) = rpc.options.get(HTTP_RULE) else { return Vec::new() };
    let mut rules: Vec<HttpRule> = http_rule(&option.value).into_iter().collect();
    for entry in option.value.entries().iter().filter(|entry| &*entry.name == "additional_bindings") {
        match &entry.value {
            OptionValue::List(items) => rules.extend(items.iter().filter_map(|(_, one)| http_rule(one))),
            one => rules.extend(http_rule(one)),
        }
    }
    rules
}

fn http_rule(value: &OptionValue) -> Option<HttpRule> {
    let named = |name| value.get(name).and_then(OptionValue::as_str);
    let usual = ["get", "put", "post", "delete", "patch"];
    let (method, path) = match usual.iter().find_map(|word| Some((word.to_ascii_uppercase(), named(word)?))) {
        Some(found) => found,
        None => {
            let custom = value.get("custom")?;
            let text = |name| custom.get(name).and_then(OptionValue::as_str);
            (text("kind")?.to_owned(), text("path")?)
        }
    };
    let body = match named("body") {
        None | Some("") => BodyOf::Nothing,
        Some("*") => BodyOf::All,
        Some(field) => BodyOf::Field(field.to_owned()),
    };
    Some(HttpRule { method, path: path.to_owned(), body })
}

impl Binding {
    /// The binding of a rule, and its path as the router takes it.
    fn new(rule: &HttpRule, operation: usize) -> Result<(String, Self), String> {
        let many = || format!("`{}` has `**`, which is not served", rule.path);
        let mut template = String::new();
        let (mut fields, mut slots) = (Vec::new(), 0);
        let mut rest = rule.path.as_str();
        let mut slot = |template: &mut String| {
            template.push_str(&format!("{{n{slots}}}"));
            slots += 1;
            Piece::Slot(slots - 1)
        };
        while let Some((before, after)) = rest.split_once('{') {
            let (variable, behind) =
                after.split_once('}').ok_or_else(|| format!("`{}` has a `{{` without `}}`", rule.path))?;
            literal(&mut template, before, &mut slot).ok_or_else(many)?;
            let (field, pattern) = variable.split_once('=').unwrap_or((variable, "*"));
            let pieces = literal(&mut template, pattern, &mut slot).ok_or_else(many)?;
            fields.push((field.to_owned(), pieces));
            rest = behind;
        }
        literal(&mut template, rest, &mut slot).ok_or_else(many)?;
        Ok((template, Self { operation, fields, body: rule.body.clone() }))
    }
}

/// Copies a piece of a path, each `*` as a parameter; `None` where it has `**`.
fn literal(
    template: &mut String,
    text: &str,
    slot: &mut impl FnMut(&mut String) -> Piece,
) -> Option<Vec<Piece>> {
    if text.contains("**") {
        return None;
    }
    let mut pieces = Vec::new();
    for (index, part) in text.split('*').enumerate() {
        if index > 0 {
            pieces.push(slot(template));
        }
        if !part.is_empty() {
            template.push_str(part);
            pieces.push(Piece::Text(part.to_owned()));
        }
    }
    Some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(path: &str, asked: &str) -> Option<Vec<(String, String)>> {
        let rule = HttpRule { method: "GET".to_owned(), path: path.to_owned(), body: BodyOf::Nothing };
        let (template, binding) = Binding::new(&rule, 0).unwrap();
        let mut rpcs = Rpcs::default();
        rpcs.routes.add("GET", &template, 0).unwrap();
        rpcs.bindings.push(binding);
        rpcs.binding(&Method::GET, asked).map(|bound| bound.fields)
    }

    #[test]
    fn paths_fill_fields() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(bound("/v1/jobs/{job_id}", "/v1/jobs/7"), Some(vec![pair("job_id", "7")]));
        assert_eq!(
            bound("/v1/{name=shelves/*/books/*}:read", "/v1/shelves/a/books/b:read"),
            Some(vec![pair("name", "shelves/a/books/b")])
        );
        assert_eq!(bound("/v1/{a.b}/x/{c}", "/v1/1/x/2"), Some(vec![pair("a.b", "1"), pair("c", "2")]));
        assert_eq!(bound("/v1/jobs/{job_id}", "/v1/jobs"), None);
    }

    #[test]
    fn paths_of_any_depth_are_refused() {
        let rule = HttpRule { method: "GET".to_owned(), path: "/v1/{n=**}".to_owned(), body: BodyOf::All };
        assert!(Binding::new(&rule, 0).unwrap_err().contains("**"));
    }
}
