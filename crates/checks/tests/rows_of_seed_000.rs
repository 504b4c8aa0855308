//! Rows of seed 000 about schemas, examples and manifest entries, on a pack in the form of the
//! manifests: six operations, three events, thirteen schemas, an example of each.

#![expect(clippy::unwrap_used, reason = "a pack that is not as it is built here fails the test")]

use std::collections::BTreeMap;

use tenon_source::{Finding, Level};
use tenon_testkit::{MemoryFiles, Outcome, run_files};

/// Event, payload schema, minimum fields.
const EVENTS: [(&str, &str, &[&str]); 3] = [
    (
        "proposal.cancelled",
        "ProposalCancelledPayload",
        &["proposal_id", "cycle_id", "reason_code", "cancelled_at"],
    ),
    ("cycle.failed", "CycleFailedPayload", &["cycle_id", "from_state", "reason_code", "failed_at"]),
    (
        "user.reliability_changed",
        "UserReliabilityChangedPayload",
        &["user_id", "from_tier", "to_tier", "reason_code", "changed_at"],
    ),
];

/// Operation, method and path, request and response schemas.
const OPERATIONS: [(&str, &str, &str, Option<&str>, &str); 6] = [
    ("platform.connections.list", "GET", "/platform-connections", None, "PlatformConnectionListResponse"),
    (
        "platform.connections.upsert",
        "POST",
        "/platform-connections",
        Some("PlatformConnectionUpsertRequest"),
        "PlatformConnectionUpsertResponse",
    ),
    (
        "inventory.snapshots.record",
        "POST",
        "/inventory/snapshots",
        Some("InventorySnapshotRecordRequest"),
        "InventorySnapshotRecordResponse",
    ),
    ("inventory.assets.list", "GET", "/inventory/assets", None, "InventoryAssetListResponse"),
    ("disputes.create", "POST", "/disputes", Some("DisputeCreateRequest"), "DisputeCreateResponse"),
    ("disputes.get", "GET", "/disputes/{dispute_id}", None, "DisputeGetResponse"),
];

struct Pack(BTreeMap<String, String>);

