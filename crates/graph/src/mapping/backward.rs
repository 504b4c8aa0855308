//! Protobuf to JSON Schema.

use serde_json::{Map, Value, json};

use super::{Label, NULLABLE, ProtoField, ProtoMessage, ProtoType, REQUIRED, WHOLE};

/// A message as a schema: the one [`super::to_message`] made it from, but for the order of
/// `required`.
#[must_use]
pub fn to_schema(message: &ProtoMessage) -> Value {
    if let Some(whole) = message.annotations.get(WHOLE) {
        return whole.clone();
    }
    let mut schema = message.annotations.clone();
    if schema.shift_remove("x-type").is_none() {
        schema.insert("type".to_owned(), Value::from("object"));
    }
    let mut required = match schema.shift_remove("required") {
        Some(Value::Array(names)) => Some(names),
        _ => None,
    };
    let mut properties = Map::new();
    for field in &message.fields {
        if is_required(field) {
            let names = required.get_or_insert_default();
            let name = Value::from(field.json_name.as_str());
            if !names.contains(&name) {
                names.push(name);
            }
        }
        add(&mut properties, field);
    }
    schema.insert("properties".to_owned(), Value::Object(properties));
    if let Some(names) = required {
        schema.insert("required".to_owned(), Value::Array(names));
    }
    Value::Object(schema)
}

fn is_required(field: &ProtoField) -> bool {
    let noted = field.annotations.contains_key(REQUIRED);
    match field.label {
        Label::One => noted || field.oneof.is_none(),
        Label::Optional => false,
        Label::Repeated | Label::Map => noted,
    }
}

/// Adds a member; a field of a oneof is one more alternative of it.
fn add(properties: &mut Map<String, Value>, field: &ProtoField) {
    let schema = field_schema(field);
    if field.oneof.is_none() {
        properties.insert(field.json_name.clone(), schema);
        return;
    }
    let member = properties.entry(field.json_name.clone()).or_insert_with(|| json!({ "oneOf": [] }));
    if let Some(parts) = member.get_mut("oneOf").and_then(Value::as_array_mut) {
        parts.push(schema);
    }
}

fn field_schema(field: &ProtoField) -> Value {
    let mut annotations = field.annotations.clone();
    annotations.shift_remove(REQUIRED);
    if let Some(whole) = annotations.shift_remove(WHOLE) {
        return whole;
    }
    match field.label {
        Label::One | Label::Optional => value_schema(&field.ty, annotations),
        Label::Repeated | Label::Map => {
            let values = value_schema(&field.ty, field.value_annotations.clone());
            let (kind, key) = match field.label {
                Label::Repeated => ("array", "items"),
                _ => ("object", "additionalProperties"),
            };
            annotations.insert(key.to_owned(), values);
            typed(kind, annotations)
        }
    }
}

fn value_schema(ty: &ProtoType, mut rest: Map<String, Value>) -> Value {
    let (kind, format) = match ty {
        ProtoType::Reference(_, reference) => {
            rest.insert("$ref".to_owned(), Value::from(reference.as_str()));
            return Value::Object(rest);
        }
        ProtoType::Message(message) => {
            let mut schema = to_schema(message);
            if let (Some(null), Value::Object(object)) = (rest.get(NULLABLE), &mut schema) {
                object.insert("type".to_owned(), or_null("object", null));
            }
            return schema;
        }
        ProtoType::Enum(_, values) => {
            let values = values.iter().map(|(_, value)| Value::from(value.as_str()));
            rest.insert("enum".to_owned(), values.collect());
            ("string", None)
        }
        ProtoType::Plain(name) => match *name {
            "google.protobuf.Timestamp" => ("string", Some("date-time")),
            "google.protobuf.Duration" => ("string", Some("duration")),
            "bytes" => ("string", Some("byte")),
            "string" => ("string", None),
            "bool" => ("boolean", None),
            "int32" => ("integer", Some("int32")),
            "int64" => ("integer", None),
            "float" => ("number", Some("float")),
            "double" => ("number", None),
            _ => ("object", None),
        },
    };
    if let Some(format) = format {
        rest.insert("format".to_owned(), Value::from(format));
    }
    typed(kind, rest)
}

fn typed(kind: &str, mut rest: Map<String, Value>) -> Value {
    let written = match rest.shift_remove(NULLABLE) {
        Some(null) => or_null(kind, &null),
        None => Value::from(kind),
    };
    rest.insert("type".to_owned(), written);
    Value::Object(rest)
}

fn or_null(kind: &str, side: &Value) -> Value {
    if side == "first" { json!(["null", kind]) } else { json!([kind, "null"]) }
}
