//! Types of fields: what they are on the wire and in JSON.

use rustc_hash::FxHashMap;
use tenon_graph::protobuf::{
    Cardinality, Enum, EnumId, Field, FieldPresence, FieldType, MessageEncoding, MessageKind, Protobuf,
    Scalar,
};

use super::sides::Sides;

/// The type of a field as the wire knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar(Scalar),
    Message,
    /// A message between a start and an end tag.
    Group,
    Enum,
    Unknown,
}

impl Kind {
    pub(super) fn of(protobuf: &Protobuf, field: &Field) -> Self {
        match field.ty {
            FieldType::Scalar(scalar) => Self::Scalar(scalar),
            FieldType::Enum(_) => Self::Enum,
            FieldType::Unknown => Self::Unknown,
            FieldType::Message(id) => {
                let kind = protobuf.message(id).kind;
                let is_delimited = field.features.message_encoding == MessageEncoding::Delimited;
                let is_group = kind == MessageKind::Group || (is_delimited && kind != MessageKind::MapEntry);
                if is_group { Self::Group } else { Self::Message }
            }
        }
    }

    /// Types of one group read each other's bytes.
    fn wire_group(self) -> u8 {
        match self {
            Self::Scalar(scalar) => match scalar {
                Scalar::Int32 | Scalar::Int64 | Scalar::Uint32 | Scalar::Uint64 | Scalar::Bool => 1,
                Scalar::Sint32 | Scalar::Sint64 => 2,
                Scalar::String => 3,
                Scalar::Bytes => 4,
                Scalar::Fixed32 | Scalar::Sfixed32 => 5,
                Scalar::Fixed64 | Scalar::Sfixed64 => 6,
                Scalar::Double => 7,
                Scalar::Float => 8,
            },
            Self::Group => 9,
            Self::Message => 10,
            Self::Enum => 11,
            Self::Unknown => 12,
        }
    }

    /// Types of one group read each other's bytes and each other's JSON.
    fn json_group(self) -> u8 {
        match self {
            Self::Scalar(scalar) => match scalar {
                Scalar::Int32 | Scalar::Uint32 => 1,
                Scalar::Int64 | Scalar::Uint64 => 2,
                Scalar::Fixed32 | Scalar::Sfixed32 => 3,
                Scalar::Fixed64 | Scalar::Sfixed64 => 4,
                Scalar::Bool => 5,
                Scalar::Sint32 => 6,
                Scalar::Sint64 => 7,
                Scalar::String => 8,
                Scalar::Bytes => 9,
                Scalar::Double => 10,
                Scalar::Float => 11,
            },
            Self::Group => 12,
            Self::Message => 13,
            Self::Enum => 14,
            Self::Unknown => 15,
        }
    }
}

