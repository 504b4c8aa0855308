//! One dialect of JSON Schema in the words of another.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use tenon_graph::Dialect;

/// What a schema was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Old {
    /// Swagger 2.0 and OpenAPI 3.0.
    OpenApi,
    /// Drafts 4 to 7.
    Draft,
    /// 2019-09, whose tuples are those of the drafts.
    Draft2019,
    /// 2020-12.
    Modern,
}

impl Old {
    pub(super) fn of(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Swagger2 | Dialect::OpenApi30 => Self::OpenApi,
            Dialect::Draft4 | Dialect::Draft6 | Dialect::Draft7 => Self::Draft,
            Dialect::Draft201909 => Self::Draft2019,
            Dialect::Draft202012 => Self::Modern,
        }
    }

    /// Whether what stands beside `$ref` does not count.
    pub(super) fn reference_stands_alone(self) -> bool {
        matches!(self, Self::OpenApi | Self::Draft)
    }
}

/// A schema in the words of 2020-12.
pub(super) fn modernise(schema: &mut Map<String, Value>, old: Old) {
    if old == Old::Modern {
        return;
    }
    for (flag, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        // Draft 4 and OpenAPI 3.0: the bound is beside, and the keyword is a flag.
        match schema.get(flag) {
            Some(Value::Bool(true)) => match schema.shift_remove(bound) {
                Some(value) => schema.insert(flag.to_owned(), value),
                None => schema.shift_remove(flag),
            },
            Some(Value::Bool(false)) => schema.shift_remove(flag),
            _ => None,
        };
    }
    if old == Old::OpenApi {
        nullable(schema);
        if let Some(example) = schema.shift_remove("example") {
            schema.entry("examples").or_insert_with(|| json!([example]));
        }
    }
    if let Some(Value::Array(items)) = schema.get("items").cloned() {
        schema.shift_remove("items");
        schema.insert("prefixItems".to_owned(), Value::Array(items));
        if let Some(rest) = schema.shift_remove("additionalItems") {
            schema.insert("items".to_owned(), rest);
        }
    }
    if let Some(Value::Object(dependencies)) = schema.shift_remove("dependencies") {
        let (lists, schemas): (Map<_, _>, Map<_, _>) =
            dependencies.into_iter().partition(|(_, value)| value.is_array());
        for (name, members) in [("dependentRequired", lists), ("dependentSchemas", schemas)] {
            if !members.is_empty() {
                schema.insert(name.to_owned(), Value::Object(members));
            }
        }
    }
}

/// `nullable: true` as a type.
fn nullable(schema: &mut Map<String, Value>) {
    if schema.shift_remove("nullable") != Some(Value::Bool(true)) {
        return;
    }
    if let Some(Value::String(kind)) = schema.get("type").cloned() {
        schema.insert("type".to_owned(), json!([kind, "null"]));
        if let Some(Value::Array(values)) = schema.get_mut("enum")
            && !values.contains(&Value::Null)
        {
            values.push(Value::Null);
        }
    }
}

/// Words of 2020-12 that draft 7 has no other word for.
const LOST: [&str; 8] = [
    "unevaluatedProperties",
    "unevaluatedItems",
    "minContains",
    "maxContains",
    "$dynamicRef",
    "$dynamicAnchor",
    "$anchor",
    "contentSchema",
];

/// A schema of 2020-12 in the words of draft 7.
pub(super) fn to_draft7(schema: &mut Map<String, Value>, notes: &mut BTreeSet<String>) {
    if let Some(tuple) = schema.shift_remove("prefixItems") {
        if let Some(rest) = schema.shift_remove("items") {
            schema.insert("additionalItems".to_owned(), rest);
        }
        schema.insert("items".to_owned(), tuple);
    }
    let lists = schema.shift_remove("dependentRequired");
    let schemas = schema.shift_remove("dependentSchemas");
    let mut dependencies = Map::new();
    for (name, value) in
        [lists, schemas].into_iter().flatten().filter_map(|part| part.as_object().cloned()).flatten()
    {
        dependencies.entry(name).or_insert(value);
    }
    if !dependencies.is_empty() {
        schema.insert("dependencies".to_owned(), Value::Object(dependencies));
    }
    // Beside a reference nothing counts in draft 7.
    if schema.len() > 1 && schema.contains_key("$ref") {
        let reference = schema.shift_remove("$ref").unwrap_or(Value::Null);
        let mut all = vec![json!({ "$ref": reference })];
        if let Some(Value::Array(more)) = schema.shift_remove("allOf") {
            all.extend(more);
        }
        schema.insert("allOf".to_owned(), Value::Array(all));
    }
    for word in LOST.iter().filter(|word| schema.contains_key(**word)) {
        notes.insert(format!(
            "`{word}` has no equal in the schemas of AsyncAPI 3.0; readers of draft 7 pass it over"
        ));
    }
}
