//! Paths and webhooks.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use tenon_graph::{Contract, Graph, OperationKind, template_parameters};

use super::{is_offered, operation};
use crate::components::Components;

/// The paths, then the webhooks.
pub(super) fn write(
    graph: &Graph,
    contract: Option<&Contract>,
    components: &mut Components<'_>,
) -> (Map<String, Value>, Map<String, Value>) {
    let (mut paths, mut webhooks) = (Map::new(), Map::new());
    // Paths that match the same requests are one path, whatever they call their parameters.
    let mut spelled: BTreeMap<String, String> = BTreeMap::new();
    for one in graph.operations.iter().filter(|one| is_offered(one)) {
        let Some(http) = &one.http else { continue };
        let own = braced(&http.path.text);
        let is_webhook = one.kind == OperationKind::Webhook;
        let path = match is_webhook {
            true => own.clone(),
            false => spelled.entry(http.normal_path()).or_insert_with(|| own.clone()).clone(),
        };
        let mut written = operation::write(graph, contract, one, components);
        rename(&mut written, &own, &path);
        let all = if is_webhook { &mut webhooks } else { &mut paths };
        let item = all.entry(path).or_insert_with(|| json!({}));
        if let Some(item) = item.as_object_mut() {
            item.insert(http.method.as_str().to_ascii_lowercase(), written);
        }
    }
    (paths, webhooks)
}

/// Calls the parameters of a path as the path does that is written.
fn rename(operation: &mut Value, own: &str, path: &str) {
    if own == path {
        return;
    }
    let names: BTreeMap<&str, &str> = template_parameters(own).zip(template_parameters(path)).collect();
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten().filter_map(Value::as_object_mut) {
        if parameter.get("in").and_then(Value::as_str) != Some("path") {
            continue;
        }
        let name = parameter.get("name").and_then(Value::as_str).and_then(|name| names.get(name));
        if let Some(name) = name {
            parameter.insert("name".to_owned(), (*name).into());
        }
    }
}

/// `:id` as `{id}`.
fn braced(path: &str) -> String {
    let segment = |segment: &str| match segment.strip_prefix(':').filter(|name| !name.is_empty()) {
        Some(name) => format!("{{{name}}}"),
        None => segment.to_owned(),
    };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}
