//! A manifest of event types.

use tenon_graph::{Event, EventManifest, Name, Part, Resolver};

use super::any;
use super::files::Files;
use crate::codes;
use crate::value::Value;

/// Members that hold the list of event types.
pub(super) const LISTS: [&str; 2] = ["event_types", "eventTypes"];

const ENVELOPE: [&str; 4] =
    ["event_envelope_schema", "eventEnvelopeSchema", "envelope_schema", "envelopeSchema"];
const PAYLOAD: [&str; 4] = ["payload_schema", "payloadSchema", "schema", "payload"];
const MINIMUM: [&str; 6] = [
    "minimum_payload_fields",
    "minimumPayloadFields",
    "minimum_fields",
    "minimumFields",
    "min_payload_fields",
    "required_fields",
];

pub(super) fn read(root: Value<'_>, mut part: Part, resolver: &Resolver<'_>) -> Part {
    let files = Files::new(root.file, resolver.sources());
    let schema = |value: Option<Value<'_>>| value.and_then(file_name).map(|name| files.schema(name));
    part.event_manifests.push(EventManifest {
        file: root.file,
        root: root.at(),
        envelope_schema: schema(any(root, &ENVELOPE)),
    });
    for entry in any(root, &LISTS).into_iter().flat_map(Value::items) {
        let name = entry.scalar().or_else(|| any(entry, &["type", "name", "event_type"])?.scalar());
        let Some(name) = name else {
            let finding = resolver.sources().finding_at_value(
                &codes::WRONG_TYPE,
                entry.at(),
                "an event type has no name, so nobody can subscribe to it",
            );
            part.findings.push(finding.with_help("give it a `type`"));
            continue;
        };
        part.events.push(event(root, entry, name, schema(any(entry, &PAYLOAD))));
    }
    part
}

/// The names of the schema files.
pub(super) fn schema_names(root: Value<'_>) -> Vec<Name> {
    let events = any(root, &LISTS).into_iter().flat_map(Value::items);
    let payloads = events.filter_map(|entry| any(entry, &PAYLOAD).and_then(file_name));
    any(root, &ENVELOPE).and_then(file_name).into_iter().chain(payloads).collect()
}

fn file_name(value: Value<'_>) -> Option<Name> {
    Some(Name::new(value.as_str().or_else(|| value.reference())?, value.at()))
}

/// One event type; what it does not say itself, the manifest says for all.
fn event(
    root: Value<'_>,
    entry: Value<'_>,
    name: Name,
    payload_schema: Option<Result<tenon_source::At, Name>>,
) -> Event {
    let said = |keys: &[&str]| any(entry, keys).or_else(|| any(root, keys)).and_then(Value::scalar);
    Event {
        file: entry.file,
        at: entry.at(),
        name,
        payload_schema,
        minimum_fields: any(entry, &MINIMUM).and_then(Value::names).unwrap_or_default(),
        delivery: said(&["delivery", "delivery_guarantee"]),
        deduplication_key: said(&["dedupe", "dedupe_by", "deduplication_key", "deduplicationKey"]),
        ordering: said(&["ordering"]),
        public: entry.get("public").and_then(|value| value.node.as_bool()),
        declared: true,
    }
}
