//! The structure of every schema, whatever its format: types, members, which of them are
//! required. Descriptions, titles, formats, bounds and examples are no structure.

use rustc_hash::FxHashMap;
use tenon_graph::Graph;
use tenon_source::At;

use super::mixer::{Mixer, name_hash};
use super::{json, protobuf, tables};

/// Index of a shape.
pub(super) type ShapeId = u32;

/// Types a value may have, a bit each. None is "any".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Types(pub(super) u8);

impl Types {
    pub(super) const BOOLEAN: Self = Self(1);
    pub(super) const INTEGER: Self = Self(2);
    pub(super) const NUMBER: Self = Self(4);
    pub(super) const STRING: Self = Self(8);
    pub(super) const ARRAY: Self = Self(16);
    pub(super) const OBJECT: Self = Self(32);

    /// The type with a name of JSON Schema; none for `null`, which is no matter of structure.
    pub(super) fn named(name: &str) -> Self {
        match name {
            "boolean" => Self::BOOLEAN,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            "string" => Self::STRING,
            "array" => Self::ARRAY,
            "object" => Self::OBJECT,
            _ => Self(0),
        }
    }

    /// As people say it.
    pub(super) fn words(self) -> String {
        let all = [
            (Self::BOOLEAN, "boolean"),
            (Self::INTEGER, "integer"),
            (Self::NUMBER, "number"),
            (Self::STRING, "string"),
            (Self::ARRAY, "array"),
            (Self::OBJECT, "object"),
        ];
        let found: Vec<&str> =
            all.iter().filter(|(bit, _)| self.0 & bit.0 != 0).map(|&(_, word)| word).collect();
        if found.is_empty() { "any type".to_owned() } else { found.join(" or ") }
    }
}

/// What a part of a shape is to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Link {
    /// A named member.
    Member,
    /// An item of an array, or the value of a map, or one of several alternatives.
    Other,
}

/// Whether a member must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    Optional,
    Required,
    /// The format does not say: any answer is the same as this one.
    Unknown,
}

/// A part of a shape.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub(super) link: Link,
    /// Hash of the member's name in one case convention, or of what else it is.
    pub(super) name: u64,
    pub(super) need: Need,
    pub(super) to: ShapeId,
    /// Where the name is written.
    pub(super) at: At,
}

/// One structure.
#[derive(Debug, Clone, Default)]
pub(super) struct Shape {
    pub(super) types: Types,
    /// Hashes of the values of an enum, sorted.
    pub(super) values: Vec<u64>,
    pub(super) edges: Vec<Edge>,
}

impl Shape {
    pub(super) fn of(types: Types) -> Self {
        Self { types, ..Self::default() }
    }

    pub(super) fn members(&self) -> impl Iterator<Item = &Edge> {
        self.edges.iter().filter(|edge| edge.link == Link::Member)
    }

    /// The hash of what the shape is without its parts.
    pub(super) fn label(&self) -> u64 {
        let seed = Mixer::new(2).add(u64::from(self.types.0));
        self.values.iter().fold(seed, |hash, value| hash.add(*value)).end()
    }
}

/// Every structure of a graph.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    pub(super) list: Vec<Shape>,
    pub(super) by_place: FxHashMap<At, ShapeId>,
}

impl Shapes {
    /// The structures of everything a graph has.
    pub(super) fn of(graph: &Graph) -> Self {
        let mut shapes = Self::default();
        json::add(graph, &mut shapes);
        protobuf::add(graph, &mut shapes);
        tables::add(graph, &mut shapes);
        shapes
    }

    pub(super) fn get(&self, id: ShapeId) -> Option<&Shape> {
        self.list.get(id as usize)
    }

    pub(super) fn push(&mut self, shape: Shape) -> ShapeId {
        self.list.push(shape);
        u32::try_from(self.list.len() - 1).unwrap_or(u32::MAX)
    }

    pub(super) fn put(&mut self, at: At, shape: Shape) -> ShapeId {
        let id = self.push(shape);
        self.by_place.insert(at, id);
        id
    }

    /// An array of something.
    pub(super) fn list_of(&mut self, item: ShapeId, at: At) -> ShapeId {
        let edge = Edge { link: Link::Other, name: ITEM, need: Need::Optional, to: item, at };
        self.push(Shape { types: Types::ARRAY, values: Vec::new(), edges: vec![edge] })
    }

    /// A map to something.
    pub(super) fn map_of(&mut self, value: ShapeId, at: At) -> ShapeId {
        let edge = Edge { link: Link::Other, name: VALUE, need: Need::Optional, to: value, at };
        self.push(Shape { types: Types::OBJECT, values: Vec::new(), edges: vec![edge] })
    }
}

/// Stands for the items of an array.
pub(super) const ITEM: u64 = 1;
/// Stands for the values of a map.
pub(super) const VALUE: u64 = 2;
/// Stands for one of several alternatives.
pub(super) const ALTERNATIVE: u64 = 3;
/// Stands for members whose names match a pattern.
pub(super) const PATTERN: u64 = 4;

/// Hashes of the values of an enum, in one case convention.
pub(super) fn value_hashes<'v>(values: impl Iterator<Item = &'v str>) -> Vec<u64> {
    let mut hashes: Vec<u64> = values.map(name_hash).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}
