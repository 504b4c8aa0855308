//! What OpenAPI documents say of themselves: servers, tags, security.

use serde_json::{Map, Value, json};
use tenon_graph::{Graph, HttpApi, OpenApiVersion, Operation, SecurityRequirement, SecurityScheme};
use tenon_source::At;

use crate::inline::inlined;

/// The document an operation was read from.
pub(super) fn api_of<'g>(graph: &'g Graph, operation: &Operation) -> Option<&'g HttpApi> {
    graph.apis.iter().find(|api| api.file == operation.file)
}

/// A member of an operation as it is written, where its document says it.
pub(super) fn copied(graph: &Graph, operation: &Operation, key: &str) -> Option<Value> {
    api_of(graph, operation)?;
    let value = graph.node(operation.at).get(key)?;
    Some(inlined(graph, At { file: operation.at.file, node: value.id() }))
}

/// The facts of an operation, with whatever else its own `x-tenon` says.
pub(super) fn with_own(graph: &Graph, operation: &Operation, facts: Option<Value>) -> Option<Value> {
    let Some(Value::Object(own)) = copied(graph, operation, "x-tenon") else { return facts };
    let mut out = match facts {
        Some(Value::Object(facts)) => facts,
        _ => Map::new(),
    };
    for (key, value) in own {
        out.entry(key).or_insert(value);
    }
    (!out.is_empty()).then_some(Value::Object(out))
}

/// Security requirements.
pub(super) fn security(requirements: &[SecurityRequirement]) -> Value {
    let one = |requirement: &SecurityRequirement| {
        let schemes = requirement.schemes.iter().map(|(name, scopes)| {
            let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
            (name.text.clone(), json!(scopes))
        });
        Value::Object(schemes.collect())
    };
    requirements.iter().map(one).collect()
}

/// The servers of all documents; the current one where none is named.
pub(super) fn servers(graph: &Graph) -> Value {
    let mut out: Vec<Value> = Vec::new();
    for api in &graph.apis {
        for server in &api.servers {
            let written = match (api.version, &server.url) {
                (OpenApiVersion::V2, Some(url)) => json!({ "url": url.as_str() }),
                (OpenApiVersion::V2, None) => continue,
                _ => inlined(graph, server.at),
            };
            if !out.contains(&written) {
                out.push(written);
            }
        }
    }
    if out.is_empty() {
        out.push(json!({ "url": "/" }));
    }
    Value::Array(out)
}

/// The tags that documents declare, each once.
pub(super) fn tags(graph: &Graph) -> Vec<Value> {
    let mut out: Vec<Value> = Vec::new();
    for tag in graph.apis.iter().flat_map(|api| &api.tags) {
        let written = inlined(graph, tag.at);
        let is_known = |other: &Value| other.get("name") == written.get("name");
        if !out.iter().any(is_known) {
            out.push(written);
        }
    }
    out
}

/// The security schemes of all documents, by name.
pub(super) fn schemes(graph: &Graph) -> Map<String, Value> {
    let mut out = Map::new();
    for api in &graph.apis {
        for scheme in &api.security_schemes {
            out.entry(scheme.name.clone()).or_insert_with(|| self::scheme(graph, api, scheme));
        }
    }
    out
}

/// A scheme; one of Swagger 2 in the words of version 3.
fn scheme(graph: &Graph, api: &HttpApi, scheme: &SecurityScheme) -> Value {
    let mut written = inlined(graph, scheme.def);
    let Some(members) = written.as_object_mut().filter(|_| api.version == OpenApiVersion::V2) else {
        return written;
    };
    let text = |value: Option<Value>| value.and_then(|value| value.as_str().map(str::to_owned));
    match members.get("type").and_then(Value::as_str) {
        Some("basic") => {
            members.insert("type".to_owned(), "http".into());
            members.insert("scheme".to_owned(), "basic".into());
        }
        Some("oauth2") => {
            let flow = match text(members.shift_remove("flow")).as_deref() {
                Some("application") => "clientCredentials",
                Some("accessCode") => "authorizationCode",
                Some("password") => "password",
                _ => "implicit",
            };
            let parts = ["authorizationUrl", "tokenUrl", "scopes"];
            let parts: Map<String, Value> = parts
                .iter()
                .filter_map(|key| Some(((*key).to_owned(), members.shift_remove(*key)?)))
                .collect();
            members.insert("flows".to_owned(), json!({ flow: parts }));
        }
        _ => {}
    }
    written
}
