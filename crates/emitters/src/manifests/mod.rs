//! Manifests: the operations and the events of a graph, each as one list.

use serde_json::{Map, Value, json};
use tenon_graph::{ErrorCode, Graph, Name, Operation, OperationKind};
use tenon_source::At;

use crate::components::name_of;
use crate::text::{self, texts};
use crate::{Emission, Input, Refusal, facts, head};

/// What names of schema files end in.
const ENDING: &str = ".schema.json";

/// The manifest of operations as a target.
pub(crate) fn operations(input: &Input<'_>) -> Result<Emission, Refusal> {
    let graph = input.graph;
    let all = graph.operations.iter().filter(|operation| operation.kind != OperationKind::Message);
    let entries: Vec<Value> = all.map(|operation| operation_entry(graph, operation)).collect();
    if entries.is_empty() {
        return Err(Refusal::Nothing { lacks: "operation" });
    }
    let mut out = opening(graph);
    out.insert("endpoints".to_owned(), Value::Array(entries));
    let errors: Map<String, Value> =
        graph.errors.iter().map(|entry| (entry.code.text.clone(), error(entry))).collect();
    if !errors.is_empty() {
        out.insert("errors".to_owned(), Value::Object(errors));
    }
    Ok(Emission::file("operations.json", text::json(&Value::Object(out))))
}

/// The manifest of events as a target.
pub(crate) fn events(input: &Input<'_>) -> Result<Emission, Refusal> {
    let graph = input.graph;
    let entries: Vec<Value> = graph.events.iter().map(|event| event_entry(graph, event)).collect();
    if entries.is_empty() {
        return Err(Refusal::Nothing { lacks: "event" });
    }
    let mut out = opening(graph);
    let envelope = graph.event_manifests.iter().find_map(|manifest| manifest.envelope_schema.as_ref());
    if let Some(envelope) = envelope.and_then(|envelope| schema(graph, Some(envelope))) {
        out.insert("event_envelope_schema".to_owned(), envelope.into());
    }
    out.insert("event_types".to_owned(), Value::Array(entries));
    Ok(Emission::file("events.json", text::json(&Value::Object(out))))
}

/// What the manifest is of.
fn opening(graph: &Graph) -> Map<String, Value> {
    let mut out = Map::new();
    let manifest = graph.api_manifests.iter().find_map(|manifest| manifest.id.as_ref());
    let id = manifest.map_or_else(|| head::title(graph), |id| id.text.clone());
    out.insert("id".to_owned(), id.into());
    out.insert("version".to_owned(), head::version(graph).into());
    out
}

/// Method, path, id, schemas, actors, scopes and idempotency, then whatever else contracts say.
fn operation_entry(graph: &Graph, operation: &Operation) -> Value {
    let governance = &operation.governance;
    let mut out = Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            out.insert(key.to_owned(), value);
        }
    };
    let text = |name: &Option<Name>| name.as_ref().map(|name| Value::from(name.as_str()));
    put("operation_id", Some(id(operation).into()));
    put("method", operation.http.as_ref().map(|http| http.method.as_str().into()));
    put("path", operation.http.as_ref().map(|http| http.path.text.as_str().into()));
    put("rpc", operation.rpc.as_ref().map(|rpc| rpc.path().into()));
    put("summary", text(&operation.summary).or_else(|| text(&operation.description)));
    put("request_schema", request(graph, operation).map(Value::from));
    put("response_schema", response(graph, operation).map(Value::from));
    put("idempotency_required", Some(governance.idempotency.as_ref().is_some_and(|one| one.required).into()));
    put("auth", Some(auth(operation)));
    if let Some(emits) = &governance.emits {
        put("emits", Some(json!(texts(emits))));
    }
    if let Some(Value::Object(facts)) = facts::of(operation) {
        let own = ["auth", "actors", "scopes", "role", "x-handler"];
        for (key, value) in facts.into_iter().filter(|(key, _)| !own.contains(&key.as_str())) {
            put(&key, Some(value));
        }
    }
    Value::Object(out)
}

