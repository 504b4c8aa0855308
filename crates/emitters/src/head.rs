//! What a set of contracts is called, wherever that is said.

use serde_json::{Map, Value};
use tenon_graph::{Contract, Graph};
use tenon_source::NodeId;

/// What is called nothing.
const NAMELESS: &str = "API";

/// The version of what says none.
const VERSION_DEFAULT: &str = "0.0.0";

/// The contract that speaks for all: the first.
pub(crate) fn contract(graph: &Graph) -> Option<&Contract> {
    graph.contracts.first()
}

/// What people call it.
pub(crate) fn title(graph: &Graph) -> String {
    let said = said(graph, "title");
    let name = contract(graph).and_then(|contract| contract.name.as_ref()).map(|name| name.text.clone());
    let package = graph.protobuf.target_files().find_map(|(_, file)| file.package.as_ref());
    let bundle = graph.schemas.iter().find(|schema| schema.at.node == NodeId::ROOT);
    let bundle = bundle.map(|schema| graph.node(schema.at)).filter(|node| node.get("$defs").is_some());
    let bundle =
        bundle.filter(|node| node.get("properties").is_none()).and_then(|node| node.get_str("title"));
    said.or(name)
        .or_else(|| package.map(|package| package.text.to_string()))
        .or_else(|| bundle.map(str::to_owned))
        .unwrap_or_else(|| NAMELESS.to_owned())
}

/// Its version.
pub(crate) fn version(graph: &Graph) -> String {
    let own = contract(graph).and_then(|contract| contract.version.as_ref()).map(|name| name.text.clone());
    said(graph, "version").or(own).unwrap_or_else(|| VERSION_DEFAULT.to_owned())
}

/// What it is.
pub(crate) fn description(graph: &Graph) -> Option<String> {
    let own = contract(graph).and_then(|contract| graph.node(contract.at).get_str("description"));
    said(graph, "description").or_else(|| own.map(str::to_owned))
}

/// The object `info` of OpenAPI and AsyncAPI.
pub(crate) fn info(graph: &Graph) -> Value {
    let mut out = Map::new();
    out.insert("title".to_owned(), title(graph).into());
    out.insert("version".to_owned(), version(graph).into());
    if let Some(description) = description(graph) {
        out.insert("description".to_owned(), description.into());
    }
    Value::Object(out)
}

/// What the first document with an `info` says there.
fn said(graph: &Graph, key: &str) -> Option<String> {
    let http = graph.apis.iter().map(|api| api.root);
    let messages = graph.async_apis.iter().map(|api| api.root);
    let mut infos = http.chain(messages).filter_map(|root| graph.node(root).get("info"));
    infos.find_map(|info| Some(info.get_str(key)?.to_owned()))
}
