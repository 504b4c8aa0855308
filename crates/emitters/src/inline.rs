//! Values copied with their references followed, for elements that are no schemas.

use serde_json::{Map, Value};
use tenon_graph::{Graph, to_value};
use tenon_source::{At, Kind, Node};

/// Levels that are copied, a count: references may lead in circles.
const LEVELS_MAX: usize = 64;

/// A copy of a value in which references are replaced by what they refer to.
pub(crate) fn inlined(graph: &Graph, at: At) -> Value {
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
