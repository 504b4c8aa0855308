//! JSON Schema to protobuf.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{
    LEVELS_MAX, Label, NULLABLE, ProtoField, ProtoMessage, ProtoType, REQUIRED, WHOLE, pascal, snake,
};

/// Numbers that protobuf keeps to itself.
const RESERVED: std::ops::RangeInclusive<i32> = 19_000..=19_999;

/// A schema as a message. What is no object with properties has no fields and is kept whole as an
/// annotation.
#[must_use]
pub fn to_message(name: &str, schema: &Value) -> ProtoMessage {
    message(name, schema, 0).unwrap_or_else(|| ProtoMessage {
        name: pascal(name),
        fields: Vec::new(),
        annotations: [(WHOLE.to_owned(), schema.clone())].into_iter().collect(),
    })
}

/// The message of an object with properties.
fn message(name: &str, schema: &Value, depth: usize) -> Option<ProtoMessage> {
    let object = schema.as_object()?;
    let properties = object.get("properties")?.as_object()?;
    let is_map = object.get("additionalProperties").is_some_and(Value::is_object);
    if depth >= LEVELS_MAX || is_map || object.get("type").is_some_and(|kind| kind != "object") {
        return None;
    }
    let listed: Vec<&str> = object
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut names = Names::default();
    let mut fields = Vec::new();
    for (json_name, schema) in properties {
        let required = listed.contains(&json_name.as_str());
        fields.extend(alternatives(json_name, schema, required, depth, &mut names));
    }
    let mut annotations = without(object, &["properties", "required"]);
    // `type: object` goes without saying for a message; that it was not said does not.
    if annotations.shift_remove("type").is_none() {
        annotations.insert("x-type".to_owned(), Value::Null);
    }
    let unknown: Vec<Value> = listed
        .iter()
        .filter(|name| !properties.contains_key(**name))
        .map(|name| Value::from(*name))
        .collect();
    if !unknown.is_empty() || (listed.is_empty() && object.contains_key("required")) {
        annotations.insert("required".to_owned(), Value::Array(unknown));
    }
    Some(ProtoMessage { name: pascal(name), fields, annotations })
}

/// Field names and numbers that are taken.
#[derive(Default)]
struct Names {
    taken: BTreeSet<String>,
    last: i32,
}

impl Names {
    fn name(&mut self, json_name: &str) -> String {
        let plain = snake(json_name);
        let mut name = plain.clone();
        let mut count = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{plain}_{count}");
            count += 1;
        }
        name
    }

    fn number(&mut self) -> i32 {
        self.last += 1;
        if RESERVED.contains(&self.last) {
            self.last = *RESERVED.end() + 1;
        }
        self.last
    }
}

/// The field of a member; of a `oneOf`, one for each alternative.
fn alternatives(
    json_name: &str,
    schema: &Value,
    required: bool,
    depth: usize,
    names: &mut Names,
) -> Vec<ProtoField> {
    let only = schema.as_object().filter(|object| object.len() == 1);
    let parts = only.and_then(|object| object.get("oneOf")).and_then(Value::as_array);
    let Some(parts) = parts.filter(|parts| parts.len() > 1) else {
        return vec![field(json_name, schema, required, depth, names)];
    };
    let oneof = names.name(json_name);
    let mut fields: Vec<ProtoField> = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let label = part.get("title").or_else(|| part.get("$ref")).and_then(Value::as_str);
        let label = label.map_or_else(|| (index + 1).to_string(), last_part);
        let mut one = field(&format!("{json_name}_{label}"), part, true, depth, names);
        // A list cannot stand in a oneof.
        if matches!(one.label, Label::Repeated | Label::Map) {
            one = whole(&format!("{json_name}_{label}"), part, one.name, one.number, true);
        }
        one.json_name = json_name.to_owned();
        one.oneof = Some(oneof.clone());
        if required {
            one.annotations.insert(REQUIRED.to_owned(), Value::Bool(true));
        }
        fields.push(one);
    }
    fields
}

fn field(json_name: &str, schema: &Value, required: bool, depth: usize, names: &mut Names) -> ProtoField {
    let (name, number) = (names.name(json_name), names.number());
    let Some(object) = schema.as_object() else { return whole(json_name, schema, name, number, required) };
    let list = is_type(object, "array").then(|| object.get("items")).flatten();
    let map = (is_type(object, "object") && !object.contains_key("properties"))
        .then(|| object.get("additionalProperties"))
        .flatten()
        .filter(|values| values.is_object());
    let (label, inner, consumed) = match (list, map) {
        (Some(items), _) => (Label::Repeated, items, "items"),
        (None, Some(values)) => (Label::Map, values, "additionalProperties"),
        (None, None) => (if required { Label::One } else { Label::Optional }, schema, ""),
    };
    let Some((ty, rest)) = inner.as_object().and_then(|inner| plain(json_name, inner, depth)) else {
        return whole(json_name, schema, name, number, required);
    };
    let (annotations, value_annotations) = if consumed.is_empty() {
        (rest, Map::new())
    } else {
        let mut own = without(object, &["type", consumed]);
        note_null(object, &mut own);
        if required {
            own.insert(REQUIRED.to_owned(), Value::Bool(true));
        }
        (own, rest)
    };
    let json_name = json_name.to_owned();
    ProtoField { name, json_name, number, label, ty, oneof: None, annotations, value_annotations }
}

