//! Manifests of endpoints, events and examples, with the files they name.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rustc_hash::FxHashMap;
use tenon_graph::{DocumentKind, ExampleOf, Graph, ReferenceProblem, Resolver};
use tenon_readers::{Files, Root, load, read_all};
use tenon_source::Finding;

struct Memory(BTreeMap<&'static str, &'static str>);

impl Files for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReferenceProblem> {
        let text = self.0.get(path).ok_or_else(|| ReferenceProblem::MissingFile(path.to_owned()))?;
        Ok(text.as_bytes().to_vec())
    }
}

struct Disk(PathBuf);

impl Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReferenceProblem> {
        std::fs::read(self.0.join(path)).map_err(|_| ReferenceProblem::MissingFile(path.to_owned()))
    }
}

fn read(roots: &[&str], files: &dyn Files) -> (Graph, Vec<Finding>) {
    let roots: Vec<Root> = roots.iter().map(|path| Root { path: (*path).to_owned(), named: true }).collect();
    let mut loaded = load(&roots, files);
    let missing: FxHashMap<_, _> = std::mem::take(&mut loaded.missing);
    let parts = {
        let resolver = Resolver::new(&loaded.sources, missing);
        read_all(&loaded, &resolver)
    };
    tenon_graph::link(loaded.sources, parts)
}

const MANIFEST: &str = r#"{
    "id": "m98",
    "endpoints": [
        {"method": "post", "path": "/disputes", "operation_id": "disputes.create",
         "idempotency_required": true, "request_schema": "DisputeCreateRequest.schema.json",
         "response_schema": "Gone.schema.json",
         "auth": {"required": true, "allowed_actor_types": ["partner"], "required_scopes": ["settlement:write"]},
         "facade_of": "partner.disputes", "reason_codes": ["dispute_facade_invalid"]},
        {"method": "GET", "path": "/disputes/{dispute_id}", "operationId": "disputes.get",
         "pathParams": ["dispute_id"], "responseSchema": "DisputeGetResponse.schema.json",
         "allowedActorTypes": ["partner"], "requiredScopes": ["settlement:read"]},
        "not an endpoint"
    ]
}"#;

const EVENTS: &str = r#"{
    "event_envelope_schema": "Envelope.schema.json", "delivery": "at-least-once", "dedupe": "event_id",
    "event_types": [
        {"type": "cycle.failed", "payload_schema": "CycleFailedPayload.schema.json",
         "minimum_payload_fields": ["cycle_id", "reason_code"], "ordering": "none"}
    ]
}"#;