/// The checks of `buf` that a change of type fails; none where the types are the same.
pub(super) fn aliases(sides: &Sides<'_>, old: &Field, new: &Field) -> Vec<&'static str> {
    const TYPE: &str = "buf:FIELD_SAME_TYPE";
    const WIRE: &str = "buf:FIELD_WIRE_COMPATIBLE_TYPE";
    const JSON: &str = "buf:FIELD_WIRE_JSON_COMPATIBLE_TYPE";
    let kinds = (Kind::of(sides.old, old), Kind::of(sides.new, new));
    // A name that stands for nothing has been said by the reader.
    if kinds.0 == Kind::Unknown || kinds.1 == Kind::Unknown {
        return Vec::new();
    }
    if let (Some(before), Some(now)) = (sides.old.map_entry(old), sides.new.map_entry(new)) {
        let mut found = aliases(sides, before.0, now.0);
        found.extend(aliases(sides, before.1, now.1));
        found.sort_unstable();
        found.dedup();
        return found;
    }
    let is_same = sides.is_same_type(old.ty, new.ty);
    if kinds.0 == kinds.1 && is_same {
        return Vec::new();
    }
    let mut found = vec![TYPE];
    let is_other_name = match (old.ty, new.ty) {
        (FieldType::Enum(before), FieldType::Enum(now)) => !is_same && !is_compatible(sides, before, now),
        _ => !is_same,
    };
    let string_to_bytes = kinds == (Kind::Scalar(Scalar::String), Kind::Scalar(Scalar::Bytes));
    let breaks = |same_group: bool| {
        let names_count = !matches!(kinds.1, Kind::Scalar(_));
        if same_group { names_count && is_other_name } else { true }
    };
    if !string_to_bytes && breaks(kinds.0.wire_group() == kinds.1.wire_group()) {
        found.push(WIRE);
    }
    if breaks(kinds.0.json_group() == kinds.1.json_group()) {
        found.push(JSON);
    }
    found
}

/// Whether another enum takes the place of one: it has its short name, and all of its values.
fn is_compatible(sides: &Sides<'_>, old: EnumId, new: EnumId) -> bool {
    let (before, now) = (sides.old.enumeration(old), sides.new.enumeration(new));
    let names = values(sides.new, now);
    before.name() == now.name()
        && values(sides.old, before).iter().all(|(number, all)| {
            let others = names.get(number);
            others.is_some_and(|others| all.iter().all(|name| others.contains(name)))
        })
}

/// The names of an enum by number.
pub(super) fn values<'g>(protobuf: &'g Protobuf, one: &Enum) -> FxHashMap<i32, Vec<&'g str>> {
    let mut out: FxHashMap<i32, Vec<&str>> = FxHashMap::default();
    for value in protobuf.values_of(one.values) {
        out.entry(value.number).or_default().push(&value.name);
    }
    out
}

/// The type as it is written in a message: `int32`, `acme.v1.Pet`, `map<string, int64>`.
pub(super) fn text(protobuf: &Protobuf, field: &Field) -> String {
    if let Some((key, value)) = protobuf.map_entry(field) {
        return format!("map<{}, {}>", text(protobuf, key), text(protobuf, value));
    }
    match field.ty {
        FieldType::Scalar(scalar) => scalar.as_str().to_owned(),
        FieldType::Message(id) => protobuf.message(id).full_name.to_string(),
        FieldType::Enum(id) => protobuf.enumeration(id).full_name.to_string(),
        FieldType::Unknown => "an unknown type".to_owned(),
    }
}

/// How many values a field has, and whether it tells that it was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    Explicit,
    Implicit,
    Required,
    Repeated,
    Map,
}

impl Count {
    pub(super) fn of(protobuf: &Protobuf, field: &Field) -> Self {
        if protobuf.map_entry(field).is_some() {
            Self::Map
        } else if field.is_repeated() {
            Self::Repeated
        } else if is_required(field) {
            Self::Required
        } else if field.has_presence() {
            Self::Explicit
        } else {
            Self::Implicit
        }
    }

    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Explicit => "one value, and whether it was set",
            Self::Implicit => "one value",
            Self::Required => "one value, which must be set",
            Self::Repeated => "a list",
            Self::Map => "a map",
        }
    }

    fn wire_group(self) -> u8 {
        match self {
            Self::Explicit | Self::Implicit => 1,
            Self::Required => 2,
            Self::Repeated | Self::Map => 3,
        }
    }

    /// The checks of `buf` that a change to another count fails.
    pub(super) fn aliases(self, new: Self) -> Vec<&'static str> {
        let mut found = Vec::new();
        if self != new {
            found.push("buf:FIELD_SAME_CARDINALITY");
            let is_json_break =
                self.wire_group() != new.wire_group() || (self == Self::Map) != (new == Self::Map);
            if is_json_break {
                found.push("buf:FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY");
            }
            if self.wire_group() != new.wire_group() {
                found.push("buf:FIELD_WIRE_COMPATIBLE_CARDINALITY");
            }
        }
        found
    }
}

/// Whether a field must be set.
pub(super) fn is_required(field: &Field) -> bool {
    !field.is_repeated()
        && (field.cardinality == Cardinality::Required
            || field.features.field_presence == FieldPresence::LegacyRequired)
}
