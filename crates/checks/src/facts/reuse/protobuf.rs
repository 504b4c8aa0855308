//! Structures of protobuf messages and enums, as their JSON form is.

use rustc_hash::FxHashMap;
use tenon_graph::Graph;
use tenon_graph::protobuf::{Enum, EnumId, Field, FieldType, MessageId, Protobuf, Scalar};

use super::mixer::name_hash;
use super::shape::{Edge, Link, Need, Shape, ShapeId, Shapes, Types, value_hashes};

/// Adds every message and enum of the files, those that are imported too.
pub(super) fn add(graph: &Graph, shapes: &mut Shapes) {
    let proto = &graph.protobuf;
    let mut enums = FxHashMap::default();
    for (index, one) in proto.enums.iter().enumerate() {
        let mut shape = Shape::of(Types::STRING);
        shape.values = value_hashes(value_names(proto, one).iter().map(|(name, _)| name.as_str()));
        enums.insert(EnumId::from(index), shapes.put(one.at, shape));
    }
    // Places first: messages may contain each other.
    let mut messages = FxHashMap::default();
    for (index, message) in proto.messages.iter().enumerate() {
        let id = match well_known(&message.full_name) {
            Some(types) => shapes.push(Shape::of(types)),
            None if message.is_map_entry() => shapes.push(Shape::of(Types::OBJECT)),
            None => shapes.put(message.at, Shape::of(Types::OBJECT)),
        };
        messages.insert(MessageId::from(index), id);
    }
    let known = Known { proto, enums, messages };
    for (index, message) in proto.messages.iter().enumerate() {
        if well_known(&message.full_name).is_some() || message.is_map_entry() {
            continue;
        }
        let mut edges: Vec<Edge> =
            proto.fields_of(message.fields).iter().map(|field| known.edge(field, shapes)).collect();
        edges.sort_by_key(|edge| (edge.link, edge.name));
        edges.dedup_by_key(|edge| edge.name);
        let id = known.messages.get(&MessageId::from(index)).copied();
        if let Some(shape) = id.and_then(|id| shapes.list.get_mut(id as usize)) {
            shape.edges = edges;
        }
    }
}

/// What a message of the standard library is in JSON.
pub(super) fn well_known(full_name: &str) -> Option<Types> {
    Some(match full_name.strip_prefix("google.protobuf.")? {
        "Timestamp" | "Duration" | "FieldMask" | "StringValue" | "BytesValue" => Types::STRING,
        "BoolValue" => Types::BOOLEAN,
        "Int32Value" | "UInt32Value" | "Int64Value" | "UInt64Value" => Types::INTEGER,
        "DoubleValue" | "FloatValue" => Types::NUMBER,
        "Struct" | "Any" | "Empty" => Types::OBJECT,
        "ListValue" => Types::ARRAY,
        "Value" => Types::default(),
        _ => return None,
    })
}

/// The JSON type of a scalar.
pub(super) fn scalar_types(scalar: Scalar) -> Types {
    match scalar {
        Scalar::Double | Scalar::Float => Types::NUMBER,
        Scalar::Bool => Types::BOOLEAN,
        Scalar::String | Scalar::Bytes => Types::STRING,
        _ => Types::INTEGER,
    }
}

/// The names of the values as JSON Schemas write them, without the prefix they share with their
/// enum, each with its own name; without the value that stands for "not said".
pub(super) fn value_names<'p>(proto: &'p Protobuf, one: &Enum) -> Vec<(String, &'p str)> {
    let mut prefix = String::new();
    for character in one.name().chars() {
        if character.is_uppercase() && !prefix.is_empty() && !prefix.ends_with('_') {
            prefix.push('_');
        }
        prefix.extend(character.to_uppercase());
    }
    prefix.push('_');
    let names = proto.values_of(one.values).iter().filter_map(|value| {
        let name = value.name.strip_prefix(prefix.as_str()).unwrap_or(&value.name);
        let unsaid = value.number == 0 && name.ends_with("UNSPECIFIED");
        (!unsaid).then(|| (name.to_ascii_lowercase(), &*value.name))
    });
    names.collect()
}

struct Known<'g> {
    proto: &'g Protobuf,
    enums: FxHashMap<EnumId, ShapeId>,
    messages: FxHashMap<MessageId, ShapeId>,
}

impl Known<'_> {
    fn edge(&self, field: &Field, shapes: &mut Shapes) -> Edge {
        let to = match self.proto.map_entry(field) {
            Some((_, value)) => {
                let value = self.type_of(value, shapes);
                shapes.map_of(value, field.at)
            }
            None => {
                let one = self.type_of(field, shapes);
                if field.is_repeated() { shapes.list_of(one, field.at) } else { one }
            }
        };
        Edge { link: Link::Member, name: name_hash(&field.name), need: Need::Unknown, to, at: field.at }
    }

    fn type_of(&self, field: &Field, shapes: &mut Shapes) -> ShapeId {
        let known = match field.ty {
            FieldType::Message(id) => self.messages.get(&id),
            FieldType::Enum(id) => self.enums.get(&id),
            FieldType::Scalar(scalar) => return shapes.push(Shape::of(scalar_types(scalar))),
            FieldType::Unknown => None,
        };
        known.copied().unwrap_or_else(|| shapes.push(Shape::default()))
    }
}
