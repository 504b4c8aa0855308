//! Options to the messages they are.

use std::collections::BTreeMap;

use tenon_graph::protobuf::{
    Field, FieldId, FieldType, MessageEncoding, MessageEntry, MessageKind, OptionValue, Options, ProtoOption,
    Protobuf, Scalar,
};

use super::wire::Message;

/// What a name leads to below some message, and the value there.
type Item<'a> = (&'a [FieldId], &'a OptionValue);

/// The options of an element, by number; `None` where there is none to write.
pub(super) fn options(pb: &Protobuf, options: &Options) -> Option<Message> {
    let paths: Vec<(Vec<FieldId>, &OptionValue)> =
        options.iter().filter_map(|option| Some((path(option)?, &option.value))).collect();
    if paths.is_empty() {
        return None;
    }
    let items: Vec<Item<'_>> = paths.iter().map(|(path, value)| (path.as_slice(), *value)).collect();
    let mut out = Message::default();
    out.append(&merged(pb, &items));
    Some(out)
}

/// The fields that an option's name goes through, if all are known.
fn path(option: &ProtoOption) -> Option<Vec<FieldId>> {
    option.parts.iter().map(|part| part.field).collect()
}

/// Whether an option is for compilers only and is left out of descriptors.
fn is_for_source(field: &Field) -> bool {
    field.options.word("retention") == Some("RETENTION_SOURCE")
}

