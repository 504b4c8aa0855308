//! Schemas made ready for the mapping: what is no message is written where it is used.

use serde_json::{Map, Value};

/// What references to schemas of the document begin with.
pub(super) const BASE: &str = "#/$defs/";

/// References followed in a row, a count: a circle of aliases ends here.
const ALIASES_MAX: usize = 16;

/// Levels of schemas in schemas, a count: deeper ones are any value.
const LEVELS_MAX: usize = 64;

/// The schemas of a document that become messages.
pub(super) struct Schemas<'s> {
    all: &'s Map<String, Value>,
}

impl<'s> Schemas<'s> {
    pub(super) fn new(all: &'s Map<String, Value>) -> Self {
        Self { all }
    }

    /// The names of those that are messages.
    pub(super) fn messages(&self) -> Vec<&'s str> {
        let names = self.all.iter().filter(|(_, schema)| self.is_message(schema, 0));
        names.map(|(name, _)| name.as_str()).collect()
    }

    /// A schema by its name, ready.
    pub(super) fn get(&self, name: &str) -> Value {
        self.all.get(name).map_or(Value::Bool(true), |schema| self.ready(schema, 0))
    }

    /// The name of the message that a schema refers to, if it does nothing else.
    pub(super) fn message_of(&self, schema: &Value) -> Option<&'s str> {
        let name = schema.get("$ref")?.as_str()?.strip_prefix(BASE)?;
        let (name, target) = self.all.get_key_value(name)?;
        self.is_message(target, 0).then_some(name.as_str())
    }

    /// A schema whose references all lead to messages.
    pub(super) fn ready(&self, schema: &Value, level: usize) -> Value {
        let Some(object) = schema.as_object().filter(|_| level < LEVELS_MAX) else {
            return Value::Bool(true);
        };
        if let Some(name) =
            object.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix(BASE))
        {
            return match self.all.get(name) {
                Some(target) if self.is_message(target, 0) => schema.clone(),
                Some(target) if level < ALIASES_MAX => {
                    let mut inlined = self.ready(target, level + 1);
                    let rest = object.iter().filter(|(key, _)| *key != "$ref");
                    if let Some(members) = inlined.as_object_mut() {
                        members.extend(rest.map(|(key, value)| (key.clone(), value.clone())));
                    }
                    inlined
                }
                _ => Value::Object(Map::new()),
            };
        }
        let merged = self.merged(object, level);
        let mut out = Map::new();
        for (key, value) in merged.as_ref().unwrap_or(object) {
            let value = match (key.as_str(), value) {
                ("properties", Value::Object(members)) => {
                    let members =
                        members.iter().map(|(name, one)| (name.clone(), self.ready(one, level + 1)));
                    Value::Object(members.collect())
                }
                ("items" | "additionalProperties", Value::Object(_)) => self.ready(value, level + 1),
                ("oneOf" | "anyOf", Value::Array(parts)) => {
                    parts.iter().map(|part| self.ready(part, level + 1)).collect()
                }
                _ => value.clone(),
            };
            out.insert(key.clone(), value);
        }
        Value::Object(out)
    }

    /// An object of members: what the mapping makes a message of.
    fn is_message(&self, schema: &Value, level: usize) -> bool {
        let Some(object) = schema.as_object().filter(|_| level < ALIASES_MAX) else { return false };
        let is_object = object.get("type").is_none_or(|kind| kind == "object");
        let is_map = object.get("additionalProperties").is_some_and(Value::is_object);
        if object.get("properties").is_some_and(Value::is_object) {
            return is_object && !is_map;
        }
        let parts = object.get("allOf").and_then(Value::as_array);
        parts.is_some_and(|parts| {
            !parts.is_empty() && parts.iter().all(|part| self.is_message(self.followed(part), level + 1))
        })
    }

    /// `allOf` of objects as one object; `None` where there is nothing to merge.
    fn merged(&self, object: &Map<String, Value>, level: usize) -> Option<Map<String, Value>> {
        let parts = object.get("allOf")?.as_array()?;
        let are_objects = parts.iter().all(|part| self.is_message(self.followed(part), level + 1));
        if parts.is_empty() || !are_objects {
            return None;
        }
        let mut out: Map<String, Value> = object
            .iter()
            .filter(|(key, _)| *key != "allOf")
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        let mut properties = Map::new();
        let mut required: Vec<Value> = Vec::new();
        for part in parts.iter().map(|part| self.followed(part)).filter_map(Value::as_object) {
            let nested = self.merged(part, level + 1);
            let part = nested.as_ref().unwrap_or(part);
            properties.extend(part.get("properties").and_then(Value::as_object).cloned().unwrap_or_default());
            required.extend(part.get("required").and_then(Value::as_array).cloned().unwrap_or_default());
        }
        properties.extend(object.get("properties").and_then(Value::as_object).cloned().unwrap_or_default());
        required.extend(object.get("required").and_then(Value::as_array).cloned().unwrap_or_default());
        out.insert("type".to_owned(), "object".into());
        out.insert("properties".to_owned(), Value::Object(properties));
        out.insert("required".to_owned(), Value::Array(required));
        Some(out)
    }

    fn followed<'v>(&'v self, schema: &'v Value) -> &'v Value {
        let mut schema = schema;
        for _ in 0..ALIASES_MAX {
            let name = schema.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix(BASE));
            match name.and_then(|name| self.all.get(name)) {
                Some(target) => schema = target,
                None => break,
            }
        }
        schema
    }
}
