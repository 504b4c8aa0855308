//! AsyncAPI 3.0: the events and channels of a graph as one document.
//!
//! Documents of AsyncAPI 2 and 3 are written as they are meant: traits applied, references to other
//! files replaced by what they refer to. An event of any other contract gets a channel of its own
//! name, on which the application sends it. What contracts say of delivery stands in `x-tenon`.

mod elements;
mod messages;
mod native;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use tenon_graph::{Event, Graph};

use crate::components::{Components, Written};
use crate::{Emission, Input, Refusal, facts, head};
use messages::Messages;

/// The version of AsyncAPI that is written.
const VERSION: &str = "3.0.0";

/// What messages are where nothing else is said.
const CONTENT_TYPE: &str = "application/json";

/// The document as a target.
pub(crate) fn target(input: &Input<'_>) -> Result<Emission, Refusal> {
    let graph = input.graph;
    let has_channels = graph.async_apis.iter().any(|api| !api.channels.is_empty());
    if graph.events.is_empty() && !has_channels {
        return Err(Refusal::Nothing { lacks: "event and no channel" });
    }
    let (document, notes) = document(graph);
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    Ok(Emission { notes, ..Emission::file("asyncapi.json", text) })
}

/// The parts of the document that grow.
pub(super) struct Draft<'g> {
    graph: &'g Graph,
    schemas: Components<'g>,
    messages: Messages,
    channels: Map<String, Value>,
    operations: Map<String, Value>,
    servers: Map<String, Value>,
}

/// The document, and what could not be said in it.
#[must_use]
pub fn document(graph: &Graph) -> (Value, Vec<String>) {
    let mut draft = Draft {
        graph,
        schemas: Components::new(graph, "#/components/schemas/", Written::Draft7),
        messages: Messages::default(),
        channels: Map::new(),
        operations: Map::new(),
        servers: Map::new(),
    };
    for api in &graph.async_apis {
        native::write(api, &mut draft);
    }
    let native: BTreeSet<_> = graph.async_apis.iter().map(|api| api.file).collect();
    for event in graph.events.iter().filter(|event| !native.contains(&event.file)) {
        write_event(event, &mut draft);
    }
    let mut out = Map::new();
    out.insert("asyncapi".to_owned(), VERSION.into());
    let id = graph.async_apis.iter().find_map(|api| api.id.as_ref());
    if let Some(id) = id {
        out.insert("id".to_owned(), id.text.as_str().into());
    }
    out.insert("info".to_owned(), head::info(graph));
    let content_type = graph.async_apis.iter().find_map(|api| api.default_content_type.as_ref());
    let content_type = content_type.map_or(CONTENT_TYPE, |name| name.as_str());
    out.insert("defaultContentType".to_owned(), content_type.into());
    if !draft.servers.is_empty() {
        out.insert("servers".to_owned(), Value::Object(draft.servers));
    }
    out.insert("channels".to_owned(), Value::Object(draft.channels));
    out.insert("operations".to_owned(), Value::Object(draft.operations));
    let (schemas, notes) = draft.schemas.finish();
    let mut components = Map::new();
    components.insert("messages".to_owned(), Value::Object(draft.messages.finish()));
    if !schemas.is_empty() {
        components.insert("schemas".to_owned(), Value::Object(schemas));
    }
    out.insert("components".to_owned(), Value::Object(components));
    if let Some(head) = head::contract(graph).and_then(|contract| facts::head(graph, contract)) {
        out.insert("x-tenon".to_owned(), head);
    }
    (Value::Object(out), notes)
}

/// An event of no AsyncAPI document: a channel of its name, on which the application sends it.
fn write_event(event: &Event, draft: &mut Draft<'_>) {
    let graph = draft.graph;
    let name = event.name.as_str();
    let message = messages::of_event(graph, event, &mut draft.schemas);
    let key = draft.messages.add(name, message);
    let channel = free(&draft.channels, name);
    let mut one = Map::new();
    one.insert("address".to_owned(), name.into());
    if let Some(description) = graph.node(event.at).get_str("description") {
        one.insert("description".to_owned(), description.into());
    }
    one.insert("messages".to_owned(), json!({ key.clone(): messages::reference(&key) }));
    draft.channels.insert(channel.clone(), Value::Object(one));
    let operation = free(&draft.operations, &format!("send.{name}"));
    let written = json!({
        "action": "send",
        "channel": { "$ref": format!("#/channels/{channel}") },
        "messages": [{ "$ref": format!("#/channels/{channel}/messages/{key}") }],
    });
    draft.operations.insert(operation, written);
}

/// A key that is free, in letters that references take as they are.
pub(super) fn free(taken: &Map<String, Value>, wanted: &str) -> String {
    let letter = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    let clean: String = wanted.chars().map(|one| if letter(one) { one } else { '_' }).collect();
    let base = if clean.is_empty() { "unnamed".to_owned() } else { clean };
    let mut key = base.clone();
    let mut number = 2;
    while taken.contains_key(&key) {
        key = format!("{base}{number}");
        number += 1;
    }
    key
}
