//! The pack `dome`: what the seeds 001 and 003 ask of its files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use tenon_graph::{Graph, Name, RpcSurface};
use tenon_testkit::{MemoryFiles, graph_of};

fn pack() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/dome")
}

fn add(files: &mut MemoryFiles, root: &Path, folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            add(files, root, &path);
        } else if path.extension().is_some_and(|extension| extension != "md" && extension != "sh") {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            files.0.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

fn graph() -> Graph {
    let mut files = MemoryFiles::default();
    add(&mut files, &pack(), &pack());
    let (graph, findings) = graph_of(&files);
    let said: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
    assert!(said.is_empty(), "{said:?}");
    graph
}

fn surface(graph: &Graph) -> &RpcSurface {
    graph
        .contracts
        .iter()
        .find_map(|contract| contract.rpc.as_deref())
        .expect("the contract has a section rpc")
}

/// The rows of a table of `docs/api.md`, by their first cell, blanks and ticks taken out.
fn table(section: &str) -> BTreeMap<String, Vec<String>> {
    let text = std::fs::read_to_string(pack().join("docs/api.md")).unwrap();
    let start = text.find(&format!("## {section}\n")).expect("the section is there");
    let rest = &text[start + 3..];
    let body = &rest[..rest.find("\n## ").unwrap_or(rest.len())];
    let cell = |cell: &str| cell.replace([' ', '`'], "");
    let rows = body.lines().filter(|line| line.starts_with("| `"));
    rows.map(|line| {
        let mut cells = line.trim_matches('|').split('|').map(cell);
        (cells.next().unwrap(), cells.collect())
    })
    .collect()
}

/// S1-16, S1-17, S1-18, S1-19, S1-20, S1-21, S1-22, S1-23, S1-24, S1-51 (its rows): seven methods
/// are required, the three others have their delta rows, and the two that refer to decisions are
/// marked.
#[test]
fn the_frozen_list_is_the_seven_methods() {
    let graph = graph();
    let surface = surface(&graph);
    let names = |list: &[Name]| list.iter().map(|name| name.text.clone()).collect::<Vec<_>>();
    let seven = [
        "ListCapabilities",
        "SkillExecute",
        "GetJobStatus",
        "CancelJob",
        "StreamJobEvents",
        "GetGateDecision",
        "GetPromotionDecision",
    ];
    assert_eq!(names(&surface.required), seven);
    assert_eq!(names(&surface.references), ["GetGateDecision", "GetPromotionDecision"]);
    let service = graph.protobuf.find_service("domed.v1.DomedService").expect("the service is there");
    let methods: BTreeSet<&str> =
        graph.protobuf.rpcs_of(graph.protobuf.service(service).rpcs).iter().map(|rpc| &*rpc.name).collect();
    let deltas: Vec<&str> = surface.deltas.iter().map(|delta| delta.method.as_str()).collect();
    assert_eq!(deltas, ["Health", "ListTools", "GetTool"]);
    let all: BTreeSet<&str> = seven.into_iter().chain(deltas).collect();
    assert_eq!(methods, all);
}

/// S1-71, S1-31: the document of the wire and the proto say the same, in both directions.
#[test]
fn the_document_and_the_proto_say_the_same() {
    let graph = graph();
    let proto = &graph.protobuf;
    let mut methods = BTreeMap::new();
    let service = proto.service(proto.find_service("domed.v1.DomedService").unwrap());
    for rpc in proto.rpcs_of(service.rpcs) {
        let name =
            |id: Option<tenon_graph::protobuf::MessageId>| proto.message(id.unwrap()).name().to_owned();
        let stream = if rpc.server_streaming { "server" } else { "–" }.to_owned();
        methods.insert(rpc.name.to_string(), vec![name(rpc.request), name(rpc.response), stream]);
    }
    assert_eq!(table("Methods"), methods);
    let package = "domed.v1.";
    let mut enums = BTreeMap::new();
    for one in proto.enums.iter().filter(|one| one.full_name.starts_with(package)) {
        let values = proto.values_of(one.values).iter();
        let values: Vec<String> = values.map(|value| format!("{}={}", value.name, value.number)).collect();
        enums.insert(one.name().to_owned(), vec![values.join(",")]);
    }
    assert_eq!(table("Enums"), enums);
    let mut messages = BTreeMap::new();
    for message in proto.messages.iter().filter(|message| message.full_name.starts_with(package)) {
        let field = |field: &tenon_graph::protobuf::Field| {
            let ty = match field.ty {
                tenon_graph::protobuf::FieldType::Scalar(scalar) => scalar.as_str(),
                tenon_graph::protobuf::FieldType::Message(id) => proto.message(id).name(),
                tenon_graph::protobuf::FieldType::Enum(id) => proto.enumeration(id).name(),
                tenon_graph::protobuf::FieldType::Unknown => "unknown",
            };
            let repeated = if field.is_repeated() { "repeated" } else { "" };
            format!("{}:{repeated}{ty}={}", field.name, field.number)
        };
        let fields: Vec<String> = proto.fields_of(message.fields).iter().map(field).collect();
        let cell = if fields.is_empty() { "none".to_owned() } else { fields.join(",") };
        messages.insert(message.name().to_owned(), vec![cell]);
    }
    assert_eq!(table("Messages"), messages);
}

/// S1-39, S1-40: each error code has one gRPC and one HTTP status and says whether to try again;
/// the document says the same.
#[test]
fn the_error_mapping_is_whole() {
    let graph = graph();
    let mut rows = BTreeMap::new();
    for error in &graph.errors {
        let grpc = error.grpc_status.as_ref().unwrap().text.clone();
        let retry = if error.retryable.unwrap() { "yes" } else { "no" }.to_owned();
        rows.insert(error.code.text.clone(), vec![grpc, error.http_status.unwrap().to_string(), retry]);
    }
    assert_eq!(rows.len(), 8);
    assert_eq!(table("Errors"), rows);
}

/// S3-02, S3-03, S3-04, S3-05, S3-06, S3-07, S3-08, S3-09, S3-10, S3-11, S3-12, S3-13: the twelve
/// families of the seed with their schemas and the team's own words, over the fifteen files of
/// S3-14; what stands beyond them is new and says why (S3-71).
#[test]
fn the_register_has_the_twelve_families() {
    let graph = graph();
    let register = graph.reuse_registers.first().expect("the register is there");
    let twelve: [(&str, &str, &[&str]); 12] = [
        ("Plan/queue", "job/invocation", &["work.queue"]),
        ("Task output", "status/result", &["task.result"]),
        ("Gate", "status/decision", &["gate.decision"]),
        ("Promotion", "status/decision", &["promotion.decision"]),
        ("Run provenance (current)", "event/log + provenance", &["run.manifest"]),
        ("Event envelope", "event/log", &["event.envelope", "control.event"]),
        ("Spawn envelope", "invocation/runtime binding", &["spawn.spec"]),
        ("Runtime config", "resource spec", &["runtime.config"]),
        ("Secure defaults", "policy", &["orchestrator.secure_defaults"]),
        ("Reason catalog", "error/reason catalog", &["reason.codes"]),
        ("Evidence", "event/log evidence", &["evidence.capsule", "evidence.bundle.telemetry"]),
        ("Strategy/profile catalog", "resource/policy", &["control.strategies", "profile.catalog.map"]),
    ];
    for (row, (family, note, schemas)) in register.families.iter().zip(twelve) {
        assert_eq!(row.family.text, family);
        assert_eq!(row.intent_note.as_ref().unwrap().text, note, "{family}");
        let paths: Vec<String> =
            schemas.iter().map(|name| format!("ssot/schemas/{name}.schema.json")).collect();
        let listed: Vec<&str> = row.schemas.iter().map(|place| place.name.as_str()).collect();
        assert_eq!(listed, paths, "{family}");
        assert!(row.schemas.iter().all(|place| place.target.is_some()), "{family}");
    }
    let files: usize = twelve.iter().map(|(_, _, schemas)| schemas.len()).sum();
    assert_eq!(files, 15);
    for row in register.families.iter().skip(12) {
        assert_eq!(row.decision.as_ref().unwrap().text, "new", "{}", row.family.text);
        assert!(!row.considered.is_empty(), "{}", row.family.text);
    }
}

/// S3-73, S3-74, S3-75, S3-76, S3-77, S3-78, S3-79:
/// the four deltas of the seed stand in the register, and those of decision A003-02.
#[test]
fn the_register_has_the_deltas() {
    let graph = graph();
    let register = graph.reuse_registers.first().expect("the register is there");
    let deltas: Vec<&str> = register.deltas.iter().map(|row| row.delta.as_str()).collect();
    assert_eq!(
        deltas,
        [
            "skill-execute envelope",
            "capability discovery envelope",
            "rpc error namespace + mapping",
            "provenance record freeze",
            "wire spec",
            "thin-client policy",
            "idempotency",
            "ownership and stability",
            "reuse guard",
            "stream cursor",
            "tool manifest",
        ]
    );
}

/// S3-45, S3-46, S3-47, S3-48, S3-49, S3-50, S3-51, S3-52: the work packages with what they wait
/// for.
#[test]
fn the_register_has_the_work_packages() {
    let graph = graph();
    let register = graph.reuse_registers.first().expect("the register is there");
    let rows: Vec<(String, Vec<String>, Vec<String>)> = register
        .work_packages
        .iter()
        .map(|row| {
            let texts = |names: &[Name]| names.iter().map(|name| name.text.clone()).collect::<Vec<_>>();
            (row.id.text.clone(), texts(&row.depends_on), texts(row.enables.as_deref().unwrap_or_default()))
        })
        .collect();
    let row = |id: &str, depends_on: &[&str], enables: &[&str]| {
        let texts = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
        (id.to_owned(), texts(depends_on), texts(enables))
    };
    assert_eq!(
        rows,
        [
            row("D1", &[], &["D2", "D3"]),
            row("D2", &["D1"], &["D4", "D5"]),
            row("D3", &["D1"], &["D5", "D6"]),
            row("D4", &["D2"], &["D7"]),
            row("D5", &["D2", "D3"], &["M2 (#58)"]),
            row("D6", &["D3"], &["M2 (#58)", "M3 (#59)"]),
            row("D7", &["D4"], &["M2 (#58)", "M4 (#60)"]),
            row("D8", &["D1-D7"], &[]),
        ]
    );
}

/// S3-57: each identifier has a producer, a format and the places it appears in.
#[test]
fn the_register_maps_the_identifiers() {
    let graph = graph();
    let register = graph.reuse_registers.first().expect("the register is there");
    let ids: Vec<&str> = register.identifiers.iter().map(|row| row.identifier.as_str()).collect();
    assert_eq!(ids, ["run_id", "task_id", "event_id", "correlation_id", "job_id"]);
    for row in &register.identifiers {
        assert!(row.producer.is_some() && row.format.is_some(), "{}", row.identifier.text);
        assert!(row.schemas.iter().all(|place| place.target.is_some()), "{}", row.identifier.text);
    }
}

/// The program, with arguments, from the root of the repository: what it printed, and its status.
fn tenon(arguments: &[&str]) -> (String, Option<i32>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let ran =
        std::process::Command::new(env!("CARGO_BIN_EXE_tenon")).args(arguments).current_dir(root).output();
    let ran = ran.expect("the program runs");
    let said = String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr);
    (said, ran.status.code())
}

/// S3-83, S3-84, S3-86, S3-87 (their passing half), S1-52: the pack passes every rule of the strict
/// profile and is what was frozen; one command each, exit status 0.
#[test]
fn the_pack_passes_its_own_gates() {
    for arguments in [&["check", "contracts/dome"][..], &["freeze", "contracts/dome", "--check"]] {
        let (said, status) = tenon(arguments);
        assert_eq!(status, Some(0), "{arguments:?}: {said}");
    }
}