impl Pack {
    fn new() -> Self {
        let mut pack = Self(BTreeMap::new());
        let mut endpoints = Vec::new();
        for (id, method, path, request, response) in OPERATIONS {
            let request_entry =
                request.map_or(String::new(), |name| format!(r#""request_schema": "{name}.schema.json", "#));
            endpoints.push(format!(
                r#"{{"method": "{method}", "path": "{path}", "operation_id": "{id}", {request_entry}"response_schema": "{response}.schema.json", "idempotency_required": {}, "auth": {{"required": true, "allowed_actor_types": ["partner"], "required_scopes": ["settlement:{}"]}}}}"#,
                method == "POST",
                if method == "POST" { "write" } else { "read" },
            ));
            for name in request.into_iter().chain([response]) {
                let link = if name.starts_with("PlatformConnectionU") || name.ends_with("ListResponse") {
                    r#""connection": {"$ref": "PlatformConnection.schema.json"}"#
                } else {
                    r#""note": {"type": "string"}"#
                };
                pack.schema(name, &["correlation_id"], link);
                pack.example(name, &[("correlation_id", "c1")]);
            }
        }
        pack.put(
            "api/manifest.v1.json",
            format!(r#"{{"id": "m98", "endpoints": [{}]}}"#, endpoints.join(",\n")),
        );
        let mut events = Vec::new();
        for (event, schema, fields) in EVENTS {
            events.push(format!(
                r#"{{"type": "{event}", "payload_schema": "{schema}.schema.json", "minimum_payload_fields": [{}]}}"#,
                fields.iter().map(|field| format!("\"{field}\"")).collect::<Vec<_>>().join(", "),
            ));
            let at = fields.iter().find(|field| field.ends_with("_at")).unwrap();
            pack.schema(schema, fields, &format!(r#""{at}": {{"type": "string", "format": "date-time"}}"#));
            let values: Vec<(&str, &str)> = fields.iter().map(|field| (*field, value_of(field))).collect();
            pack.example(schema, &values);
        }
        let head = r#""delivery": "at-least-once", "dedupe": "event_id", "ordering": "none""#;
        pack.put(
            "events/manifest.v1.json",
            format!(r#"{{{head}, "event_types": [{}]}}"#, events.join(",\n")),
        );
        pack.schema("PlatformConnection", &["platform"], r#""platform": {"type": "string"}"#);
        pack.example("PlatformConnection", &[("platform", "steam")]);
        pack
    }

    fn put(&mut self, path: &str, text: String) {
        self.0.insert(path.to_owned(), text);
    }

    fn schema(&mut self, name: &str, required: &[&str], property: &str) {
        let names: Vec<String> = required.iter().map(|field| format!("\"{field}\"")).collect();
        let text = format!(
            r#"{{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://tenon.test/schemas/{name}.schema.json", "title": "{name}", "type": "object", "required": [{}], "properties": {{{property}}}}}"#,
            names.join(", ")
        );
        self.put(&format!("schemas/{name}.schema.json"), text);
    }

    fn example(&mut self, name: &str, members: &[(&str, &str)]) {
        let members: Vec<String> =
            members.iter().map(|(field, value)| format!(r#""{field}": "{value}""#)).collect();
        self.put(&format!("examples/{name}.example.json"), format!("{{{}}}", members.join(", ")));
    }

    fn replace(&mut self, path: &str, from: &str, to: &str) {
        let text = self.0.get_mut(path).unwrap();
        assert!(text.contains(from), "{path} has no {from}");
        *text = text.replacen(from, to, 1);
    }

    fn check(&self) -> Outcome {
        let files = self.0.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes()));
        run_files(&MemoryFiles(files.collect()), None, &|_| true)
    }

    /// Findings above info, and those of a rule, as `id message`.
    fn told(&self) -> Vec<String> {
        let outcome = self.check();
        let counts = |finding: &&Finding| finding.level > Level::Info || finding.code.id == "JS021";
        outcome
            .findings
            .iter()
            .filter(counts)
            .map(|finding| format!("{} {}", finding.code.id, finding.message))
            .collect()
    }
}

fn value_of(field: &str) -> &'static str {
    if field.ends_with("_at") { "2026-02-16T00:00:00Z" } else { "x" }
}

#[track_caller]
fn expect(pack: &Pack, wanted: &[&str]) {
    let told = pack.told();
    assert_eq!(told.len(), wanted.len(), "{told:#?}");
    for (told, wanted) in told.iter().zip(wanted) {
        assert!(told.contains(wanted), "{told} lacks {wanted}");
    }
}

/// S0-40, S0-44: the pack itself is complete, thirteen schemas each with an example that fits.
#[test]
fn the_whole_pack_is_clean() {
    let pack = Pack::new();
    expect(&pack, &[]);
    let schemas = pack.0.keys().filter(|path| path.starts_with("schemas/")).count();
    let examples = pack.0.keys().filter(|path| path.starts_with("examples/")).count();
    assert_eq!((schemas, examples), (13, 13));
}

/// S0-22: each minimum field stands in the payload schema's `required`.
#[test]
fn minimum_fields_are_required_by_the_payload_schema() {
    for (event, schema, fields) in EVENTS {
        for field in fields {
            let mut pack = Pack::new();
            let path = format!("schemas/{schema}.schema.json");
            let (first, other) = (format!("\"{field}\", "), format!(", \"{field}\"]"));
            let text = pack.0.get_mut(&path).unwrap();
            *text = match text.contains(&first) {
                true => text.replacen(&first, "", 1),
                false => text.replacen(&other, "]", 1),
            };
            let told = pack.told();
            assert_eq!(told.len(), 1, "{event} {field}: {told:?}");
            assert!(
                told[0].starts_with("EV003") && told[0].contains(field) && told[0].contains(event),
                "{told:?}"
            );
        }
    }
}

/// S0-23, S0-24, S0-25: an example without any one of the minimum fields is invalid, 13 cases.
#[test]
fn examples_without_a_minimum_field_are_invalid() {
    let mut cases = 0;
    for (_, schema, fields) in EVENTS {
        for left_out in fields {
            let mut pack = Pack::new();
            let rest: Vec<(&str, &str)> = fields
                .iter()
                .filter(|field| *field != left_out)
                .map(|field| (*field, value_of(field)))
                .collect();
            pack.example(schema, &rest);
            expect(&pack, &[&format!("JS020 the example does not fit its schema: it has no `{left_out}`")]);
            cases += 1;
        }
    }
    assert_eq!(cases, 13);
}

/// S0-26: times are date-times, and another text is refused at its pointer.
#[test]
fn times_that_are_none_are_refused() {
    for (_, schema, fields) in EVENTS {
        let at = fields.iter().find(|field| field.ends_with("_at")).unwrap();
        let mut pack = Pack::new();
        pack.replace(&format!("examples/{schema}.example.json"), "2026-02-16T00:00:00Z", "yesterday");
        expect(
            &pack,
            &[&format!(
                "JS020 the example does not fit its schema: `{at}` should have the format `date-time`"
            )],
        );
        let outcome = pack.check();
        let finding = outcome.findings.iter().find(|finding| finding.code.id == "JS020").unwrap();
        assert_eq!(finding.pointer.as_deref(), Some(format!("/{at}").as_str()));
        let mut pack = Pack::new();
        pack.replace(&format!("schemas/{schema}.schema.json"), r#", "format": "date-time""#, "");
        expect(&pack, &["EV004"]);
    }
}

/// S0-40: a schema without `$id` or title, and a `$ref` that leads nowhere.
#[test]
fn schemas_have_identities_and_references_that_resolve() {
    let path = "schemas/DisputeGetResponse.schema.json";
    let ids = |pack: &Pack| -> Vec<&'static str> {
        pack.check().findings.iter().map(|finding| finding.code.id).collect()
    };
    let mut pack = Pack::new();
    pack.replace(path, r#""$id": "https://tenon.test/schemas/DisputeGetResponse.schema.json", "#, "");
    assert_eq!(ids(&pack), ["JS004"]);
    let mut pack = Pack::new();
    pack.replace(path, r#""title": "DisputeGetResponse", "#, "");
    assert_eq!(ids(&pack), ["JS005"]);
    let mut pack = Pack::new();
    let upsert = "schemas/PlatformConnectionUpsertRequest.schema.json";
    pack.replace(upsert, "PlatformConnection.schema.json\"}", "PlatformConection.schema.json\"}");
    expect(&pack, &["IN020"]);
    let mut pack = Pack::new();
    pack.replace(path, r#""type": "object""#, r#""type": "objct""#);
    expect(&pack, &["JS001 `type` should be \"object\""]);
}

/// S0-41: every operation names its schemas.
#[test]
fn operations_name_their_schemas() {
    let mut pack = Pack::new();
    pack.replace("api/manifest.v1.json", r#""response_schema": "DisputeGetResponse.schema.json", "#, "");
    expect(&pack, &["OP013"]);
    let mut pack = Pack::new();
    pack.replace("api/manifest.v1.json", r#""request_schema": "DisputeCreateRequest.schema.json", "#, "");
    expect(&pack, &["OP012"]);
}

/// S0-42: an event names its payload schema by the file's name.
#[test]
fn payload_schemas_are_found_by_name() {
    let mut pack = Pack::new();
    let text = pack.0.remove("schemas/CycleFailedPayload.schema.json").unwrap();
    pack.put("schemas/CycleFailed.schema.json", text);
    let told = pack.told();
    assert!(
        told.iter().any(|told| told.starts_with("OP014") && told.contains("CycleFailedPayload.schema.json")),
        "{told:?}"
    );
}

/// S0-43: an item without its example, its manifest entry or its schema fails, each in its own way.
#[test]
fn each_item_has_schema_example_and_entry() {
    let mut pack = Pack::new();
    pack.0.remove("examples/DisputeCreateRequest.example.json");
    let without_example = pack.told();
    assert_eq!(without_example.len(), 1, "{without_example:?}");
    assert!(without_example[0].starts_with("JS021"), "{without_example:?}");

    let mut pack = Pack::new();
    pack.0.remove("schemas/DisputeCreateRequest.schema.json");
    let without_schema = pack.told();
    assert!(without_schema.iter().any(|told| told.starts_with("OP014")), "{without_schema:?}");

    let mut pack = Pack::new();
    pack.replace("api/manifest.v1.json", r#""request_schema": "DisputeCreateRequest.schema.json", "#, "");
    let without_entry = pack.told();
    assert_eq!(without_entry.len(), 1, "{without_entry:?}");
    assert!(without_entry[0].starts_with("OP012"), "{without_entry:?}");
}

/// S0-44: an example with a value of another type fails with its pointer, at the level of an error.
#[test]
fn examples_of_another_type_fail() {
    let mut pack = Pack::new();
    pack.replace("examples/CycleFailedPayload.example.json", r#""2026-02-16T00:00:00Z""#, "5");
    let outcome = pack.check();
    let finding = outcome.findings.iter().find(|finding| finding.code.id == "JS020").unwrap();
    assert_eq!(finding.level, Level::Error);
    assert_eq!(finding.pointer.as_deref(), Some("/failed_at"));
    assert!(finding.message.contains("`failed_at` should be a string, not 5"), "{}", finding.message);
    assert!(!finding.related.is_empty(), "the schema's keyword is told");
}
