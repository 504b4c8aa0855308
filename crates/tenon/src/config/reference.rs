//! The reference page and the JSON Schema of `tenon.toml`, from the list of its keys.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::keys::{KEYS, Key, Kind, LEVELS};

/// The JSON Schema of the file.
pub fn schema() -> Value {
    let mut schema = table_schema(KEYS);
    let head = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "tenon.toml",
    });
    if let (Value::Object(rest), Value::Object(mut head)) = (schema.take(), head) {
        head.extend(rest);
        return Value::Object(head);
    }
    Value::Null
}

fn table_schema(keys: &[Key]) -> Value {
    let mut properties = Map::new();
    for key in keys {
        let mut value = match key.kind {
            Kind::Choice(words) => json!({ "enum": words }),
            Kind::Text => json!({ "type": "string", "minLength": 1 }),
            Kind::Ratio => json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 1 }),
            Kind::Texts => json!({ "type": "array", "items": { "type": "string" } }),
            Kind::Choices(words) => json!({ "type": "array", "items": { "enum": words } }),
            Kind::Switch => json!({ "type": "boolean" }),
            Kind::Table(keys) => table_schema(keys),
            Kind::Tables(keys) => json!({ "type": "array", "items": table_schema(keys) }),
            Kind::Levels => json!({ "type": "object", "additionalProperties": { "enum": LEVELS } }),
            Kind::Count => json!({ "type": "integer", "minimum": 0 }),
            Kind::Date => json!({ "type": "string", "format": "date" }),
        };
        if let Value::Object(members) = &mut value {
            members.insert("description".to_owned(), Value::from(key.doc));
        }
        properties.insert(key.name.to_owned(), value);
    }
    let required: Vec<&str> = keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    let mut schema = json!({ "type": "object", "additionalProperties": false, "properties": properties });
    if let (false, Value::Object(members)) = (required.is_empty(), &mut schema) {
        members.insert("required".to_owned(), json!(required));
    }
    schema
}

/// The reference page in Markdown.
pub fn page() -> String {
    let mut out = String::from(INTRODUCTION);
    section(&mut out, KEYS, "");
    out.push_str(SUPPRESSIONS);
    out
}

fn section(out: &mut String, keys: &[Key], prefix: &str) {
    for key in keys {
        let name = format!("{prefix}{}", key.name);
        let kind = match key.kind {
            Kind::Choice(words) => {
                words.iter().map(|word| format!("`\"{word}\"`")).collect::<Vec<_>>().join(", ")
            }
            Kind::Text => "a text".to_owned(),
            Kind::Ratio => "a number above 0 and up to 1".to_owned(),
            Kind::Texts => "a list of texts".to_owned(),
            Kind::Choices(words) => {
                let words: Vec<String> = words.iter().map(|word| format!("`\"{word}\"`")).collect();
                format!("a list of {}", words.join(", "))
            }
            Kind::Switch => "true or false".to_owned(),
            Kind::Table(_) => "a table".to_owned(),
            Kind::Tables(_) => "a list of tables".to_owned(),
            Kind::Levels => "a table of levels".to_owned(),
            Kind::Count => "a whole number".to_owned(),
            Kind::Date => "a date".to_owned(),
        };
        let need = if key.required { ", required" } else { "" };
        let _ = write!(out, "\n## `{name}`\n\n{} ({kind}{need})\n", key.doc);
        if !key.example.is_empty() {
            let _ = write!(out, "\n```toml\n{} = {}\n```\n", key.name, key.example);
        }
        if let Kind::Table(keys) | Kind::Tables(keys) = key.kind {
            section(out, keys, &format!("{name}."));
        }
    }
}

const INTRODUCTION: &str = "\
# Configuration: `tenon.toml`

Written by `cargo xtask generate` from the list of keys; do not edit.

Everything works without it. `tenon check` takes the file in the folder of the first path it is
given, or in the nearest folder above; `--config FILE` names another. Whatever is typed wins over
the file, and the file over the profile. Whatever is wrong in the file is said with its place, and
nothing is checked (exit status 2). References to URLs are never fetched, so no key allows it.
";

const SUPPRESSIONS: &str = "
## Suppressions beside what they cover

A YAML comment sets findings of one line aside: its own line or, if it has a line to itself, the
next one that is not a comment.

```yaml
paths:
  # tenon:ignore OA001 both belong to the same vendor
  /pets: {}
  /owners: {} # tenon:ignore OA001,OA002 see ticket 12
```

Kinds of changes (`tenon diff`) are set aside in the same ways: a change counts by its place in
the new version; of what was removed, that is the nearest thing around it that is still there.

JSON has no comments; use `[[suppress]]`. A finding counts by its own place, whichever file
refers to it there. A reason is required (CF001), and a suppression that suppresses nothing is
itself a finding (CF002).
";