fn memory() -> Memory {
    Memory(BTreeMap::from([
        ("c/api/manifest.v1.json", MANIFEST),
        ("c/events/manifest.v1.json", EVENTS),
        ("c/schemas/DisputeCreateRequest.schema.json", r#"{"$ref": "Shared.json"}"#),
        ("c/schemas/DisputeGetResponse.schema.json", r#"{"type": "object"}"#),
        ("c/schemas/CycleFailedPayload.schema.json", r#"{"type": "object"}"#),
        ("c/schemas/Shared.json", r#"{"type": "object"}"#),
        ("c/examples/CycleFailedPayload.example.json", "{}"),
        (
            "c/examples/api/_manifest.v1.json",
            r#"{"examples": [
            {"file": "disputes.create.request.json", "schema": "DisputeCreateRequest.schema.json"},
            {"file": "lost.json", "schema": "DisputeCreateRequest.schema.json"}]}"#,
        ),
        ("c/examples/api/disputes.create.request.json", "{}"),
    ]))
}

/// S0-45, S0-41: what a manifest's entry says of its operation.
#[test]
fn endpoints_become_operations_with_governance() {
    let (graph, findings) = read(&["c/api/manifest.v1.json"], &memory());
    let [create, get] = graph.operations.as_slice() else { panic!("{:?}", graph.operations) };
    assert_eq!(create.label(), "POST /disputes");
    assert_eq!(create.id.as_ref().unwrap().text, "disputes.create");
    let facts = &create.governance;
    assert!(facts.declared && facts.auth_required == Some(true));
    assert!(facts.idempotency.as_ref().unwrap().required);
    let words = |names: &Option<Vec<tenon_graph::Name>>| {
        names.iter().flatten().map(|name| name.text.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(words(&facts.actors), "partner");
    assert_eq!(words(&facts.scopes), "settlement:write");
    assert_eq!(words(&facts.reason_codes), "dispute_facade_invalid");
    assert_eq!(facts.facade_of.as_ref().unwrap().text, "partner.disputes");
    let request = create.request_schema.clone().unwrap().unwrap();
    assert_eq!(graph.sources.get(request.file).unwrap().path, "c/schemas/DisputeCreateRequest.schema.json");
    assert_eq!(create.response_schema.clone().unwrap().unwrap_err().text, "Gone.schema.json");
    // Other spellings of the same facts.
    assert_eq!(get.id.as_ref().unwrap().text, "disputes.get");
    assert_eq!(get.detail.parameters[0].name.as_ref().unwrap().text, "dispute_id");
    assert_eq!(words(&get.governance.scopes), "settlement:read");
    assert!(get.request_schema.is_none() && get.response_schema.as_ref().unwrap().is_ok());
    let messages: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages, ["an endpoint is an object, not string", "the example `lost.json` is not there"]);
}

/// S0-46, S0-67: what a manifest says of its events.
#[test]
fn event_types_become_events() {
    let (graph, findings) = read(&["c/events/manifest.v1.json"], &memory());
    let [event] = graph.events.as_slice() else { panic!("{:?}", graph.events) };
    assert_eq!(event.name.text, "cycle.failed");
    let payload = event.payload_schema.clone().unwrap().unwrap();
    assert_eq!(graph.sources.get(payload.file).unwrap().path, "c/schemas/CycleFailedPayload.schema.json");
    let fields: Vec<&str> = event.minimum_fields.iter().map(|name| name.text.as_str()).collect();
    assert_eq!(fields, ["cycle_id", "reason_code"]);
    assert_eq!(event.delivery.as_ref().unwrap().text, "at-least-once");
    assert_eq!(event.ordering.as_ref().unwrap().text, "none");
    let envelope = graph.event_manifests[0].envelope_schema.clone().unwrap();
    assert_eq!(envelope.unwrap_err().text, "Envelope.schema.json");
    assert_eq!(findings.len(), 1, "the lost example is told: {findings:?}");
}

/// S0-43: schemas and examples come along when only the manifests are named.
#[test]
fn schemas_and_examples_are_loaded_with_the_manifest() {
    let (graph, _) = read(&["c/api/manifest.v1.json", "c/events/manifest.v1.json"], &memory());
    let examples = graph.examples.iter().filter(|example| example.of == ExampleOf::File);
    let path = |at: tenon_source::At| graph.sources.get(at.file).unwrap().path.clone();
    let mut pairs: Vec<String> =
        examples.map(|example| format!("{} {}", path(example.value), path(example.schema))).collect();
    pairs.sort();
    assert_eq!(
        pairs,
        [
            "c/examples/CycleFailedPayload.example.json c/schemas/CycleFailedPayload.schema.json",
            "c/examples/api/disputes.create.request.json c/schemas/DisputeCreateRequest.schema.json",
        ]
    );
    assert!(graph.sources.find("c/schemas/Shared.json").is_some());
}

/// The contracts of a real API: 181 endpoints, 22 events, 348 schemas and 292 examples in one run.
#[test]
fn real_swapgraph_is_read_whole() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/real/swapgraph");
    if !root.is_dir() {
        println!("not run: ../shared/real/swapgraph is not here");
        return;
    }
    let manifests = ["api/manifest.v1.json", "events/manifest.v1.json"];
    let (graph, findings) = read(&manifests, &Disk(root.clone()));
    assert_eq!(graph.operations.len(), 181);
    assert_eq!(graph.events.len(), 22);
    let missing = |schema: &Option<Result<_, _>>| schema.as_ref().is_some_and(Result::is_err);
    let lost =
        graph.operations.iter().filter(|op| missing(&op.request_schema) || missing(&op.response_schema));
    assert_eq!(lost.count(), 0);
    assert!(graph.events.iter().all(|event| matches!(event.payload_schema, Some(Ok(_)))));
    assert_eq!(findings, []);

    // All of the folder, as `tenon check` finds it.
    let mut paths = Vec::new();
    for folder in ["api", "events", "schemas", "examples", "examples/api"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name.ends_with(".json") {
                paths.push(format!("{folder}/{name}"));
            }
        }
    }
    paths.sort();
    let roots: Vec<Root> = paths.iter().map(|path| Root { path: path.clone(), named: false }).collect();
    let loaded = load(&roots, &Disk(root));
    let parts = {
        let resolver = Resolver::new(&loaded.sources, FxHashMap::default());
        read_all(&loaded, &resolver)
    };
    let (graph, findings) = tenon_graph::link(loaded.sources, parts);
    assert_eq!(findings, []);
    let schemas = graph.documents.iter().filter(|document| document.kind == DocumentKind::JsonSchema).count();
    assert_eq!(schemas, 348);
    assert_eq!(graph.examples.iter().filter(|example| example.of == ExampleOf::File).count(), 271 + 21);
}
