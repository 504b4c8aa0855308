//! The reuse register and pin manifests.

use std::collections::BTreeMap;

use tenon_graph::{DocumentKind, Graph, ReferenceProblem, Resolver, link};
use tenon_readers::{Files, Root, load, read_all};
use tenon_source::Finding;

struct Memory(BTreeMap<String, Vec<u8>>);

impl Files for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReferenceProblem> {
        self.0.get(path).cloned().ok_or_else(|| ReferenceProblem::MissingFile(path.to_owned()))
    }
}

fn read(root: &str, files: &[(&str, &str)]) -> (Graph, Vec<Finding>) {
    let held = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    let mut loaded = load(&[Root { path: root.to_owned(), named: true }], &Memory(held));
    let missing = std::mem::take(&mut loaded.missing);
    let parts = read_all(&loaded, &Resolver::new(&loaded.sources, missing));
    let mut findings = loaded.findings;
    let (graph, said) = link(loaded.sources, parts);
    findings.extend(said);
    (graph, findings)
}

const REGISTER: &str = r##"
tenon: reuse/v1
name: m1
issue: "#57"
date: 2026-02-25
depends_on:
- {issue: "#61", title: Runtime Contract Freeze, kind: decision-only}
- "#60"
families:
  Run:
    schemas: [run.schema.json, "api.yaml#/components/schemas/Run", gone.schema.json]
    messages: domed.v1.Run
    owner: ""
    decision: new
    considered: Task
work_packages:
  D1: {depends_on: none, enables: [D2]}
  D2: {depends_on: [D1]}
identifiers:
  run_id: {schemas: "run.schema.json#/properties/run_id"}
"##;

/// S3-01: the head of the document; and every row with its places.
#[test]
fn a_register_is_read_with_its_files() {
    let schema = r#"{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
        "properties": {"run_id": {"type": "string"}}}"#;
    let api = "openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths: {}\ncomponents: {schemas: {Run: {type: object}}}\n";
    let files = [("m1/reuse.yaml", REGISTER), ("m1/schemas/run.schema.json", schema), ("m1/api.yaml", api)];
    let (graph, findings) = read("m1/reuse.yaml", &files);
    assert!(findings.is_empty(), "{findings:?}");
    let [register] = graph.reuse_registers.as_slice() else { panic!("one register") };
    assert_eq!(
        graph.document(register.file).map(|document| document.kind),
        Some(DocumentKind::ReuseRegister)
    );
    let text = |name: &Option<tenon_graph::Name>| name.as_ref().map(|name| name.text.clone());
    assert_eq!(text(&register.issue).as_deref(), Some("#57"));
    assert_eq!(text(&register.date).as_deref(), Some("2026-02-25"));
    let upstream: Vec<_> =
        register.depends_on.iter().map(|one| (text(&one.issue), text(&one.kind))).collect();
    assert_eq!(
        upstream,
        [(Some("#61".to_owned()), Some("decision-only".to_owned())), (Some("#60".to_owned()), None)]
    );
    let family = &register.families[0];
    let found: Vec<(&str, bool)> =
        family.schemas.iter().map(|place| (place.name.as_str(), place.target.is_some())).collect();
    assert_eq!(
        found,
        [("run.schema.json", true), ("api.yaml#/components/schemas/Run", true), ("gone.schema.json", false)]
    );
    assert_eq!(family.messages[0].text, "domed.v1.Run");
    assert_eq!(text(&family.owner).as_deref(), Some(""));
    assert_eq!(register.work_packages[0].depends_on[0].text, "none");
    assert!(register.work_packages[1].enables.is_none());
    let pointer = register.identifiers[0].schemas[0].target.map(|at| graph.node(at).pointer());
    assert_eq!(pointer.as_deref(), Some("/properties/run_id"));
}

#[test]
fn another_version_of_the_register_is_said() {
    let (_, findings) = read("reuse.yaml", &[("reuse.yaml", "tenon: reuse/v2\n")]);
    assert_eq!(findings.iter().map(|finding| finding.code.id).collect::<Vec<_>>(), ["IN025"]);
}

/// S3-18: the pin manifest names its files from the root of the project.
#[test]
fn pinned_files_are_found_from_the_root_and_beside_the_manifest() {
    let manifest = r#"{"schema_version": "pin_manifest/v1", "source_repo": "x/y", "artifacts": [
        {"path": "ssot/pins/a.json", "sha256": "00"},
        {"path": "policy/b.rego", "sha256": "11"},
        {"path": "ssot/pins/moved/c.json", "sha256": "22"},
        {"path": "none.json", "sha256": "33"}]}"#;
    let files = [
        ("ssot/pins/pin_manifest.json", manifest),
        ("ssot/pins/a.json", "{}"),
        ("policy/b.rego", "package x\n: not yaml {"),
        ("ssot/pins/c.json", "{}"),
    ];
    let (graph, findings) = read("ssot/pins/pin_manifest.json", &files);
    assert!(findings.is_empty(), "{findings:?}");
    let [manifest] = graph.pin_manifests.as_slice() else { panic!("one manifest") };
    let found: Vec<Option<&str>> =
        manifest.artifacts.iter().map(|pin| Some(graph.sources.get(pin.target?)?.path.as_str())).collect();
    assert_eq!(found, [Some("ssot/pins/a.json"), Some("policy/b.rego"), Some("ssot/pins/c.json"), None]);
}
