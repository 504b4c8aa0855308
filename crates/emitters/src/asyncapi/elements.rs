//! The small elements: tags, bindings, security, and whatever is copied with its references followed.

use serde_json::{Map, Value, json};
use tenon_graph::{AsyncApi, Binding, Graph, SecurityUse, Tag, to_value};
use tenon_source::{At, Kind, Node};

/// Levels that are copied, a count: references may lead in circles.
const LEVELS_MAX: usize = 64;

/// A copy of a value in which references are replaced by what they refer to.
pub(super) fn inlined(graph: &Graph, at: At) -> Value {
    let at = graph.follow(at);
    copy(graph, at, graph.node(at), 0)
}

fn copy(graph: &Graph, owner: At, node: Node<'_>, level: usize) -> Value {
    if level > LEVELS_MAX {
        return Value::Null;
    }
    match node.kind() {
        Kind::Array => node.items().map(|item| copy(graph, owner, item, level + 1)).collect(),
        Kind::Object => {
            let here = At { file: owner.file, node: node.id() };
            let target = node.get_str("$ref").and_then(|_| graph.target(here)).map(|at| graph.follow(at));
            if let Some(target) = target {
                return copy(graph, target, graph.node(target), level + 1);
            }
            let mut out = Map::new();
            for (name, value) in node.members() {
                out.entry(name).or_insert_with(|| copy(graph, owner, value, level + 1));
            }
            Value::Object(out)
        }
        _ => to_value(node),
    }
}

/// Tags.
pub(super) fn tags(graph: &Graph, tags: &[Tag], out: &mut Map<String, Value>) {
    if !tags.is_empty() {
        let tags = tags.iter().map(|tag| inlined(graph, tag.at));
        out.insert("tags".to_owned(), tags.collect());
    }
}

/// What protocols add; of two for one protocol the first counts.
pub(super) fn bindings(graph: &Graph, bindings: &[Binding], out: &mut Map<String, Value>) {
    let mut all = Map::new();
    for binding in bindings {
        all.entry(binding.protocol.text.clone()).or_insert_with(|| inlined(graph, binding.at));
    }
    if !all.is_empty() {
        out.insert("bindings".to_owned(), Value::Object(all));
    }
}

/// What a client needs.
pub(super) fn security(api: &AsyncApi, graph: &Graph, uses: &[SecurityUse]) -> Value {
    let mut out = Vec::new();
    for one in uses {
        match one {
            SecurityUse::Scheme { def, scopes, .. } => {
                let scopes = scopes.iter().map(|scope| scope.text.clone()).collect();
                out.push(scheme(inlined(graph, *def), scopes));
            }
            SecurityUse::Named(requirement) => {
                for (name, scopes) in &requirement.schemes {
                    let known = api.security_schemes.iter().find(|scheme| scheme.name == name.text);
                    if let Some(known) = known {
                        let scopes = scopes.iter().map(|scope| scope.text.clone()).collect();
                        out.push(scheme(inlined(graph, known.def), scopes));
                    }
                }
            }
        }
    }
    Value::Array(out)
}

/// A scheme in the words of version 3, with the scopes that are asked for.
fn scheme(mut scheme: Value, scopes: Vec<String>) -> Value {
    let flows = scheme.get_mut("flows").and_then(Value::as_object_mut);
    for flow in flows.into_iter().flat_map(|flows| flows.values_mut()).filter_map(Value::as_object_mut) {
        if let Some(declared) = flow.shift_remove("scopes") {
            flow.entry("availableScopes").or_insert(declared);
        }
    }
    let takes_scopes = matches!(scheme.get("type").and_then(Value::as_str), Some("oauth2" | "openIdConnect"));
    if let Some(members) = scheme.as_object_mut().filter(|_| takes_scopes && !scopes.is_empty()) {
        members.entry("scopes").or_insert_with(|| json!(scopes));
    }
    scheme
}