/// The bytes of a message whose fields are set one by one: `(rule).min` and `(rule).max` are one
/// `rule`.
fn merged(pb: &Protobuf, items: &[Item<'_>]) -> Vec<u8> {
    let mut order: Vec<FieldId> = Vec::new();
    for (path, _) in items {
        order.extend(path.first().filter(|first| !order.contains(first)));
    }
    order.sort_by_key(|id| pb.field(*id).number);
    let mut out = Message::default();
    for id in order.into_iter().filter(|id| !is_for_source(pb.field(*id))) {
        let field = pb.field(id);
        let own = items.iter().filter(|(path, _)| path.first() == Some(&id));
        let below = own.map(|(path, value)| (path.get(1..).unwrap_or_default(), *value));
        if field.is_packed() {
            let values: Vec<&OptionValue> = below.map(|(_, value)| value).collect();
            packed(pb, &mut out, field, &values);
            continue;
        }
        if !matches!(field.ty, FieldType::Message(_)) || field.is_repeated() {
            below.for_each(|(_, value)| put(pb, &mut out, field, value));
            continue;
        }
        let mut inner = Vec::new();
        let mut single: Vec<Item<'_>> = Vec::new();
        for (rest, value) in below {
            if rest.is_empty() {
                inner.extend(entries_of(pb, value.entries()));
            } else {
                single.push((rest, value));
            }
        }
        inner.extend(merged(pb, &single));
        put_message(&mut out, pb, field, &inner);
    }
    out.bytes()
}

fn put_message(out: &mut Message, pb: &Protobuf, field: &Field, inner: &[u8]) {
    let is_group = matches!(field.ty, FieldType::Message(id) if pb.message(id).kind == MessageKind::Group)
        || field.features.message_encoding == MessageEncoding::Delimited;
    if is_group {
        out.group(field.number, inner);
    } else {
        out.block(field.number, inner);
    }
}

/// One value of a field.
fn put(pb: &Protobuf, out: &mut Message, field: &Field, value: &OptionValue) {
    match (field.ty, value) {
        (FieldType::Message(_), OptionValue::Message(entries)) => {
            let inner = entries_of(pb, entries);
            put_message(out, pb, field, &inner);
        }
        (FieldType::Enum(id), _) => {
            let values = pb.values_of(pb.enumeration(id).values);
            let named = value.as_word().and_then(|word| values.iter().find(|value| *value.name == *word));
            let number = named.map(|value| i64::from(value.number)).or_else(|| value.as_i64());
            out.varint(field.number, number.unwrap_or(0) as u64);
        }
        (FieldType::Scalar(scalar), _) => put_scalar(out, field.number, scalar, value),
        _ => {}
    }
}

fn integer(value: &OptionValue) -> u64 {
    match *value {
        OptionValue::Integer { negative: false, magnitude } => magnitude,
        OptionValue::Integer { negative: true, magnitude } => magnitude.wrapping_neg(),
        _ => u64::from(truth(value)),
    }
}

fn truth(value: &OptionValue) -> bool {
    match value {
        OptionValue::Word(word) => matches!(&**word, "true" | "True" | "t"),
        OptionValue::Integer { magnitude, .. } => *magnitude != 0,
        _ => false,
    }
}

/// A number, whatever it is written as.
pub(super) fn float(value: &OptionValue) -> f64 {
    match value {
        OptionValue::Float(number) => *number,
        OptionValue::Integer { negative, magnitude } => {
            let number = *magnitude as f64;
            if *negative { -number } else { number }
        }
        OptionValue::Word(word) => match word.trim_start_matches('-') {
            "nan" => f64::NAN,
            _ if word.starts_with('-') => f64::NEG_INFINITY,
            _ => f64::INFINITY,
        },
        _ => 0.0,
    }
}

fn put_scalar(out: &mut Message, number: i32, scalar: Scalar, value: &OptionValue) {
    let zigzag = |value: i64| ((value << 1) ^ (value >> 63)) as u64;
    match scalar {
        Scalar::Bool => out.flag(number, truth(value)),
        Scalar::String | Scalar::Bytes => {
            if let OptionValue::Text(bytes) = value {
                out.block(number, bytes);
            }
        }
        Scalar::Double => out.fixed64(number, float(value).to_bits()),
        Scalar::Float => out.fixed32(number, (float(value) as f32).to_bits()),
        Scalar::Fixed32 | Scalar::Sfixed32 => out.fixed32(number, integer(value) as u32),
        Scalar::Fixed64 | Scalar::Sfixed64 => out.fixed64(number, integer(value)),
        Scalar::Sint32 | Scalar::Sint64 => out.varint(number, zigzag(integer(value) as i64)),
        Scalar::Int32 | Scalar::Int64 | Scalar::Uint32 | Scalar::Uint64 => out.varint(number, integer(value)),
    }
}

/// The bytes of a message in braces: its fields by number, lists in the order they are written.
fn entries_of(pb: &Protobuf, entries: &[MessageEntry]) -> Vec<u8> {
    let mut by_number: BTreeMap<i32, (FieldId, Vec<&OptionValue>)> = BTreeMap::new();
    let mut out = Message::default();
    for entry in entries {
        let Some(id) = entry.field else {
            any(pb, &mut out, entry);
            continue;
        };
        let values = &mut by_number.entry(pb.field(id).number).or_insert_with(|| (id, Vec::new())).1;
        match &entry.value {
            OptionValue::List(items) => values.extend(items.iter().map(|(_, item)| item)),
            value => values.push(value),
        }
    }
    for (id, values) in by_number.values() {
        let field = pb.field(*id);
        if is_for_source(field) {
            continue;
        }
        if field.is_packed() {
            packed(pb, &mut out, field, values);
            continue;
        }
        for value in values {
            if field.is_repeated() || field.has_presence() || !is_zero(value) || !is_plain(pb, field, value) {
                put(pb, &mut out, field, value);
            }
        }
    }
    out.bytes()
}

fn is_zero(value: &OptionValue) -> bool {
    match value {
        OptionValue::Text(bytes) => bytes.is_empty(),
        OptionValue::Message(_) | OptionValue::List(_) => false,
        OptionValue::Word(word) => {
            matches!(&**word, "false" | "False" | "f")
                || !matches!(&**word, "true" | "True" | "t" | "inf" | "nan" | "-inf" | "-nan")
        }
        OptionValue::Integer { magnitude, .. } => *magnitude == 0,
        OptionValue::Float(number) => *number == 0.0,
    }
}

/// Whether a value that looks like zero is zero: a word may name any value of an enum.
fn is_plain(pb: &Protobuf, field: &Field, value: &OptionValue) -> bool {
    let FieldType::Enum(id) = field.ty else { return true };
    let values = pb.values_of(pb.enumeration(id).values);
    value.as_word().is_none_or(|word| {
        values.iter().find(|value| *value.name == *word).is_some_and(|value| value.number == 0)
    })
}

fn packed(pb: &Protobuf, out: &mut Message, field: &Field, values: &[&OptionValue]) {
    let mut inner = Vec::new();
    for value in values {
        let mut one = Message::default();
        // Field number 1 takes one byte of tag, which is left out here.
        put(pb, &mut one, &Field { number: 1, ..field.clone() }, value);
        inner.extend(one.bytes().into_iter().skip(1));
    }
    if !inner.is_empty() {
        out.block(field.number, &inner);
    }
}

/// The contents of an `Any` under the URL of its type.
fn any(pb: &Protobuf, out: &mut Message, entry: &MessageEntry) {
    if entry.is_bracketed && entry.name.contains('/') {
        out.text(1, &entry.name);
        let inner = entries_of(pb, entry.value.entries());
        if !inner.is_empty() {
            out.block(2, &inner);
        }
    }
}
