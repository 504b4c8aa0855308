//! Operations as RPCs.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use tenon_graph::mapping::{pascal, snake};
use tenon_graph::{Graph, Operation, OperationKind, ParameterIn};

use crate::bodies;
use crate::components::Components;
use crate::manifests::id;

/// One operation, ready to be written.
pub(super) struct Call {
    /// Its name.
    pub(super) name: String,
    /// What people are told of it.
    pub(super) about: String,
    /// Where it is over HTTP.
    pub(super) place: Option<String>,
    /// Whether it may be sent twice, in the words of the language.
    pub(super) idempotency: Option<&'static str>,
    /// What is sent.
    pub(super) request: Side,
    /// What comes back.
    pub(super) response: Side,
}

/// One side of a call: a schema, which is either a message already or is wrapped in one of its own.
pub(super) struct Side {
    /// The schema.
    pub(super) schema: Value,
    /// The name of its own message, where it needs one.
    pub(super) own: String,
}

/// The operations that are offered, in order.
pub(super) fn calls(graph: &Graph, components: &mut Components<'_>) -> Vec<Call> {
    let mut taken = BTreeSet::new();
    let offered = graph.operations.iter().filter(|operation| operation.kind == OperationKind::Offered);
    let mut out = Vec::new();
    for operation in offered {
        let base = pascal(&id(operation));
        let mut name = base.clone();
        let mut number = 2;
        while !taken.insert(name.clone()) {
            name = format!("{base}{number}");
            number += 1;
        }
        out.push(call(graph, operation, name, components));
    }
    out
}

fn call(graph: &Graph, operation: &Operation, name: String, components: &mut Components<'_>) -> Call {
    let about = operation.description.as_ref().or(operation.summary.as_ref());
    let request = Side { schema: request(graph, operation, components), own: format!("{name}Request") };
    let response = Side { schema: response(operation, components), own: format!("{name}Response") };
    Call {
        about: about.map(|name| name.text.clone()).unwrap_or_default(),
        place: operation.http.as_ref().map(|http| format!("{} {}", http.method.as_str(), http.path.text)),
        idempotency: idempotency(operation),
        request,
        response,
        name,
    }
}

fn idempotency(operation: &Operation) -> Option<&'static str> {
    let reads = operation.http.as_ref().is_some_and(|http| matches!(http.method.as_str(), "GET" | "HEAD"));
    let keyed = operation.governance.idempotency.as_ref().is_some_and(|one| one.required);
    match (reads, keyed) {
        (true, _) => Some("NO_SIDE_EFFECTS"),
        (false, true) => Some("IDEMPOTENT"),
        (false, false) => None,
    }
}

/// The body alone where there is nothing else, or an object of parameters and body. Headers are
/// metadata of a call and no part of its message.
fn request(graph: &Graph, operation: &Operation, components: &mut Components<'_>) -> Value {
    let body = operation.detail.request.as_ref().and_then(|body| body.content.first()?.schema);
    let native = operation.request_schema.as_ref().and_then(|schema| schema.as_ref().ok()).copied();
    let body = body.or(native).map(|at| components.used(at)).or_else(|| bodies::request(graph, operation));
    let mut properties = Map::new();
    let mut required = Vec::new();
    for parameter in &operation.detail.parameters {
        let is_part = matches!(parameter.place, Some(ParameterIn::Path | ParameterIn::Query));
        let Some(name) = parameter.name.as_ref().filter(|_| is_part) else { continue };
        let schema = parameter.schema.map_or_else(|| json!({ "type": "string" }), |at| components.used(at));
        properties.insert(name.text.clone(), schema);
        if parameter.required {
            required.push(Value::from(name.text.as_str()));
        }
    }
    let in_path = operation.http.iter().flat_map(|http| http.path_parameters());
    for name in in_path {
        if !properties.contains_key(name) {
            properties.insert(name.to_owned(), json!({ "type": "string" }));
            required.push(name.into());
        }
    }
    for name in bodies::query(operation) {
        properties.entry(name).or_insert_with(|| json!({ "type": "string" }));
    }
    match body {
        Some(body) if properties.is_empty() => body,
        Some(body) => {
            let taken = properties.keys().any(|name| snake(name) == "body");
            let key = if taken { "request_body" } else { "body" };
            properties.insert(key.to_owned(), body);
            required.push(key.into());
            json!({ "type": "object", "properties": properties, "required": required })
        }
        None => json!({ "type": "object", "properties": properties, "required": required }),
    }
}

/// The body of a success; any value where the contract does not say.
fn response(operation: &Operation, components: &mut Components<'_>) -> Value {
    let native = operation.response_schema.as_ref().and_then(|schema| schema.as_ref().ok()).copied();
    let success = operation.detail.responses.iter().find(|response| response.status.starts_with('2'));
    let body = success.and_then(|response| response.content.first()?.schema);
    match native.or(body) {
        Some(at) => components.used(at),
        // A success that is declared without a body has none.
        None if success.is_some() => json!({ "type": "object", "properties": {} }),
        None => json!({ "type": "object", "properties": { "result": {} } }),
    }
}
