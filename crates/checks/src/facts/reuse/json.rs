//! Structures of JSON Schemas, those of API documents too.

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use tenon_graph::Graph;
use tenon_source::{At, Kind, Node};

use super::mixer::{Mixer, name_hash};
use super::shape::{
    ALTERNATIVE, Edge, ITEM, Link, Need, PATTERN, Shape, ShapeId, Shapes, Types, VALUE, value_hashes,
};

/// Steps through wrappers (`$ref`, a lone `allOf`, "this or null") and levels of nested `allOf`, a
/// count: real schemas need three.
const STEPS_MAX: usize = 16;

/// Most members that `allOf` brings together, a count: it keeps schemas that include each other
/// over and over from growing without end.
const MEMBERS_MAX: usize = 4_096;

/// Adds the structure of every schema.
pub(super) fn add(graph: &Graph, shapes: &mut Shapes) {
    let ids: FxHashMap<At, ShapeId> = graph
        .schemas
        .iter()
        .enumerate()
        .map(|(index, schema)| (schema.at, u32::try_from(index).unwrap_or(u32::MAX)))
        .collect();
    // The last shape stands for everything that is no schema object, such as `true`.
    let any = u32::try_from(graph.schemas.len()).unwrap_or(u32::MAX);
    let builder = Builder { graph, ids: &ids, any };
    shapes.list = graph.schemas.par_iter().map(|schema| builder.shape(schema.at)).collect();
    shapes.list.push(Shape::default());
    shapes.by_place = ids;
}

/// The schema that a schema stands for, if it says nothing of its own: what a `$ref` leads to, the
/// only part of an `allOf`, the one alternative beside `null`.
pub(crate) fn stands_for(graph: &Graph, at: At) -> At {
    let mut at = graph.follow(at);
    for _ in 0..STEPS_MAX {
        match only_part(graph.node(at)) {
            Some(part) => at = graph.follow(At { file: at.file, node: part.id() }),
            None => break,
        }
    }
    at
}

fn only_part(node: Node<'_>) -> Option<Node<'_>> {
    let silent = |key: &str| {
        matches!(
            key,
            "description" | "title" | "nullable" | "x-nullable" | "default" | "example" | "examples"
        ) || (key.starts_with("x-") && key != "x-nullable")
    };
    let mut spoken = node.members().filter(|(key, _)| !silent(key));
    let (key, list) = spoken.next()?;
    if spoken.next().is_some() || !matches!(key, "allOf" | "anyOf" | "oneOf") {
        return None;
    }
    let mut parts = list.items().filter(|part| part.get_str("type") != Some("null"));
    let first = parts.next()?;
    (parts.next().is_none() && first.is_object()).then_some(first)
}

struct Builder<'g> {
    graph: &'g Graph,
    ids: &'g FxHashMap<At, ShapeId>,
    any: ShapeId,
}

impl Builder<'_> {
    fn id(&self, at: At) -> ShapeId {
        self.ids.get(&stands_for(self.graph, at)).copied().unwrap_or(self.any)
    }

    fn shape(&self, at: At) -> Shape {
        let mut shape = Shape::default();
        let mut required = Vec::new();
        self.gather(at, 0, &mut shape, &mut required);
        required.sort_unstable();
        for edge in shape.edges.iter_mut().filter(|edge| edge.link == Link::Member) {
            if required.binary_search(&edge.name).is_ok() {
                edge.need = Need::Required;
            }
        }
        // Of two parts that say the same member, the first counts.
        shape.edges.sort_by_key(|edge| (edge.link, edge.name));
        shape.edges.dedup_by(|later, first| {
            later.link == Link::Member && first.link == Link::Member && later.name == first.name
        });
        shape
    }

    /// Adds what a schema says, and what the parts of its `allOf` say.
    fn gather(&self, at: At, depth: usize, shape: &mut Shape, required: &mut Vec<u64>) {
        if depth > STEPS_MAX || shape.edges.len() > MEMBERS_MAX {
            return;
        }
        let node = self.graph.node(at);
        shape.types.0 |= types(node).0;
        if let Some(values) = node.get("enum") {
            shape.values = value_hashes(values.items().map(text_of));
        } else if let Some(value) = node.get("const") {
            shape.values = value_hashes(std::iter::once(text_of(value)));
        }
        required.extend(
            node.get("required").into_iter().flat_map(Node::items).filter_map(Node::as_str).map(name_hash),
        );
        for (key, child) in node.members() {
            self.part(at, key, child, shape);
        }
        for part in node.get("allOf").into_iter().flat_map(Node::items) {
            self.gather(self.graph.follow(At { file: at.file, node: part.id() }), depth + 1, shape, required);
        }
    }

    fn part(&self, at: At, key: &str, child: Node<'_>, shape: &mut Shape) {
        let place = |node: Node<'_>| At { file: at.file, node: node.id() };
        let mut add = |link: Link, name: u64, node: Node<'_>| {
            let edge = Edge { link, name, need: Need::Optional, to: self.id(place(node)), at: place(node) };
            shape.edges.push(edge);
        };
        match key {
            "properties" => {
                child.members().for_each(|(name, schema)| add(Link::Member, name_hash(name), schema));
            }
            "patternProperties" => {
                let name = |pattern: &str| Mixer::new(PATTERN).add_text(pattern).end();
                child.members().for_each(|(pattern, schema)| add(Link::Other, name(pattern), schema));
            }
            "additionalProperties" if child.is_object() => add(Link::Other, VALUE, child),
            "items" if child.is_array() => {
                child
                    .items()
                    .zip(0_u64..)
                    .for_each(|(item, index)| add(Link::Other, ITEM + (index << 8), item));
            }
            "items" => add(Link::Other, ITEM, child),
            "prefixItems" => {
                child
                    .items()
                    .zip(0_u64..)
                    .for_each(|(item, index)| add(Link::Other, ITEM + (index << 8), item));
            }
            "anyOf" | "oneOf" => {
                let parts = child.items().filter(|part| part.get_str("type") != Some("null"));
                parts.for_each(|part| add(Link::Other, ALTERNATIVE, part));
            }
            _ => {}
        }
    }
}

/// The types a schema names, or those its other words imply.
fn types(node: Node<'_>) -> Types {
    if let Some(named) = node.get("type") {
        let one = named.as_str().map_or(0, |name| Types::named(name).0);
        let several = named.items().filter_map(Node::as_str).fold(0, |all, name| all | Types::named(name).0);
        return Types(one | several);
    }
    if node.get("properties").or_else(|| node.get("additionalProperties")).is_some() {
        return Types::OBJECT;
    }
    if node.get("items").is_some() {
        return Types::ARRAY;
    }
    let values = node.get("enum").into_iter().flat_map(Node::items).chain(node.get("const"));
    values.fold(Types::default(), |all, value| Types(all.0 | value_type(value).0))
}

fn value_type(value: Node<'_>) -> Types {
    match value.kind() {
        Kind::Null => Types::default(),
        Kind::Bool => Types::BOOLEAN,
        Kind::Number if value.as_i64().is_some() => Types::INTEGER,
        Kind::Number => Types::NUMBER,
        Kind::String => Types::STRING,
        Kind::Array => Types::ARRAY,
        Kind::Object => Types::OBJECT,
    }
}

/// The text of a value of an enum; what is no text stands for its kind.
fn text_of(value: Node<'_>) -> &str {
    let flag = value.as_bool().map(|flag| if flag { "true" } else { "false" });
    value.as_str().or_else(|| value.number_text()).or(flag).unwrap_or_else(|| value.kind().as_str())
}
