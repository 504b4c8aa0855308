//! OpenAPI 3.1: the HTTP operations of a graph as one document.
//!
//! What contracts say beyond the format stands in `x-tenon`, so that a reader of ours gets it back.
//! Schemas become components, named by their titles or files; what refers to them refers to the
//! component. The same graph gives the same bytes.

mod operation;

use serde_json::{Map, Value, json};
use tenon_graph::{Graph, Operation, OperationKind};

use crate::components::{Components, Written};
use crate::facts;
use crate::{Emission, Input, Refusal};

/// The version of OpenAPI that is written.
const VERSION: &str = "3.1.1";

/// The dialect of the schemas: what OpenAPI 3.1 itself takes where nothing is said.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The document as a target.
pub(crate) fn target(input: &Input<'_>) -> Result<Emission, Refusal> {
    if !input.graph.operations.iter().any(is_offered) {
        return Err(Refusal::Nothing { lacks: "operation with an HTTP binding" });
    }
    Ok(Emission::file("openapi.json", write(input.graph)))
}

/// The document of all HTTP operations that are offered.
#[must_use]
pub fn document(graph: &Graph) -> Value {
    let mut components = Components::new(graph, "#/components/schemas/", Written::Modern);
    let contract = graph.contracts.first();
    let mut paths: Map<String, Value> = Map::new();
    for operation in graph.operations.iter().filter(|operation| is_offered(operation)) {
        let Some(http) = &operation.http else { continue };
        let item = paths.entry(braced(&http.path.text)).or_insert_with(|| json!({}));
        let written = operation::write(graph, contract, operation, &mut components);
        if let Some(item) = item.as_object_mut() {
            item.insert(http.method.as_str().to_ascii_lowercase(), written);
        }
    }
    let mut out = Map::new();
    out.insert("openapi".to_owned(), VERSION.into());
    out.insert("info".to_owned(), crate::head::info(graph));
    out.insert("jsonSchemaDialect".to_owned(), DIALECT.into());
    out.insert("servers".to_owned(), json!([{ "url": "/" }]));
    if let Some(name) = contract.and_then(|contract| contract.name.as_ref()) {
        let description = contract.and_then(|contract| graph.node(contract.at).get_str("description"));
        let description = description.unwrap_or(name.as_str());
        out.insert("tags".to_owned(), json!([{ "name": name.text, "description": description }]));
    }
    out.insert("paths".to_owned(), Value::Object(paths));
    let (schemas, _) = components.finish();
    let mut parts = Map::new();
    if !schemas.is_empty() {
        parts.insert("schemas".to_owned(), Value::Object(schemas));
    }
    parts.insert(
        "securitySchemes".to_owned(),
        json!({ operation::SCHEME: { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" } }),
    );
    out.insert("components".to_owned(), Value::Object(parts));
    if let Some(head) = contract.and_then(|contract| facts::head(graph, contract)) {
        out.insert("x-tenon".to_owned(), head);
    }
    Value::Object(out)
}

/// The document as JSON, indented.
#[must_use]
pub fn write(graph: &Graph) -> String {
    let mut text = serde_json::to_string_pretty(&document(graph)).unwrap_or_default();
    text.push('\n');
    text
}

fn is_offered(operation: &Operation) -> bool {
    operation.kind == OperationKind::Offered && operation.http.is_some()
}

/// `:id` as `{id}`.
fn braced(path: &str) -> String {
    let segment = |segment: &str| match segment.strip_prefix(':').filter(|name| !name.is_empty()) {
        Some(name) => format!("{{{name}}}"),
        None => segment.to_owned(),
    };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}
