//! One operation.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use tenon_graph::{Contract, ErrorCode, Graph, Name, Operation, Parameter, ParameterIn};
use tenon_source::At;

use super::{media, native};
use crate::components::Components;
use crate::inline::inlined;
use crate::{bodies, facts};

/// The name of the security scheme.
pub(super) const SCHEME: &str = "bearer";

/// What an idempotency key looks like: a quoted string of Structured Fields, or a bare token without
/// what would end one.
const KEY_PATTERN: &str = r#"^("[ !#-\[\]-~]{1,253}"|[!#-+./0-:<-~-]{1,255})$"#;

pub(super) fn write(
    graph: &Graph,
    contract: Option<&Contract>,
    operation: &Operation,
    components: &mut Components<'_>,
) -> Value {
    let mut out = Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            out.insert(key.to_owned(), value);
        }
    };
    let text = |name: &Option<Name>| name.as_ref().map(|name| Value::from(name.text.as_str()));
    put("operationId", text(&operation.id));
    put("summary", text(&operation.summary));
    put("description", text(&operation.description).or_else(|| text(&operation.summary)));
    let mut tags: Vec<Value> = operation.detail.tags.iter().map(|tag| tag.text.as_str().into()).collect();
    if tags.is_empty() {
        // Documentation is grouped by something: the contract, where nothing else is said.
        tags.extend(contract.and_then(|contract| text(&contract.name)));
    }
    put("tags", (!tags.is_empty()).then_some(Value::Array(tags)));
    let deprecated = operation.detail.deprecated || operation.governance.deprecation.is_some();
    put("deprecated", deprecated.then_some(Value::Bool(true)));
    let parameters = parameters(graph, contract, operation, components);
    put("parameters", (!parameters.is_empty()).then_some(Value::Array(parameters)));
    put("externalDocs", native::copied(graph, operation, "externalDocs"));
    put("requestBody", media::request(graph, operation, components));
    put("responses", Some(media::responses(graph, operation, components)));
    put("security", security(graph, operation));
    put("servers", native::copied(graph, operation, "servers"));
    put("x-tenon", native::with_own(graph, operation, facts::of(operation)));
    Value::Object(out)
}

fn parameters(
    graph: &Graph,
    contract: Option<&Contract>,
    operation: &Operation,
    components: &mut Components<'_>,
) -> Vec<Value> {
    let mut out: Vec<Value> =
        operation.detail.parameters.iter().filter_map(|one| parameter(graph, one, components)).collect();
    let has = |out: &[Value], name: &str| {
        out.iter().any(|one| {
            one.get("name").and_then(Value::as_str).is_some_and(|known| known.eq_ignore_ascii_case(name))
        })
    };
    for name in operation.http.iter().flat_map(|http| http.path_parameters()) {
        if !has(&out, name) {
            out.push(json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }));
        }
    }
    for name in bodies::query(operation) {
        if !has(&out, name) {
            out.push(
                json!({ "name": name, "in": "query", "required": false, "schema": { "type": "string" } }),
            );
        }
    }
    // What the policies look at is part of the interface, whoever wrote the contract.
    let tenant = contract.and_then(|contract| contract.serving.tenant_header.as_ref());
    let scoped = operation.governance.tenancy.as_ref().is_some_and(|tenancy| tenancy.scoped);
    let key = operation.governance.idempotency.as_ref().filter(|_| operation.is_mutating());
    let header = key.map(|key| key.key.as_ref().map_or("Idempotency-Key", |name| name.as_str()));
    let header = header.map(|name| name.split_once(':').map_or(name, |(_, name)| name.trim()));
    let own = [
        (tenant.map(Name::as_str).filter(|_| scoped), true, json!({ "type": "string", "minLength": 1 })),
        (header, key.is_some_and(|key| key.required), json!({ "type": "string", "pattern": KEY_PATTERN })),
    ];
    for (name, required, schema) in own {
        if let Some(name) = name.filter(|name| !has(&out, name)) {
            out.push(json!({ "name": name, "in": "header", "required": required, "schema": schema }));
        }
    }
    out
}

fn parameter(graph: &Graph, parameter: &Parameter, components: &mut Components<'_>) -> Option<Value> {
    let place = match parameter.place? {
        ParameterIn::Path => "path",
        ParameterIn::Query => "query",
        ParameterIn::Header => "header",
        ParameterIn::Cookie => "cookie",
        _ => return None,
    };
    let mut out = Map::new();
    out.insert("name".to_owned(), parameter.name.as_ref()?.text.as_str().into());
    out.insert("in".to_owned(), place.into());
    if let Some(description) = graph.node(parameter.def).get_str("description") {
        out.insert("description".to_owned(), description.into());
    }
    out.insert("required".to_owned(), parameter.required.into());
    let node = graph.node(parameter.def);
    // Of Swagger 2 the parameter is its own schema, and its words are those of the schema.
    for key in ["deprecated", "style", "explode", "allowReserved", "allowEmptyValue", "example", "examples"] {
        let value = node.get(key).filter(|_| node.get("type").is_none());
        if let Some(value) = value {
            out.insert(key.to_owned(), inlined(graph, At { file: parameter.def.file, node: value.id() }));
        }
    }
    let content = parameter.content.first().and_then(|media| media.schema);
    match (parameter.schema, content) {
        (None, Some(_)) => {
            let content = media::contents(graph, &parameter.content, components);
            out.insert("content".to_owned(), Value::Object(content));
        }
        (schema, _) => {
            let schema = schema.map_or_else(|| json!({}), |schema| components.used(schema));
            out.insert("schema".to_owned(), schema);
        }
    }
    Some(Value::Object(out))
}

/// The reason codes of an operation by status.
pub(super) fn refusals<'g>(graph: &'g Graph, operation: &'g Operation) -> BTreeMap<String, Vec<&'g str>> {
    let mut out: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for code in operation.governance.reason_codes.iter().flatten() {
        let entry: Option<&ErrorCode> = graph
            .errors
            .iter()
            .find(|entry| entry.code.text == code.text && entry.at.file == operation.at.file);
        if let Some(status) = entry.and_then(|entry| entry.http_status) {
            out.entry(status.to_string()).or_default().push(&code.text);
        }
    }
    out
}

/// Who may call, as the contract says, else as the document does.
fn security(graph: &Graph, operation: &Operation) -> Option<Value> {
    let governance = &operation.governance;
    if let Some(api) = native::api_of(graph, operation) {
        let own = operation.detail.security.as_ref();
        return own.or(api.security.as_ref()).map(|requirements| native::security(requirements));
    }
    if governance.auth_required == Some(false) || !(governance.declared || operation.service.is_some()) {
        return Some(json!([]));
    }
    let scopes: Vec<&str> = governance.scopes.iter().flatten().map(Name::as_str).collect();
    Some(json!([{ SCHEME: scopes }]))
}
