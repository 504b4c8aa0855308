//! Messages.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use tenon_graph::{Event, Graph, Message, Name, Payload, SchemaFormat, to_value};
use tenon_source::At;

use super::elements::{bindings, tags};
use super::free;
use crate::components::Components;
use crate::inline::inlined;

/// Examples that are written of one payload, a count.
const EXAMPLES_MAX: usize = 8;

/// The messages of the document by key.
#[derive(Default)]
pub(super) struct Messages {
    written: Map<String, Value>,
    known: BTreeMap<At, String>,
}

impl Messages {
    /// Adds a message; gives its key.
    pub(super) fn add(&mut self, wanted: &str, message: Value) -> String {
        let key = free(&self.written, wanted);
        self.written.insert(key.clone(), message);
        key
    }

    /// The key of a message of an AsyncAPI document, which is written once.
    pub(super) fn of(&mut self, graph: &Graph, message: &Message, schemas: &mut Components<'_>) -> String {
        if let Some(key) = self.known.get(&message.def) {
            return key.clone();
        }
        let label = message.key.as_ref().or_else(|| message.label()).map_or("message", Name::as_str);
        let key = self.add(label, native(graph, message, schemas));
        self.known.insert(message.def, key.clone());
        key
    }

    pub(super) fn finish(self) -> Map<String, Value> {
        self.written
    }
}

/// A reference to a message.
pub(super) fn reference(key: &str) -> Value {
    json!({ "$ref": format!("#/components/messages/{key}") })
}

/// The message of an event that no AsyncAPI document has.
pub(super) fn of_event(graph: &Graph, event: &Event, schemas: &mut Components<'_>) -> Value {
    let node = graph.node(event.at);
    let mut out = Map::new();
    out.insert("name".to_owned(), event.name.as_str().into());
    if let Some(description) = node.get_str("description") {
        out.insert("summary".to_owned(), description.into());
    }
    if let Some(Ok(payload)) = &event.payload_schema {
        out.insert("payload".to_owned(), schemas.used(*payload));
        let target = graph.follow(*payload);
        let fitting = graph.examples.iter().filter(|one| graph.follow(one.schema) == target);
        let fitting = fitting.filter(|one| matches!(one.of, tenon_graph::ExampleOf::File));
        let examples: Vec<Value> = fitting
            .take(EXAMPLES_MAX)
            .map(|one| json!({ "payload": to_value(graph.node(one.value)) }))
            .collect();
        if !examples.is_empty() {
            out.insert("examples".to_owned(), Value::Array(examples));
        }
    }
    if let Some(facts) = facts(event) {
        out.insert("x-tenon".to_owned(), facts);
    }
    Value::Object(out)
}

/// What a contract says of an event's delivery.
pub(super) fn facts(event: &Event) -> Option<Value> {
    let mut out = Map::new();
    let said = [
        ("guarantee", &event.delivery),
        ("deduplication_key", &event.deduplication_key),
        ("ordering", &event.ordering),
    ];
    for (key, name) in said {
        if let Some(name) = name {
            out.insert(key.to_owned(), name.text.as_str().into());
        }
    }
    if !event.minimum_fields.is_empty() {
        let fields = event.minimum_fields.iter().map(|name| Value::from(name.as_str()));
        out.insert("minimum".to_owned(), fields.collect());
    }
    if let Some(public) = event.public {
        out.insert("public".to_owned(), public.into());
    }
    (event.declared && !out.is_empty()).then_some(Value::Object(out))
}

/// A message of an AsyncAPI document, its traits applied.
fn native(graph: &Graph, message: &Message, schemas: &mut Components<'_>) -> Value {
    let mut out = Map::new();
    let name = message.name.as_ref().or(message.id.as_ref());
    let texts = [
        ("name", name),
        ("title", message.title.as_ref()),
        ("summary", message.summary.as_ref()),
        ("description", message.description.as_ref()),
        ("contentType", message.content_type.as_ref()),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            out.insert(key.to_owned(), text.text.as_str().into());
        }
    }
    match message.headers.as_slice() {
        [] => {}
        [one] => {
            out.insert("headers".to_owned(), schema(graph, one, schemas));
        }
        several => {
            let all: Vec<Value> = several.iter().map(|one| schema(graph, one, schemas)).collect();
            out.insert("headers".to_owned(), json!({ "type": "object", "allOf": all }));
        }
    }
    if let Some(payload) = &message.payload {
        out.insert("payload".to_owned(), schema(graph, payload, schemas));
    }
    if let Some(correlation) = &message.correlation {
        out.insert("correlationId".to_owned(), inlined(graph, correlation.def));
    }
    tags(graph, &message.tags, &mut out);
    bindings(graph, &message.bindings, &mut out);
    let examples: Vec<Value> = message.examples.iter().map(|one| to_value(graph.node(one.at))).collect();
    if !examples.is_empty() {
        out.insert("examples".to_owned(), Value::Array(examples));
    }
    if let Some(own) = graph.node(message.def).get("x-tenon") {
        out.insert("x-tenon".to_owned(), to_value(own));
    }
    Value::Object(out)
}

/// A payload or headers: schemas in other languages are kept as they are, with the language's name.
fn schema(graph: &Graph, payload: &Payload, schemas: &mut Components<'_>) -> Value {
    match payload.format {
        SchemaFormat::AsyncApi | SchemaFormat::Json(_) => schemas.used(payload.schema),
        _ => {
            let format = payload.format_text.as_ref().map_or("", |name| name.as_str());
            json!({ "schemaFormat": format, "schema": inlined(graph, payload.schema) })
        }
    }
}
