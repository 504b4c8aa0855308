//! One operation.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use tenon_graph::{
    Contract, ErrorCode, Governance, Graph, Name, Operation, Parameter, ParameterIn, to_value,
};

use crate::components::Components;
use crate::facts;

/// The name of the security scheme.
pub(super) const SCHEME: &str = "bearer";

/// What an idempotency key looks like: a quoted string of Structured Fields, or a bare token without
/// what would end one.
const KEY_PATTERN: &str = r#"^("[ !#-\[\]-~]{1,253}"|[!#-+./0-:<-~-]{1,255})$"#;

/// Status of a success where nothing says another.
const STATUS_DEFAULT: u16 = 200;

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
    put("requestBody", request(graph, operation, components));
    put("responses", Some(responses(graph, operation, components)));
    put("security", Some(security(&operation.governance)));
    put("x-tenon", facts::of(operation));
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
    let content = parameter.content.first().and_then(|media| media.schema);
    match (parameter.schema, content) {
        (None, Some(schema)) => {
            let schema = components.used(schema);
            out.insert("content".to_owned(), json!({ "application/json": { "schema": schema } }));
        }
        (schema, _) => {
            let schema = schema.map_or_else(|| json!({}), |schema| components.used(schema));
            out.insert("schema".to_owned(), schema);
        }
    }
    Some(Value::Object(out))
}

fn request(graph: &Graph, operation: &Operation, components: &mut Components<'_>) -> Option<Value> {
    if let Some(body) = &operation.detail.request {
        let mut content = Map::new();
        for media in &body.content {
            let schema = media.schema.map_or_else(|| json!({}), |schema| components.used(schema));
            content.insert(media.name.clone(), json!({ "schema": schema }));
        }
        return Some(json!({ "required": body.required, "content": content }));
    }
    let schema = *operation.request_schema.as_ref()?.as_ref().ok()?;
    Some(json!({ "required": true, "content": json_content(graph, schema, Some(true), components) }))
}

/// JSON with the examples the graph knows for it.
fn json_content(
    graph: &Graph,
    schema: tenon_source::At,
    request: Option<bool>,
    components: &mut Components<'_>,
) -> Value {
    let target = graph.follow(schema);
    let fitting = graph.examples.iter().filter(|one| {
        graph.follow(one.schema) == target && (one.request.is_none() || one.request == request)
    });
    let mut examples = Map::new();
    for (number, example) in fitting.enumerate() {
        let value = to_value(graph.node(example.value));
        examples.insert(format!("example{}", number + 1), json!({ "value": value }));
    }
    let mut media = Map::new();
    media.insert("schema".to_owned(), components.used(schema));
    if !examples.is_empty() {
        media.insert("examples".to_owned(), Value::Object(examples));
    }
    json!({ "application/json": media })
}

fn responses(graph: &Graph, operation: &Operation, components: &mut Components<'_>) -> Value {
    let mut out: BTreeMap<String, Value> = BTreeMap::new();
    for response in &operation.detail.responses {
        let mut content = Map::new();
        for media in &response.content {
            let schema = media.schema.map_or_else(|| json!({}), |schema| components.used(schema));
            content.insert(media.name.clone(), json!({ "schema": schema }));
        }
        let description = graph.node(response.def).get_str("description").unwrap_or("Answer");
        let mut written = json!({ "description": description });
        if let Some(members) = written.as_object_mut().filter(|_| !content.is_empty()) {
            members.insert("content".to_owned(), Value::Object(content));
        }
        out.insert(response.status.clone(), written);
    }
    if let Some(Ok(schema)) = &operation.response_schema {
        let handler = operation.governance.serving.as_ref().and_then(|serving| serving.handler.as_ref());
        let status = handler.and_then(|handler| handler.status).unwrap_or(STATUS_DEFAULT);
        let content = json_content(graph, *schema, Some(false), components);
        out.insert(status.to_string(), json!({ "description": "Done", "content": content }));
    }
    for (status, codes) in refusals(graph, operation) {
        out.entry(status)
            .or_insert_with(|| json!({ "description": format!("Refused: {}", codes.join(", ")) }));
    }
    // Every other refusal has the same form.
    out.entry("default".to_owned()).or_insert_with(|| json!({ "description": "Refused" }));
    out.into_iter().collect::<Map<_, _>>().into()
}

/// The reason codes of an operation by status.
fn refusals<'g>(graph: &'g Graph, operation: &'g Operation) -> BTreeMap<String, Vec<&'g str>> {
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

/// Nothing where anyone may call, else the scopes.
fn security(governance: &Governance) -> Value {
    if governance.auth_required == Some(false) || !governance.declared {
        return json!([]);
    }
    let scopes: Vec<&str> = governance.scopes.iter().flatten().map(Name::as_str).collect();
    json!([{ SCHEME: scopes }])
}
