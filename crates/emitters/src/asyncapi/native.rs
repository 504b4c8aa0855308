//! AsyncAPI documents, whatever their version.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use tenon_graph::{
    Action, AsyncApi, AsyncOperation, AsyncServer, Channel, ChannelParameter, Graph, MessageUse, Name, Reply,
    to_value,
};
use tenon_source::At;

use super::elements::{bindings, security, tags};
use super::{Draft, free, messages};
use crate::inline::inlined;

/// Where a channel of the document stands in what is written, and its messages.
struct Place {
    key: String,
    messages: BTreeMap<At, String>,
}

/// Writes a document into the draft.
pub(super) fn write(api: &AsyncApi, draft: &mut Draft<'_>) {
    let mut servers = BTreeMap::new();
    for one in api.servers.iter().filter(|server| !server.is_component) {
        let key = free(&draft.servers, &one.name.text);
        draft.servers.insert(key.clone(), server(api, draft.graph, one));
        servers.insert(one.def, key);
    }
    let mut places: BTreeMap<usize, Place> = BTreeMap::new();
    for (index, one) in api.channels.iter().enumerate().filter(|(_, channel)| !channel.is_component) {
        let place = channel(api, index, one, &servers, draft);
        places.insert(index, place);
    }
    for one in &api.operations {
        let Some(place) = one.channel.and_then(|index| places.get(&index)) else { continue };
        let action = one.action.map_or("send", Action::as_str);
        let wanted = one.id.as_ref().map_or_else(|| format!("{action}.{}", place.key), |id| id.text.clone());
        let key = free(&draft.operations, &wanted);
        let written = operation(api, one, place, &places, draft.graph);
        draft.operations.insert(key, written);
    }
}

fn server(api: &AsyncApi, graph: &Graph, server: &AsyncServer) -> Value {
    let node = graph.node(server.def);
    let mut out = Map::new();
    let text = server.host.as_ref().map_or("", |name| name.as_str());
    // Version 2 has a URL where version 3 has its parts.
    let (protocol, rest) = text.split_once("://").map_or((None, text), |(word, rest)| (Some(word), rest));
    let (host, path) = rest.split_once('/').map_or((rest, None), |(host, path)| (host, Some(path)));
    out.insert("host".to_owned(), host.into());
    let protocol = server.protocol.as_ref().map(Name::as_str).or(protocol).unwrap_or("http");
    out.insert("protocol".to_owned(), protocol.into());
    if let Some(version) = &server.protocol_version {
        out.insert("protocolVersion".to_owned(), version.text.as_str().into());
    }
    let path = path.filter(|path| !path.is_empty()).map(|path| format!("/{path}"));
    if let Some(path) = server.pathname.as_ref().map(|name| name.text.clone()).or(path) {
        out.insert("pathname".to_owned(), path.into());
    }
    copied(graph, server.def, &["title", "summary", "description", "externalDocs"], &mut out);
    if let Some(variables) = node.get("variables") {
        out.insert(
            "variables".to_owned(),
            inlined(graph, At { file: server.def.file, node: variables.id() }),
        );
    }
    if let Some(uses) = server.security.as_deref().filter(|uses| !uses.is_empty()) {
        out.insert("security".to_owned(), security(api, graph, uses));
    }
    tags(graph, &server.tags, &mut out);
    bindings(graph, &server.bindings, &mut out);
    Value::Object(out)
}

fn channel(
    api: &AsyncApi,
    index: usize,
    channel: &Channel,
    servers: &BTreeMap<At, String>,
    draft: &mut Draft<'_>,
) -> Place {
    let graph = draft.graph;
    let mut uses: Vec<&MessageUse> = channel.messages.iter().collect();
    let of_operations = api.operations.iter().filter(|operation| operation.channel == Some(index));
    uses.extend(of_operations.flat_map(|operation| &operation.messages));
    let replies = api.operations.iter().filter_map(|operation| operation.reply.as_ref());
    let replies = replies.filter(|reply| reply.channel == Some(index));
    uses.extend(replies.flat_map(|reply| &reply.messages));
    let mut listed = Map::new();
    let mut known: BTreeMap<At, String> = BTreeMap::new();
    for one in uses {
        let Some(message) = api.message(one.def).filter(|_| !known.contains_key(&one.def)) else { continue };
        let component = draft.messages.of(graph, message, &mut draft.schemas);
        let key = free(&listed, one.key.as_ref().map_or(component.as_str(), |key| key.as_str()));
        listed.insert(key.clone(), messages::reference(&component));
        known.insert(one.def, key);
    }
    let key = free(&draft.channels, channel.key.as_str());
    let mut out = Map::new();
    let address = channel.address.as_ref().map_or(Value::Null, |address| address.text.as_str().into());
    out.insert("address".to_owned(), address);
    copied(graph, channel.def, &["title", "summary", "description", "externalDocs"], &mut out);
    out.insert("messages".to_owned(), Value::Object(listed));
    if !channel.parameters.is_empty() {
        let parameters = channel.parameters.iter().map(|one| (one.name.text.clone(), parameter(graph, one)));
        out.insert("parameters".to_owned(), Value::Object(parameters.collect()));
    }
    if let Some(offered) = channel.servers.as_deref().filter(|list| !list.is_empty()) {
        let keys = offered.iter().filter_map(|one| servers.get(&one.def?));
        let list: Vec<Value> = keys.map(|key| json!({ "$ref": format!("#/servers/{key}") })).collect();
        out.insert("servers".to_owned(), Value::Array(list));
    }
    tags(graph, &channel.tags, &mut out);
    bindings(graph, &channel.bindings, &mut out);
    copied(graph, channel.def, &["x-tenon"], &mut out);
    draft.channels.insert(key.clone(), Value::Object(out));
    Place { key, messages: known }
}

