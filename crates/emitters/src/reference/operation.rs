//! One operation as people read it.

use serde_json::{Map, Value, json};
use tenon_graph::protobuf::MessageId;
use tenon_graph::{ExampleOf, Graph, Name, Operation, OperationKind, ParameterIn, to_value};
use tenon_source::At;

use super::facts;
use super::schema::{BASE, members, rules, ty};
use crate::catalogue::retry;
use crate::components::Components;
use crate::manifests::id;

/// Examples that are shown of one side, a count.
const EXAMPLES_MAX: usize = 2;

/// An operation, ready for a template.
pub(super) fn of(graph: &Graph, operation: &Operation, slug: &str, components: &mut Components<'_>) -> Value {
    let text = |name: &Option<Name>| name.as_ref().map_or("", |name| name.as_str()).to_owned();
    let http = operation.http.as_ref();
    let summary = text(&operation.summary);
    let description = text(&operation.description);
    let kind = match operation.kind {
        OperationKind::Webhook => "webhook",
        OperationKind::Callback => "callback",
        _ => "",
    };
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| out.insert(key.to_owned(), value);
    put("slug", slug.into());
    put("id", id(operation).into());
    put("method", http.map_or("", |http| http.method.as_str()).into());
    put("path", http.map_or("", |http| http.path.as_str()).into());
    put("rpc", operation.rpc.as_ref().map(|rpc| rpc.path()).unwrap_or_default().into());
    put("streams", streams(operation).into());
    put("kind", kind.into());
    put("about", if summary.is_empty() { description.clone() } else { summary.clone() }.into());
    put(
        "more",
        if summary.is_empty() || summary == description { String::new() } else { description }.into(),
    );
    let deprecated = operation.detail.deprecated || operation.governance.deprecation.is_some();
    put("deprecated", deprecated.into());
    put("facts", Value::Array(facts::rows(graph, operation)));
    put("parameters", Value::Array(parameters(graph, operation, components)));
    put("request", request(graph, operation, components));
    put("responses", Value::Array(responses(graph, operation, components)));
    put("errors", Value::Array(errors(graph, operation)));
    let emits: Vec<&str> = operation.governance.emits.iter().flatten().map(Name::as_str).collect();
    put("emits", json!(emits));
    Value::Object(out)
}

/// Which side of an RPC is a stream.
fn streams(operation: &Operation) -> &'static str {
    let types = operation.rpc.as_ref().and_then(|rpc| rpc.types);
    match types.map(|types| (types.client_streaming, types.server_streaming)) {
        Some((true, true)) => "both sides stream",
        Some((true, false)) => "the client streams",
        Some((false, true)) => "the server streams",
        _ => "",
    }
}

fn parameters(graph: &Graph, operation: &Operation, components: &mut Components<'_>) -> Vec<Value> {
    let mut out = Vec::new();
    for parameter in &operation.detail.parameters {
        let place = match parameter.place {
            Some(ParameterIn::Path) => "path",
            Some(ParameterIn::Query | ParameterIn::QueryString) => "query",
            Some(ParameterIn::Header) => "header",
            Some(ParameterIn::Cookie) => "cookie",
            Some(ParameterIn::FormData) => "form",
            Some(ParameterIn::Body) | None => continue,
        };
        let Some(name) = &parameter.name else { continue };
        let schema = parameter.schema.or_else(|| parameter.content.first()?.schema);
        let schema = schema.map_or(Value::Bool(true), |at| components.used(at));
        out.push(json!({
            "name": name.text,
            "in": place,
            "required": parameter.required,
            "type": ty(&schema),
            "about": graph.node(parameter.def).get_str("description").unwrap_or_default(),
            "rules": rules(&schema),
        }));
    }
    for name in operation.http.iter().flat_map(|http| http.path_parameters()) {
        let known = |one: &Value| one.get("name").and_then(Value::as_str) == Some(name);
        if !out.iter().any(known) {
            let string = json!([{ "text": "string", "schema": null }]);
            out.push(json!({ "name": name, "in": "path", "required": true, "type": string, "about": "", "rules": [] }));
        }
    }
    out
}

