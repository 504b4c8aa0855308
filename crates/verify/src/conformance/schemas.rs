//! Schemas beside values: what is said of the value at a place.

use std::sync::Arc;

use serde_json::Value;
use tenon_graph::Graph;
use tenon_schemas::{FailureKind, Key};
use tenon_source::{At, Node};

use crate::contract::ContractView;

/// Schemas gathered for one value, a count: a schema of more alternatives than this says nothing
/// that could be held to.
const PARTS_MAX: usize = 200;

/// Whether a value fits.
pub fn fits(view: &ContractView<'_>, key: Key, value: &Value) -> bool {
    let (tree, _) = tenon_source::parse_json(Arc::new(value.to_string()));
    view.validators.accepts(key, tree.root())
}

/// Why a value does not fit: whether it is for a member that is not described, pointer, message.
pub fn failures(view: &ContractView<'_>, key: Key, text: &str) -> Vec<(bool, String, String)> {
    let (tree, _) = tenon_source::parse_json(Arc::new(text.to_owned()));
    let failures = view.validators.failures_of(key, tree.root());
    let told = |failure: &tenon_schemas::Failure<'_>| {
        let unexpected = failure.kind == FailureKind::Unexpected;
        (unexpected, failure.node.pointer(), failure.message_below(tree.root()))
    };
    failures.iter().map(told).collect()
}

/// A schema and all that may hold beside it: what it refers to, `allOf`, and every alternative.
pub fn parts(graph: &Graph, schemas: &[At]) -> Vec<At> {
    let mut parts: Vec<At> = Vec::new();
    let mut open: Vec<At> = schemas.to_vec();
    while let Some(at) = open.pop() {
        if parts.contains(&at) || parts.len() >= PARTS_MAX {
            continue;
        }
        parts.push(at);
        let node = graph.node(at);
        let below = |node: Node<'_>| At { file: at.file, node: node.id() };
        for word in ["allOf", "oneOf", "anyOf"] {
            open.extend(node.get(word).into_iter().flat_map(Node::items).map(below));
        }
        for word in ["if", "then", "else"] {
            open.extend(node.get(word).map(below));
        }
        open.extend(graph.target(at));
    }
    parts
}

/// What is said of a member.
pub fn member(graph: &Graph, parts: &[At], name: &str) -> Vec<At> {
    let mut found = Vec::new();
    for at in parts {
        let node = graph.node(*at);
        let property = node.get("properties").and_then(|all| all.get(name));
        let others = node.get("additionalProperties").filter(|one| one.is_object());
        found.extend(property.or(others).map(|node| At { file: at.file, node: node.id() }));
    }
    found
}

/// What is said of the items of a list.
pub fn items(graph: &Graph, parts: &[At]) -> Vec<At> {
    let of = |at: &At| {
        let items = graph.node(*at).get("items").filter(|items| items.is_object())?;
        Some(At { file: at.file, node: items.id() })
    };
    parts.iter().filter_map(of).collect()
}

/// Members of a value that no schema describes: their pointers.
pub fn undescribed(graph: &Graph, schemas: &[At], value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk(graph, &parts(graph, schemas), value, "", &mut found);
    found
}

fn walk(graph: &Graph, parts: &[At], value: &Value, place: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            let described = parts.iter().any(|at| graph.node(*at).get("properties").is_some());
            let open = parts.iter().any(|at| {
                let node = graph.node(*at);
                let others = node.get("additionalProperties");
                node.get("patternProperties").is_some()
                    || node.get("unevaluatedProperties").is_some()
                    || others.is_some_and(|others| others.as_bool() != Some(false))
            });
            for (name, member) in members {
                let below = format!("{place}/{}", tenon_source::escape_token(name));
                let schemas = self::member(graph, parts, name);
                if schemas.is_empty() {
                    if described && !open {
                        found.push(below);
                    }
                    continue;
                }
                walk(graph, &self::parts(graph, &schemas), member, &below, found);
            }
        }
        Value::Array(list) => {
            let schemas = items(graph, parts);
            if schemas.is_empty() {
                return;
            }
            let parts = self::parts(graph, &schemas);
            for (index, item) in list.iter().enumerate() {
                walk(graph, &parts, item, &format!("{place}/{index}"), found);
            }
        }
        _ => {}
    }
}
