//! A schema as people read it: what type, which members, which rules.

use serde_json::{Map, Value, json};

/// What references to schemas begin with.
pub(super) const BASE: &str = "#/$defs/";

/// Levels of members in members that are shown in place, a count: deeper ones are in the JSON.
const LEVELS_MAX: usize = 6;

/// Values of an enum that are named, a count.
const VALUES_MAX: usize = 40;

/// Keywords that are told as they are.
const RULES: [&str; 18] = [
    "const",
    "default",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "contentEncoding",
    "contentMediaType",
    "readOnly",
];

/// The type of a value: pieces of text, some of which lead to a schema.
pub(super) fn ty(schema: &Value) -> Value {
    let mut pieces = Vec::new();
    write_type(schema, 0, &mut pieces);
    Value::Array(pieces)
}

fn word(text: &str) -> Value {
    json!({ "text": text, "schema": Value::Null })
}

fn write_type(schema: &Value, level: usize, out: &mut Vec<Value>) {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        match name.strip_prefix(BASE) {
            Some(name) => out.push(json!({ "text": name, "schema": name })),
            None => out.push(word(name)),
        }
        return;
    }
    let Some(object) = schema.as_object().filter(|_| level < LEVELS_MAX) else {
        out.push(word(if schema == &Value::Bool(false) { "nothing" } else { "any" }));
        return;
    };
    let alternatives = ["oneOf", "anyOf"].iter().find_map(|key| object.get(*key)?.as_array());
    if let Some(parts) = alternatives.filter(|_| !object.contains_key("properties")) {
        joined(parts, " or ", level, out);
        return;
    }
    if let Some(parts) =
        object.get("allOf").and_then(Value::as_array).filter(|_| !object.contains_key("properties"))
    {
        joined(parts, " and ", level, out);
        return;
    }
    let kinds: Vec<&str> = match object.get("type") {
        Some(Value::String(kind)) => vec![kind.as_str()],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ if object.contains_key("properties") => vec!["object"],
        _ if object.contains_key("const") => vec!["constant"],
        _ if object.contains_key("enum") => vec!["enum"],
        _ => vec!["any"],
    };
    for (index, kind) in kinds.iter().enumerate() {
        if index > 0 {
            out.push(word(" or "));
        }
        match (*kind, object.get("items"), object.get("additionalProperties")) {
            ("array", Some(items), _) => {
                out.push(word("array of "));
                write_type(items, level + 1, out);
            }
            ("object", _, Some(values @ Value::Object(_))) if !object.contains_key("properties") => {
                out.push(word("map of "));
                write_type(values, level + 1, out);
            }
            (kind, ..) => {
                let format = object.get("format").and_then(Value::as_str).filter(|_| kind != "null");
                match format {
                    Some(format) => out.push(word(&format!("{kind} ({format})"))),
                    None => out.push(word(kind)),
                }
            }
        }
    }
}

fn joined(parts: &[Value], between: &str, level: usize, out: &mut Vec<Value>) {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push(word(between));
        }
        write_type(part, level + 1, out);
    }
}

/// The rules a value must keep, in words.
pub(super) fn rules(schema: &Value) -> Vec<String> {
    let Some(object) = schema.as_object() else { return Vec::new() };
    let mut out = Vec::new();
    if let Some(values) = object.get("enum").and_then(Value::as_array) {
        let shown: Vec<String> = values.iter().take(VALUES_MAX).map(plain).collect();
        let more = if values.len() > VALUES_MAX { ", …" } else { "" };
        out.push(format!("one of {}{more}", shown.join(", ")));
    }
    let said = RULES.iter().filter_map(|key| Some((*key, object.get(*key)?)));
    out.extend(said.map(|(key, value)| format!("{key} {}", plain(value))));
    if object.get("additionalProperties") == Some(&Value::Bool(false)) && object.contains_key("properties") {
        out.push("no other members".to_owned());
    }
    if object.get("writeOnly") == Some(&Value::Bool(true)) {
        out.push("in requests only".to_owned());
    }
    out
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The members of an object as rows, those of objects in it below them.
pub(super) fn members(schema: &Value) -> Vec<Value> {
    let mut out = Vec::new();
    rows(schema, "", 0, &mut out);
    out
}

fn rows(schema: &Value, prefix: &str, level: usize, out: &mut Vec<Value>) {
    let Some(object) = schema.as_object().filter(|_| level < LEVELS_MAX) else { return };
    let required: Vec<&str> = object
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    for (name, member) in object.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let path = format!("{prefix}{name}");
        let described = described(member);
        out.push(json!({
            "path": path,
            "level": level,
            "type": ty(member),
            "required": required.contains(&name.as_str()),
            "about": described,
            "rules": rules(inner(member)),
        }));
        rows(member, &format!("{path}."), level + 1, out);
        if let Some(items) = member.get("items") {
            rows(items, &format!("{path}[]."), level + 1, out);
        }
        if let Some(values) = member.get("additionalProperties").filter(|values| values.is_object()) {
            rows(values, &format!("{path}.*."), level + 1, out);
        }
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        let parts = object.get(key).and_then(Value::as_array).into_iter().flatten();
        parts.for_each(|part| rows(part, prefix, level + 1, out));
    }
}

/// Rules of a list are those of its items, where it has none.
fn inner(schema: &Value) -> &Value {
    match schema.get("items") {
        Some(items) if rules(schema).is_empty() => items,
        _ => schema,
    }
}

fn described(schema: &Value) -> &str {
    let own = schema.get("description").and_then(Value::as_str);
    let items = || schema.get("items")?.get("description")?.as_str();
    own.or_else(items).unwrap_or_default()
}

/// A schema with a page of its own.
pub(super) fn page(name: &str, slug: &str, schema: &Value) -> Value {
    let text = |key: &str| schema.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut out = Map::new();
    out.insert("name".to_owned(), name.into());
    out.insert("slug".to_owned(), slug.into());
    out.insert("about".to_owned(), text("description").into());
    out.insert("type".to_owned(), ty(schema));
    out.insert("rules".to_owned(), json!(rules(schema)));
    out.insert("members".to_owned(), Value::Array(members(schema)));
    let json = serde_json::to_string_pretty(schema).unwrap_or_default();
    out.insert("json".to_owned(), json.into());
    Value::Object(out)
}