/// A parameter, which has no schema in version 3: what is left of it are texts.
fn parameter(graph: &Graph, parameter: &ChannelParameter) -> Value {
    let node = graph.node(parameter.def);
    let mut out = Map::new();
    copied(graph, parameter.def, &["description", "enum", "default", "examples", "location"], &mut out);
    let schema = parameter.schema.map(|at| graph.node(graph.follow(at))).or_else(|| node.get("schema"));
    let texts = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    if let Some(schema) = schema {
        for key in ["enum", "examples"] {
            let list: Option<Vec<String>> =
                schema.get(key).map(|list| list.items().map(|item| texts(to_value(item))).collect());
            if let Some(list) = list.filter(|list| !list.is_empty()) {
                out.entry(key).or_insert_with(|| json!(list));
            }
        }
        if let Some(default) = schema.get("default") {
            out.entry("default").or_insert_with(|| texts(to_value(default)).into());
        }
    }
    Value::Object(out)
}

fn operation(
    api: &AsyncApi,
    operation: &AsyncOperation,
    place: &Place,
    places: &BTreeMap<usize, Place>,
    graph: &Graph,
) -> Value {
    let mut out = Map::new();
    out.insert("action".to_owned(), operation.action.map_or("send", Action::as_str).into());
    out.insert("channel".to_owned(), json!({ "$ref": format!("#/channels/{}", place.key) }));
    for (key, text) in [("summary", &operation.summary), ("description", &operation.description)] {
        if let Some(text) = text {
            out.insert(key.to_owned(), text.text.as_str().into());
        }
    }
    copied(graph, operation.def, &["title", "externalDocs"], &mut out);
    if let Some(uses) = operation.security.as_deref().filter(|uses| !uses.is_empty()) {
        out.insert("security".to_owned(), security(api, graph, uses));
    }
    if operation.messages_declared {
        out.insert("messages".to_owned(), listed(&operation.messages, place));
    }
    if let Some(reply) = &operation.reply {
        out.insert("reply".to_owned(), answer(reply, places, graph));
    }
    tags(graph, &operation.tags, &mut out);
    bindings(graph, &operation.bindings, &mut out);
    copied(graph, operation.def, &["x-tenon"], &mut out);
    Value::Object(out)
}

fn answer(reply: &Reply, places: &BTreeMap<usize, Place>, graph: &Graph) -> Value {
    let mut out = Map::new();
    if let Some(address) = reply.address {
        out.insert("address".to_owned(), inlined(graph, address));
    }
    if let Some(place) = reply.channel.and_then(|index| places.get(&index)) {
        out.insert("channel".to_owned(), json!({ "$ref": format!("#/channels/{}", place.key) }));
        if !reply.messages.is_empty() {
            out.insert("messages".to_owned(), listed(&reply.messages, place));
        }
    }
    Value::Object(out)
}

fn listed(uses: &[MessageUse], place: &Place) -> Value {
    let keys = uses.iter().filter_map(|one| place.messages.get(&one.def));
    keys.map(|key| json!({ "$ref": format!("#/channels/{}/messages/{key}", place.key) })).collect()
}

/// Members that are the same in every version.
fn copied(graph: &Graph, at: At, keys: &[&str], out: &mut Map<String, Value>) {
    for key in keys {
        if let Some(value) = graph.node(at).get(key) {
            let value = inlined(graph, At { file: at.file, node: value.id() });
            out.entry(*key).or_insert(value);
        }
    }
}
