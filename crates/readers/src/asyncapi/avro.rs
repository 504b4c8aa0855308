//! Avro schemas: JSON that says what records are made of.
//!
//! Recursion ends at the depth limit of the parsers.

use tenon_graph::{AvroField, AvroKind, AvroType, Name};

use crate::value::Value;

const PRIMITIVES: [&str; 8] = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"];

/// The type a value stands for.
pub(super) fn read(value: Value<'_>) -> AvroType {
    read_in(value, "")
}

fn read_in(value: Value<'_>, namespace: &str) -> AvroType {
    let plain = |kind| AvroType { at: value.at(), kind, logical: None };
    if let Some(text) = value.as_str() {
        return plain(named(text, value, namespace));
    }
    if value.node.is_array() {
        return plain(AvroKind::Union(value.items().map(|branch| read_in(branch, namespace)).collect()));
    }
    let Some(kind) = value.get("type") else { return plain(AvroKind::Unknown) };
    let logical = value.name("logicalType");
    let inner = value.node.get_str("namespace").unwrap_or(namespace);
    let kind = match kind.as_str() {
        Some("record" | "error") => {
            let name = full_name(value, inner);
            let inside =
                name.as_ref().and_then(|name| name.text.rsplit_once('.')).map_or(inner, |(space, _)| space);
            let fields = value.list("fields").filter_map(|field| read_field(field, inside)).collect();
            AvroKind::Record { fields, name: name.clone() }
        }
        Some("enum") => AvroKind::Enum {
            name: full_name(value, inner),
            symbols: value.list("symbols").filter_map(Value::text).collect(),
            default: value.name("default"),
        },
        Some("array") => AvroKind::Array(Box::new(part(value, "items", namespace))),
        Some("map") => AvroKind::Map(Box::new(part(value, "values", namespace))),
        Some("fixed") => AvroKind::Fixed {
            name: full_name(value, inner),
            size: value.get("size").and_then(|size| size.node.as_i64()),
        },
        Some(text) => named(text, kind, namespace),
        // `{"type": {"type": "string"}}` is the inner type.
        None => {
            let found = read_in(kind, namespace);
            return AvroType { at: value.at(), kind: found.kind, logical: logical.or(found.logical) };
        }
    };
    AvroType { at: value.at(), kind, logical }
}

fn part(value: Value<'_>, key: &str, namespace: &str) -> AvroType {
    match value.get(key) {
        Some(part) => read_in(part, namespace),
        None => AvroType { at: value.at(), kind: AvroKind::Unknown, logical: None },
    }
}

fn read_field(field: Value<'_>, namespace: &str) -> Option<AvroField> {
    Some(AvroField {
        at: field.at(),
        name: field.name("name")?,
        kind: part(field, "type", namespace),
        default: field.get("default").map(Value::at),
        aliases: field.get("aliases").and_then(Value::names).unwrap_or_default(),
    })
}

/// A primitive type, or the name of one that stands elsewhere.
fn named(text: &str, at: Value<'_>, namespace: &str) -> AvroKind {
    match PRIMITIVES.into_iter().find(|primitive| *primitive == text) {
        Some(primitive) => AvroKind::Primitive(primitive),
        None => AvroKind::Named(Name::new(joined(text, namespace), at.at())),
    }
}

fn full_name(value: Value<'_>, namespace: &str) -> Option<Name> {
    let name = value.name("name")?;
    Some(Name::new(joined(&name.text, namespace), name.at))
}

/// A name with its namespace; one that has dots has its own.
fn joined(name: &str, namespace: &str) -> String {
    if namespace.is_empty() || name.contains('.') { name.to_owned() } else { format!("{namespace}.{name}") }
}
