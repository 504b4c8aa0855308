//! Bodies of requests and responses.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use tenon_graph::{Graph, Header, MediaType, Operation, Response, to_value};
use tenon_source::At;

use super::operation::refusals;
use crate::bodies;
use crate::components::Components;
use crate::inline::inlined;

/// Status of a success where nothing says another.
const STATUS_DEFAULT: u16 = 200;

/// The body of a request.
pub(super) fn request(
    graph: &Graph,
    operation: &Operation,
    components: &mut Components<'_>,
) -> Option<Value> {
    if let Some(body) = &operation.detail.request {
        let mut out = Map::new();
        if let Some(description) = graph.node(body.def).get_str("description") {
            out.insert("description".to_owned(), description.into());
        }
        out.insert("required".to_owned(), body.required.into());
        out.insert("content".to_owned(), Value::Object(contents(graph, &body.content, components)));
        return Some(Value::Object(out));
    }
    if let Some(Ok(schema)) = &operation.request_schema {
        let content = json_content(graph, *schema, Some(true), components);
        return Some(json!({ "required": true, "content": content }));
    }
    let schema = bodies::request(graph, operation)?;
    Some(json!({ "required": true, "content": { "application/json": { "schema": schema } } }))
}

/// Media types as a document has them: with its examples and encodings.
pub(super) fn contents(
    graph: &Graph,
    content: &[MediaType],
    components: &mut Components<'_>,
) -> Map<String, Value> {
    let mut out = Map::new();
    for media in content {
        let node = graph.node(media.at);
        let mut one = Map::new();
        let schema = media.schema.map_or_else(|| json!({}), |schema| components.used(schema));
        one.insert("schema".to_owned(), schema);
        // Of Swagger 2 the place is that of the whole answer, which has examples of its own kind.
        for key in ["example", "examples", "encoding"].into_iter().filter(|_| node.get("schema").is_some()) {
            let value = node.get(key).filter(|value| key == "example" || value.is_object());
            if let Some(value) = value {
                one.insert(key.to_owned(), inlined(graph, At { file: media.at.file, node: value.id() }));
            }
        }
        out.insert(media.name.clone(), Value::Object(one));
    }
    out
}

/// JSON with the examples the graph knows for it.
fn json_content(graph: &Graph, schema: At, request: Option<bool>, components: &mut Components<'_>) -> Value {
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

/// The responses by status: those of the document, the success of the contract, and its refusals.
pub(super) fn responses(graph: &Graph, operation: &Operation, components: &mut Components<'_>) -> Value {
    let mut out: BTreeMap<String, Value> = BTreeMap::new();
    for one in &operation.detail.responses {
        out.insert(one.status.clone(), response(graph, one, components));
    }
    if let (Some(Ok(schema)), true) = (&operation.response_schema, operation.detail.responses.is_empty()) {
        let handler = operation.governance.serving.as_ref().and_then(|serving| serving.handler.as_ref());
        let status = handler.and_then(|handler| handler.status).unwrap_or(STATUS_DEFAULT);
        let content = json_content(graph, *schema, Some(false), components);
        out.insert(status.to_string(), json!({ "description": "Done", "content": content }));
    }
    for (status, codes) in refusals(graph, operation) {
        out.entry(status)
            .or_insert_with(|| json!({ "description": format!("Refused: {}", codes.join(", ")) }));
    }
    if operation.detail.responses.is_empty() {
        // Every other refusal has the same form.
        out.entry("default".to_owned()).or_insert_with(|| json!({ "description": "Refused" }));
    }
    out.into_iter().collect::<Map<_, _>>().into()
}

fn response(graph: &Graph, response: &Response, components: &mut Components<'_>) -> Value {
    let node = graph.node(response.def);
    let mut out = Map::new();
    let description = node.get_str("description").unwrap_or("Answer");
    out.insert("description".to_owned(), description.into());
    let headers: Map<String, Value> =
        response.headers.iter().map(|one| (one.name.clone(), header(graph, one, components))).collect();
    if !headers.is_empty() {
        out.insert("headers".to_owned(), Value::Object(headers));
    }
    let content = contents(graph, &response.content, components);
    if !content.is_empty() {
        out.insert("content".to_owned(), Value::Object(content));
    }
    let links: Map<String, Value> =
        response.links.iter().map(|link| (link.name.clone(), inlined(graph, link.def))).collect();
    if !links.is_empty() {
        out.insert("links".to_owned(), Value::Object(links));
    }
    Value::Object(out)
}

fn header(graph: &Graph, header: &Header, components: &mut Components<'_>) -> Value {
    let node = graph.node(header.def);
    let mut out = Map::new();
    if let Some(description) = node.get_str("description") {
        out.insert("description".to_owned(), description.into());
    }
    for key in ["required", "deprecated", "style", "explode"] {
        if let Some(value) = node.get(key) {
            out.insert(key.to_owned(), to_value(value));
        }
    }
    out.insert("schema".to_owned(), header.schema.map_or_else(|| json!({}), |at| components.used(at)));
    Value::Object(out)
}
