//! Whether two schemas admit a common value, as far as types, enums and properties tell.

use tenon_source::{At, Node};

use super::support::{at, same, types};
use crate::Context;

/// Keywords that are understood here or that constrain nothing. A schema with any other keyword
/// may differ by it.
const UNDERSTOOD: &[&str] = &[
    "type",
    "format",
    "enum",
    "const",
    "nullable",
    "properties",
    "required",
    "additionalProperties",
    "discriminator",
    "$ref",
    "$id",
    "$schema",
    "$anchor",
    "$comment",
    "title",
    "description",
    "default",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "externalDocs",
    "xml",
];

/// The types a value may have, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct TypeSet(u8);

const NAMES: &[&str] = &["null", "boolean", "string", "array", "object", "integer", "number"];
const NULL: u8 = 1;
const INTEGER: u8 = 1 << 5;
const NUMBER: u8 = 1 << 6;

impl TypeSet {
    fn read(schema: Node<'_>) -> Option<Self> {
        schema.get("type")?;
        let bit = |name: &str| NAMES.iter().position(|known| *known == name).map_or(0, |index| 1 << index);
        let mut bits = types(schema).fold(0, |all, name| all | bit(name));
        if schema.get("nullable").and_then(Node::as_bool) == Some(true) {
            bits |= NULL;
        }
        // Every integer is a number.
        if bits & NUMBER != 0 {
            bits |= INTEGER;
        }
        Some(Self(bits))
    }

    fn shared(self, other: Self) -> u8 {
        self.0 & other.0
    }
}

/// One alternative, read once for all pairs.
pub struct Alternative<'g> {
    place: At,
    types: Option<TypeSet>,
    values: Option<Vec<Node<'g>>>,
    properties: Option<Node<'g>>,
    required: Vec<&'g str>,
    closed: bool,
}

impl<'g> Alternative<'g> {
    /// The schema at a place; `None` if it has keywords that are not understood.
    pub fn read(ctx: &Context<'g>, place: At) -> Option<Self> {
        let node = ctx.graph.node(place);
        let understood = |key: &str| UNDERSTOOD.contains(&key) || key.starts_with("x-");
        if !node.is_object() || node.get("$ref").is_some() || !node.members().all(|(key, _)| understood(key))
        {
            return None;
        }
        let values = match (node.get("enum"), node.get("const")) {
            (Some(list), _) => Some(list.items().collect()),
            (None, Some(value)) => Some(vec![value]),
            (None, None) => None,
        };
        let required = node.get("required").into_iter().flat_map(Node::items).filter_map(Node::as_str);
        Some(Self {
            place,
            types: TypeSet::read(node),
            values,
            properties: node.get("properties").filter(|properties| properties.is_object()),
            required: required.collect(),
            closed: node.get("additionalProperties").and_then(Node::as_bool) == Some(false),
        })
    }

    fn declares(&self, name: &str) -> bool {
        self.properties.is_some_and(|properties| properties.get(name).is_some())
    }

    fn requires(&self, name: &str) -> bool {
        self.required.contains(&name)
    }

    fn admits_null(&self) -> bool {
        self.types.is_some_and(|types| types.0 & NULL != 0)
    }

    /// Whether no value can follow both, by their values or types alone.
    fn excludes(&self, other: &Self) -> bool {
        if let (Some(left), Some(right)) = (&self.values, &other.values) {
            return !left.iter().any(|value| right.iter().any(|other| same(*value, *other)));
        }
        self.types.zip(other.types).is_some_and(|(left, right)| left.shared(right) == 0)
    }
}

/// Why two alternatives admit a common value; `None` if they do not, or it cannot be told.
pub fn overlap(ctx: &Context<'_>, left: &Alternative<'_>, right: &Alternative<'_>) -> Option<String> {
    if left.excludes(right) {
        return None;
    }
    if left.admits_null() && right.admits_null() {
        return Some("both admit `null`".to_owned());
    }
    if let (Some(_), Some(_)) = (&left.values, &right.values) {
        return Some("their enums share a value".to_owned());
    }
    match (left.properties, right.properties) {
        (Some(_), Some(_)) => property_overlap(ctx, left, right),
        (None, None) => {
            let shared = left.types.zip(right.types).map_or(0, |(left, right)| left.shared(right));
            let names = NAMES.iter().enumerate().filter(|(index, _)| shared & (1 << index) != 0);
            names.map(|(_, name)| format!("both admit values of type {name}")).next()
        }
        _ => None,
    }
}

fn property_overlap(ctx: &Context<'_>, left: &Alternative<'_>, right: &Alternative<'_>) -> Option<String> {
    let forbids = |one: &Alternative<'_>, other: &Alternative<'_>| {
        one.closed && other.required.iter().any(|name| !one.declares(name))
    };
    if forbids(left, right) || forbids(right, left) {
        return None;
    }
    let demands_own = |one: &Alternative<'_>, other: &Alternative<'_>| {
        one.required.iter().any(|name| !other.declares(name) && !other.requires(name))
    };
    if demands_own(left, right) && demands_own(right, left) {
        return None;
    }
    let mut reason = None;
    for (name, value) in left.properties?.members() {
        let Some(twin) = right.properties?.get(name) else { continue };
        let read = |near: At, node| Alternative::read(ctx, ctx.graph.follow(at(near, node)));
        let (Some(one), Some(two)) = (read(left.place, value), read(right.place, twin)) else { continue };
        if one.excludes(&two) {
            if left.requires(name) && right.requires(name) {
                return None;
            }
            reason = Some(format!("`{name}` tells them apart, but may be left out"));
        } else if reason.is_none() {
            reason = Some(format!("nothing about `{name}` and the other properties tells them apart"));
        }
    }
    reason
}