/// A field for a schema that protobuf has no type for.
fn whole(json_name: &str, schema: &Value, name: String, number: i32, required: bool) -> ProtoField {
    ProtoField {
        name,
        json_name: json_name.to_owned(),
        number,
        label: if required { Label::One } else { Label::Optional },
        ty: ProtoType::Plain("google.protobuf.Value"),
        oneof: None,
        annotations: [(WHOLE.to_owned(), schema.clone())].into_iter().collect(),
        value_annotations: Map::new(),
    }
}

/// The type of one value, and the keywords it leaves to say.
fn plain(name: &str, schema: &Map<String, Value>, depth: usize) -> Option<(ProtoType, Map<String, Value>)> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = pascal(&last_part(reference));
        return Some((ProtoType::Reference(target, reference.to_owned()), without(schema, &["$ref"])));
    }
    if is_type(schema, "object") {
        let open = !schema.contains_key("properties") && !schema.contains_key("additionalProperties");
        if open {
            let mut rest = without(schema, &["type"]);
            note_null(schema, &mut rest);
            return Some((ProtoType::Plain("google.protobuf.Struct"), rest));
        }
        let mut own = schema.clone();
        own.insert("type".to_owned(), Value::from("object"));
        let message = message(name, &Value::Object(own), depth + 1)?;
        let mut rest = Map::new();
        note_null(schema, &mut rest);
        return Some((ProtoType::Message(Box::new(message)), rest));
    }
    let (ty, format_is_said) = scalar(name, schema)?;
    let mut rest = without(schema, &["type"]);
    if matches!(ty, ProtoType::Enum(..)) {
        rest.shift_remove("enum");
    }
    if format_is_said {
        rest.shift_remove("format");
    }
    note_null(schema, &mut rest);
    Some((ty, rest))
}

/// The scalar type, and whether it tells the format.
fn scalar(name: &str, schema: &Map<String, Value>) -> Option<(ProtoType, bool)> {
    let format = schema.get("format").and_then(Value::as_str).unwrap_or("");
    let kind = ["string", "boolean", "integer", "number"].into_iter().find(|kind| is_type(schema, kind))?;
    if kind == "string"
        && let Some(values) = schema.get("enum").and_then(Value::as_array)
    {
        return Some((enumeration(name, values)?, false));
    }
    let (word, said) = match (kind, format) {
        ("string", "date-time") => ("google.protobuf.Timestamp", true),
        ("string", "duration") => ("google.protobuf.Duration", true),
        ("string", "byte") => ("bytes", true),
        ("string", _) => ("string", false),
        ("boolean", _) => ("bool", false),
        ("integer", "int32") => ("int32", true),
        ("integer", _) => ("int64", false),
        ("number", "float") => ("float", true),
        _ => ("double", false),
    };
    Some((ProtoType::Plain(word), said))
}

fn enumeration(name: &str, values: &[Value]) -> Option<ProtoType> {
    let mut names = Names::default();
    let prefix = snake(name).to_uppercase();
    let mut pairs = Vec::new();
    for value in values {
        let text = value.as_str()?;
        let own = names.name(text).to_uppercase();
        pairs.push((format!("{prefix}_{own}"), text.to_owned()));
    }
    Some(ProtoType::Enum(pascal(name), pairs))
}

/// Whether the schema has that type and no other but null.
fn is_type(schema: &Map<String, Value>, wanted: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(kind)) => kind == wanted,
        Some(Value::Array(kinds)) => {
            let mut others = kinds.iter().filter(|kind| *kind != "null");
            kinds.len() == 2 && others.next().is_some_and(|kind| kind == wanted) && others.next().is_none()
        }
        _ => false,
    }
}

/// Keeps that a value may be null, and on which side of its type that was written.
fn note_null(schema: &Map<String, Value>, rest: &mut Map<String, Value>) {
    if let Some(Value::Array(kinds)) = schema.get("type") {
        let first = kinds.first().is_some_and(|kind| kind == "null");
        rest.insert(NULLABLE.to_owned(), Value::from(if first { "first" } else { "last" }));
    }
}

fn without(object: &Map<String, Value>, keys: &[&str]) -> Map<String, Value> {
    let kept = object.iter().filter(|(key, _)| !keys.contains(&key.as_str()));
    kept.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// `#/components/schemas/Pet` and `schemas/pet.schema.json` as `Pet` and `pet`.
fn last_part(reference: &str) -> String {
    let (file, pointer) = reference.split_once('#').unwrap_or((reference, ""));
    let last = |text: &str| text.rsplit('/').next().unwrap_or("").to_owned();
    let name = last(pointer);
    if name.is_empty() { last(file).split(".schema.").next().unwrap_or("").to_owned() } else { name }
}