/// What the catalogue says of a code.
fn error(entry: &ErrorCode) -> Value {
    let members = [
        ("http", entry.http_status.map(Value::from)),
        ("grpc", entry.grpc_status.as_ref().map(|name| name.as_str().into())),
        ("retryable", entry.retryable.map(Value::from)),
        ("message", entry.message.as_ref().map(|name| name.as_str().into())),
    ];
    let said = members.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Value::Object(said.collect())
}

/// Who may call.
fn auth(operation: &Operation) -> Value {
    let governance = &operation.governance;
    let mut out = Map::new();
    out.insert("required".to_owned(), (governance.auth_required != Some(false)).into());
    let authentication = operation.service.as_ref().and_then(|service| service.authentication.as_ref());
    if let Some(authentication) = authentication {
        out.insert("authentication".to_owned(), authentication.as_str().into());
    }
    let actors = texts(governance.actors.as_deref().unwrap_or_default());
    out.insert("allowed_actor_types".to_owned(), json!(actors));
    let scopes = texts(governance.scopes.as_deref().unwrap_or_default());
    out.insert("required_scopes".to_owned(), json!(scopes));
    if let Some(role) = &governance.role {
        out.insert("role".to_owned(), role.as_str().into());
    }
    Value::Object(out)
}

fn event_entry(graph: &Graph, event: &tenon_graph::Event) -> Value {
    let mut out = Map::new();
    let text = |name: &Option<Name>| name.as_ref().map(|name| Value::from(name.as_str()));
    let payload = schema(graph, event.payload_schema.as_ref()).map(Value::from);
    let minimum = (!event.minimum_fields.is_empty()).then(|| json!(texts(&event.minimum_fields)));
    let members = [
        ("type", Some(event.name.as_str().into())),
        ("description", graph.node(event.at).get_str("description").map(Value::from)),
        ("payload_schema", payload),
        ("minimum_payload_fields", minimum),
        ("delivery", text(&event.delivery)),
        ("deduplication_key", text(&event.deduplication_key)),
        ("ordering", text(&event.ordering)),
        ("public", event.public.map(Value::from)),
    ];
    for (key, value) in members {
        if let Some(value) = value {
            out.insert(key.to_owned(), value);
        }
    }
    Value::Object(out)
}

/// What an operation is called by: its id, else what people call it.
pub(crate) fn id(operation: &Operation) -> String {
    operation.id.as_ref().map_or_else(|| operation.label(), |id| id.text.clone())
}

/// The name of the schema file of a request.
fn request(graph: &Graph, operation: &Operation) -> Option<String> {
    let types = operation.rpc.as_ref().and_then(|rpc| rpc.types);
    let body = operation.detail.request.as_ref().and_then(|body| body.content.first()?.schema);
    message(graph, types.and_then(|types| types.request))
        .or_else(|| schema(graph, operation.request_schema.as_ref()))
        .or_else(|| body.map(|at| file_name(graph, at)))
}

/// The name of the schema file of a success.
fn response(graph: &Graph, operation: &Operation) -> Option<String> {
    let types = operation.rpc.as_ref().and_then(|rpc| rpc.types);
    let success = operation.detail.responses.iter().find(|response| response.status.starts_with('2'));
    let body = success.and_then(|response| response.content.first()?.schema);
    message(graph, types.and_then(|types| types.response))
        .or_else(|| schema(graph, operation.response_schema.as_ref()))
        .or_else(|| body.map(|at| file_name(graph, at)))
}

fn message(graph: &Graph, id: Option<tenon_graph::protobuf::MessageId>) -> Option<String> {
    Some(format!("{}{ENDING}", graph.protobuf.message(id?).full_name))
}

fn schema(graph: &Graph, schema: Option<&Result<At, Name>>) -> Option<String> {
    match schema? {
        Ok(at) => Some(file_name(graph, *at)),
        Err(name) => Some(name.text.clone()),
    }
}

fn file_name(graph: &Graph, at: At) -> String {
    format!("{}{ENDING}", name_of(graph, graph.follow(at)))
}
