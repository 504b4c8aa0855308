//! OpenAPI 3.1: the HTTP operations of a graph as one document.
//!
//! What contracts say beyond the format stands in `x-tenon`, so that a reader of ours gets it back.
//! Schemas become components, named by their titles or files; what refers to them refers to the
//! component. The same graph gives the same bytes.

mod media;
mod native;
mod operation;
mod paths;

use serde_json::{Map, Value, json};
use tenon_graph::{ComponentKind, Graph, Operation, OperationKind, Status};
use tenon_source::At;

use crate::components::{Components, Written};
use crate::{Emission, Input, Refusal};
use crate::{facts, head};

/// The version of OpenAPI that is written.
const VERSION: &str = "3.1.1";

/// The dialect of the schemas: what OpenAPI 3.1 itself takes where nothing is said.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The document as a target.
pub(crate) fn target(input: &Input<'_>) -> Result<Emission, Refusal> {
    if !input.graph.operations.iter().any(is_offered) {
        return Err(Refusal::Nothing { lacks: "operation with an HTTP binding" });
    }
    let mut notes = Vec::new();
    let deferred = input.graph.operations.iter().filter(|one| one.status == Some(Status::Deferred)).count();
    if deferred > 0 {
        notes.push(format!("left out what is deferred: {deferred} operations that nobody can call yet"));
    }
    if input.graph.operations.iter().any(|one| one.kind == OperationKind::Callback) {
        notes.push("callbacks are left out".to_owned());
    }
    Ok(Emission { notes, ..Emission::file("openapi.json", write(input.graph)) })
}

/// The document of all HTTP operations that are offered and part of the current scope.
#[must_use]
pub fn document(graph: &Graph) -> Value {
    let mut components = Components::new(graph, "#/components/schemas/", Written::Modern);
    let contract = graph.contracts.first();
    let (paths, webhooks) = paths::write(graph, contract, &mut components);
    let mut out = Map::new();
    out.insert("openapi".to_owned(), VERSION.into());
    out.insert("info".to_owned(), native_info(graph));
    out.insert("jsonSchemaDialect".to_owned(), DIALECT.into());
    out.insert("servers".to_owned(), native::servers(graph));
    let mut tags = native::tags(graph);
    if let Some(name) = contract.and_then(|contract| contract.name.as_ref()).filter(|_| tags.is_empty()) {
        let description = contract.and_then(|contract| graph.node(contract.at).get_str("description"));
        let description = description.unwrap_or(name.as_str());
        tags.push(json!({ "name": name.text, "description": description }));
    }
    if !tags.is_empty() {
        out.insert("tags".to_owned(), Value::Array(tags));
    }
    out.insert("paths".to_owned(), Value::Object(paths));
    if !webhooks.is_empty() {
        out.insert("webhooks".to_owned(), Value::Object(webhooks));
    }
    // What a document keeps for others is kept, though none of its own operations use it.
    for api in &graph.apis {
        let schemas = api.components.iter().filter(|one| one.kind == ComponentKind::Schema);
        schemas.for_each(|schema| components.component(schema.at));
    }
    let (schemas, _) = components.finish();
    let mut parts = Map::new();
    if !schemas.is_empty() {
        parts.insert("schemas".to_owned(), Value::Object(schemas));
    }
    let mut schemes = native::schemes(graph);
    if graph.operations.iter().any(|one| is_offered(one) && native::api_of(graph, one).is_none()) {
        let bearer = json!({ "type": "http", "scheme": "bearer", "bearerFormat": "JWT" });
        schemes.entry(operation::SCHEME).or_insert(bearer);
    }
    if !schemes.is_empty() {
        parts.insert("securitySchemes".to_owned(), Value::Object(schemes));
    }
    out.insert("components".to_owned(), Value::Object(parts));
    if let Some(head) = head::contract(graph).and_then(|contract| facts::head(graph, contract)) {
        out.insert("x-tenon".to_owned(), head);
    }
    Value::Object(out)
}

/// `info`, with terms, contact and licence where a document names them.
fn native_info(graph: &Graph) -> Value {
    let mut info = crate::head::info(graph);
    let own = graph.apis.first().and_then(|api| api.info);
    for key in ["summary", "termsOfService", "contact", "license"] {
        let value = own.and_then(|at| Some((at, graph.node(at).get(key)?)));
        if let (Some((at, value)), Some(info)) = (value, info.as_object_mut()) {
            let value = crate::inline::inlined(graph, At { file: at.file, node: value.id() });
            info.insert(key.to_owned(), value);
        }
    }
    info
}

/// The document as JSON, indented.
#[must_use]
pub fn write(graph: &Graph) -> String {
    let mut text = serde_json::to_string_pretty(&document(graph)).unwrap_or_default();
    text.push('\n');
    text
}

pub(crate) fn is_offered(operation: &Operation) -> bool {
    let is_described = matches!(operation.kind, OperationKind::Offered | OperationKind::Webhook);
    is_described && operation.http.is_some() && operation.status != Some(Status::Deferred)
}
