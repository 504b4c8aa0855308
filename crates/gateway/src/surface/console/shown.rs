//! How values look on pages.

use std::collections::BTreeSet;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use tenon_graph::{Graph, SchemaRole};
use tenon_source::{At, Node};

use crate::handlers::facts::rfc3339;
use crate::plan::Plan;

/// What stands in a segment of a path as it is.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A text as one segment of a path.
pub(super) fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// A moment as people read it, in UTC, as pages say beside it.
pub(super) fn moment(ms: i64) -> String {
    rfc3339(ms).replace('T', " ").replace('Z', "")
}

/// JSON over several lines.
pub(super) fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// A time as contracts write it: `24h`, `90s`.
pub(super) fn duration(ms: u64) -> String {
    let units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)];
    let whole = |unit: &&(&str, u64)| ms >= unit.1 && ms.is_multiple_of(unit.1);
    match units.iter().find(whole) {
        // A day is said as hours, as contracts do; a week is not.
        Some(("d", unit)) if ms / unit < 3 => format!("{}h", ms / 3_600_000),
        Some((name, unit)) => format!("{}{name}", ms / unit),
        None => format!("{ms} ms"),
    }
}

/// A JSON value without members that never leave, whichever entity says so.
pub(super) fn without_private(plan: &Plan, value: Value) -> Value {
    let private: BTreeSet<&str> =
        plan.entities.values().flat_map(|entity| entity.private.iter().map(String::as_str)).collect();
    strip(value, &private)
}

fn strip(value: Value, private: &BTreeSet<&str>) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(name, _)| !private.contains(name.as_str()));
            Value::Object(kept.map(|(name, value)| (name, strip(value, private))).collect())
        }
        Value::Array(items) => items.into_iter().map(|item| strip(item, private)).collect(),
        other => other,
    }
}

/// Schemas that have a name: files and components, by it.
pub(super) fn named_schemas(graph: &Graph) -> Vec<(String, At)> {
    let named = graph.schemas.iter().filter(|schema| {
        matches!(schema.role, SchemaRole::File | SchemaRole::Component) && !graph.node(schema.at).is_alias()
    });
    let mut found: Vec<(String, At)> =
        named.filter_map(|schema| Some((name(graph, schema.at)?, schema.at))).collect();
    found.sort();
    // Two files of one name stay apart by their number.
    let mut seen: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for (name, _) in &mut found {
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            *name = format!("{name}~{count}");
        }
    }
    found
}

fn name(graph: &Graph, at: At) -> Option<String> {
    let pointer = graph.node(at).pointer();
    let last = match pointer.rsplit_once('/') {
        Some((_, last)) => tenon_source::unescape_token(last).into_owned(),
        None => {
            let path = &graph.sources.get(at.file)?.path;
            let file = path.rsplit_once('/').map_or(path.as_str(), |(_, file)| file);
            file.trim_end_matches(".schema.json").to_owned()
        }
    };
    Some(last)
}

/// A schema as JSON, and the page it has, where it has a name.
pub(super) fn schema(plan: &Plan, at: At) -> Value {
    let graph = &plan.graph;
    let at = graph.follow(at);
    let named = named_schemas(graph).into_iter().find(|(_, known)| *known == at).map(|(name, _)| name);
    serde_json::json!({
        "name": named.clone().unwrap_or_default(),
        "path": named.map(|name| segment(&name)).unwrap_or_default(),
        "text": pretty(&tenon_graph::to_value(graph.node(at))),
        "rows": rows(graph.node(at)),
    })
}

/// The members of an object, one line each.
fn rows(schema: Node<'_>) -> Vec<Value> {
    let required: Vec<&str> =
        schema.get("required").into_iter().flat_map(Node::items).filter_map(Node::as_str).collect();
    let properties = schema.get("properties").into_iter().flat_map(Node::members);
    let row = |(name, property): (&str, Node<'_>)| {
        serde_json::json!({
            "name": name,
            "type": kind(property),
            "required": required.contains(&name),
            "note": note(property),
        })
    };
    properties.map(row).collect()
}

fn kind(schema: Node<'_>) -> String {
    if let Some(reference) = schema.get_str("$ref") {
        let last = reference.rsplit('/').next().unwrap_or(reference);
        return last.trim_end_matches(".schema.json").to_owned();
    }
    let Some(kind) = schema.get("type") else {
        let words = ["const", "enum", "oneOf", "anyOf", "allOf"];
        return words.iter().find(|word| schema.get(word).is_some()).map_or("any", |word| word).to_owned();
    };
    let kinds: Vec<&str> = match kind.as_str() {
        Some(one) => vec![one],
        None => kind.items().filter_map(Node::as_str).collect(),
    };
    let of = schema.get("items").map(kind_of_items).unwrap_or_default();
    format!("{}{of}", kinds.join(" or "))
}

fn kind_of_items(items: Node<'_>) -> String {
    format!(" of {}", kind(items))
}

/// What holds for a value beside its type, in few words.
fn note(schema: Node<'_>) -> String {
    let mut notes = Vec::new();
    if let Some(format) = schema.get_str("format") {
        notes.push(format.to_owned());
    }
    if let Some(values) = schema.get("enum") {
        let values: Vec<String> = values.items().map(|value| plain(&tenon_graph::to_value(value))).collect();
        notes.push(values.join(" | "));
    }
    if let Some(value) = schema.get("const") {
        notes.push(format!("= {}", plain(&tenon_graph::to_value(value))));
    }
    if let Some(pattern) = schema.get_str("pattern") {
        notes.push(pattern.to_owned());
    }
    if let Some(text) = schema.get_str("description") {
        notes.push(text.to_owned());
    }
    notes.join(" · ")
}

/// A value without quotes where it is a text.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_contracts_write_them() {
        let written =
            [(86_400_000, "24h"), (604_800_000, "7d"), (60_000, "1m"), (90_000, "90s"), (5, "5 ms")];
        for (ms, text) in written {
            assert_eq!(duration(ms), text);
        }
    }

    #[test]
    fn private_members_are_left_out_however_deep_they_are() {
        let value = serde_json::json!({ "data": { "payload": [{ "id": 1, "secret": "s", "basis": "b" }] } });
        let kept = strip(value, &BTreeSet::from(["secret", "basis"]));
        assert_eq!(kept, serde_json::json!({ "data": { "payload": [{ "id": 1 }] } }));
    }

    #[test]
    fn a_segment_has_no_slash_left() {
        assert_eq!(segment("GET /a/{b}"), "GET%20%2Fa%2F%7Bb%7D");
        assert_eq!(segment("disputes.create"), "disputes.create");
    }
}