/// One side of the exchange: its type, members, and examples.
fn side(graph: &Graph, at: Option<At>, schema: &Value, of_request: bool) -> Map<String, Value> {
    let target = at.map(|at| graph.follow(at));
    let fitting = graph.examples.iter().filter(|one| {
        target.is_some_and(|target| graph.follow(one.schema) == target)
            && matches!(one.of, ExampleOf::File | ExampleOf::Media)
            && one.request.is_none_or(|request| request == of_request)
    });
    let examples: Vec<String> = fitting
        .take(EXAMPLES_MAX)
        .map(|one| serde_json::to_string_pretty(&to_value(graph.node(one.value))).unwrap_or_default())
        .collect();
    let mut out = Map::new();
    out.insert("type".to_owned(), ty(schema));
    let members = members(schema);
    out.insert("inline".to_owned(), (!members.is_empty()).into());
    out.insert("members".to_owned(), Value::Array(members));
    out.insert("examples".to_owned(), json!(examples));
    out
}

fn message(graph: &Graph, id: Option<MessageId>) -> Option<Value> {
    let name = &graph.protobuf.message(id?).full_name;
    Some(json!({ "$ref": format!("{BASE}{name}") }))
}

fn request(graph: &Graph, operation: &Operation, components: &mut Components<'_>) -> Value {
    let types = operation.rpc.as_ref().and_then(|rpc| rpc.types);
    if let Some(schema) = message(graph, types.and_then(|types| types.request)) {
        return Value::Object(side(graph, None, &schema, true));
    }
    let body = operation.detail.request.as_ref().and_then(|body| body.content.first()?.schema);
    let native = operation.request_schema.as_ref().and_then(|schema| schema.as_ref().ok()).copied();
    let Some(at) = native.or(body) else { return Value::Null };
    let schema = components.used(at);
    Value::Object(side(graph, Some(at), &schema, true))
}

fn responses(graph: &Graph, operation: &Operation, components: &mut Components<'_>) -> Vec<Value> {
    let mut out = Vec::new();
    let mut add = |status: &str, about: &str, mut side: Map<String, Value>| {
        side.insert("status".to_owned(), status.into());
        side.insert("about".to_owned(), about.into());
        out.push(Value::Object(side));
    };
    let types = operation.rpc.as_ref().and_then(|rpc| rpc.types);
    if let Some(schema) = message(graph, types.and_then(|types| types.response)) {
        add("OK", "", side(graph, None, &schema, false));
    }
    if let Some(Ok(at)) = &operation.response_schema {
        let handler = operation.governance.serving.as_ref().and_then(|serving| serving.handler.as_ref());
        let status =
            handler.and_then(|handler| handler.status).map_or("200".to_owned(), |status| status.to_string());
        let schema = components.used(*at);
        add(&status, "", side(graph, Some(*at), &schema, false));
    }
    for response in &operation.detail.responses {
        let about = graph.node(response.def).get_str("description").unwrap_or_default();
        let at = response.content.first().and_then(|media| media.schema);
        let side = match at {
            Some(at) => {
                let schema = components.used(at);
                side(graph, Some(at), &schema, false)
            }
            None => [
                ("type", json!([])),
                ("inline", json!(false)),
                ("members", json!([])),
                ("examples", json!([])),
            ]
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
        };
        add(&response.status, about, side);
    }
    out
}

fn errors(graph: &Graph, operation: &Operation) -> Vec<Value> {
    let codes = operation.governance.reason_codes.iter().flatten();
    codes
        .map(|code| {
            let same = |entry: &&tenon_graph::ErrorCode| entry.code.text == code.text;
            let near = graph.errors.iter().filter(|entry| entry.at.file == operation.at.file).find(same);
            let entry = near.or_else(|| graph.errors.iter().find(same));
            json!({
                "code": code.text,
                "http": entry.and_then(|entry| entry.http_status).map(|status| status.to_string()).unwrap_or_default(),
                "grpc": entry.and_then(|entry| entry.grpc_status.as_ref()).map_or("", |name| name.as_str()),
                "retry": retry(entry),
                "message": entry.and_then(|entry| entry.message.as_ref()).map_or("", |name| name.as_str()),
            })
        })
        .collect()
}
