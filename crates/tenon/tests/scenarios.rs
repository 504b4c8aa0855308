//! `tenon verify` of scenarios and implementations, as it is typed.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

const M98: &str = "contracts/swap/scenarios/m98.scenario.yaml";
const KEYS: &str = "contracts/swap/scenarios/keys.scenario.yaml";
const WI_007: &str = "contracts/sales/scenarios/wi-007.scenario.yaml";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the project")
}

fn tenon(folder: &Path, arguments: &[&str]) -> (String, String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenon"));
    let output = command.env_clear().current_dir(folder).args(arguments).output().expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

/// A gateway that runs, ended when it is dropped.
struct Served {
    child: Child,
    url: String,
    store: String,
    _folder: tempfile::TempDir,
}

impl Served {
    fn start(contract: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the store");
        let store = format!("sqlite:{}", folder.path().join("t.db").display());
        let mut command = Command::new(env!("CARGO_BIN_EXE_tenon"));
        command.env_clear().arg("serve").arg(contract).args([
            "--dev",
            "--listen",
            "127.0.0.1:0",
            "--store",
            &store,
        ]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("it was asked for"));
        out.read_line(&mut line).expect("a line");
        let url = line.trim().strip_prefix("listening on ").expect("it listens").to_owned();
        // What follows is read by nobody; the pipe must not close.
        std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        Self { child, url, store, _folder: folder }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The pack `swap` with its scenario, changed.
fn changed(changes: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&root().join("contracts/swap"), folder.path());
    let path = folder.path().join("scenarios/m98.scenario.yaml");
    let mut text = std::fs::read_to_string(&path).expect("the scenario");
    for (from, to) in changes {
        assert!(text.contains(from), "the scenario has no {from:?}");
        text = text.replacen(from, to, 1);
    }
    std::fs::write(path, text).expect("it is written");
    folder
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a file");
        }
    }
}

fn changed_run(changes: &[(&str, &str)]) -> (String, String, Option<i32>) {
    let folder = changed(changes);
    tenon(folder.path(), &["verify", "scenarios/m98.scenario.yaml"])
}

/// S0-82, S0-83, S0-84: the scenarios of the packs pass and cover what they must; two runs are the
/// same bytes.
#[test]
fn scenarios_of_the_packs_pass() {
    for scenario in [M98, KEYS, WI_007] {
        let (json, said, status) = tenon(&root(), &["verify", scenario, "--format", "json"]);
        assert_eq!(status, Some(0), "{json}{said}");
        let report: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!((&report["version"], &report["overall"]), (&1.into(), &true.into()));
        assert_eq!(report["summary"]["failed"], 0);
        assert_eq!(report["coverage"]["overall"], true);
        let again = tenon(&root(), &["verify", scenario, "--format", "json"]).0;
        assert_eq!(json, again);
    }
}

/// S0-83: every operation and every reason code of M98 has its step.
#[test]
fn m98_covers_its_contract() {
    let (json, ..) = tenon(&root(), &["verify", M98, "--format", "json"]);
    let report: Value = serde_json::from_str(&json).expect("JSON");
    let covered = |what: &str| {
        let all = report["coverage"]["requirements"].as_array().expect("a list").iter();
        let all = all.filter(|one| one["requirement"] == what && one["covered"] == true);
        all.map(|one| one["of"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(covered("operation").len(), 6);
    assert_eq!(covered("reason_code").len(), 8);
    for code in [
        "platform_connection_invalid",
        "platform_connection_invalid_timestamp",
        "inventory_snapshot_invalid",
        "inventory_snapshot_invalid_timestamp",
        "inventory_asset_query_invalid",
        "dispute_facade_invalid",
        "dispute_not_found",
    ] {
        assert!(covered("reason_code").iter().any(|pair| pair.ends_with(code)), "{code}");
    }
    for what in ["replay", "conflict"] {
        assert_eq!(covered(what).len(), 3, "{what}");
    }
    for what in ["scope_denial", "actor_denial", "unauthenticated"] {
        assert_eq!(covered(what).len(), 6, "{what}");
    }
    assert_eq!(covered("event").len(), 3);
}

/// S0-85 to S0-101 and S2-174 to S2-183 once more from outside: the same scenarios against a gateway
/// that runs, twice over one store.
#[test]
fn scenarios_pass_against_a_url() {
    for (pack, scenario) in [("swap", M98), ("sales", WI_007)] {
        let served = Served::start(&root().join("contracts").join(pack));
        for _ in 0..2 {
            let arguments = ["verify", scenario, "--against", &served.url, "--store", &served.store];
            let (said, problem, status) = tenon(&root(), &arguments);
            assert_eq!(status, Some(0), "{said}{problem}");
        }
    }
}

/// S0-83: without the step, the coverage fails.
#[test]
fn what_is_not_covered_fails() {
    let step = "  - name: the key of the dispute with another body\n    conflict: a partner opens a dispute\n    \
        body: {dispute: {dispute_type: billing, severity: high, subject_ref: cycle_82, reason_code: billed_twice}}\n    \
        expect: 409 idempotency_key_reused\n";
    let (said, problem, status) = changed_run(&[(step, "")]);
    assert_eq!(status, Some(1), "{said}{problem}");
    assert!(
        said.contains("MISSING   no step in which `disputes.create` refuses the same key with another body"),
        "{said}"
    );
    let (said, _, status) = changed_run(&[
        ("expect: 400 inventory_asset_query_invalid", "expect: 400"),
        ("expect: 400 dispute_facade_invalid", "expect: 400"),
    ]);
    assert_eq!(status, Some(1));
    assert!(said.contains("`inventory.assets.list inventory_asset_query_invalid` is told"), "{said}");
}

/// S0-82: a scenario that refers to nothing is refused, with its place.
#[test]
fn what_refers_to_nothing_is_refused() {
    for (from, to, words) in [
        ("call: disputes.get", "call: disputes.got", "there is no operation `disputes.got`"),
        ("    as: south\n    path", "    as: souht\n    path", "there is no actor `souht`"),
        (
            "path: {dispute_id: \"${dispute_id}\"}",
            "path: {dispute_id: \"${dispute}${nothing}\"}",
            "`nothing`",
        ),
        ("replay: a partner opens a dispute", "replay: a partner opens two", "there is no earlier step"),
        (
            "expect: 404 dispute_not_found",
            "expect: 404 dispute_lost",
            "there is no reason code `dispute_lost`",
        ),
        ("publish: cycle.failed", "publish: cycle.fell", "there is no event `cycle.fell`"),
        (
            "    call: platform.connections.list\n",
            "    call: platform.connections.list\n    cal: x\n",
            "`cal`",
        ),
        (
            "path: {dispute_id: dispute_999999}",
            "query: {a: 1}",
            "`dispute_id` of GET /disputes/{dispute_id} has no value",
        ),
        (
            "replay: a user connects a platform",
            "replay: a user sees the own connections",
            "there is no earlier step",
        ),
    ] {
        let (said, problem, status) = changed_run(&[(from, to)]);
        assert_eq!(status, Some(2), "{to}: {said}{problem}");
        assert!(problem.contains(words), "{to}: {problem}");
        assert!(problem.contains("scenarios/m98.scenario.yaml:"), "{problem}");
    }
    let (_, problem, status) = tenon(&root(), &["verify", KEYS, "--against", "http://127.0.0.1:9"]);
    assert_eq!(status, Some(2));
    assert!(problem.contains("SN003") && problem.contains("keys.scenario.yaml:21"), "{problem}");
}

/// What is not as expected is told with file and line, and both values.
#[test]
fn failures_show_what_differs() {
    let (said, problem, status) = changed_run(&[
        (
            "{connection_id: \"${connection}\", status: degraded}]",
            "{connection_id: \"${connection}\", status: fine}]",
        ),
        ("expect: 403 delegation_missing", "expect: 403 scope_missing"),
        ("capture: {dispute_id: /dispute/dispute_id,", "capture: {dispute_id: /dispute/id,"),
    ]);
    assert_eq!(status, Some(1), "{said}{problem}");
    assert!(said.contains("m98.scenario.yaml:83: body /connections/0/status"), "{said}");
    assert!(said.contains("- \"fine\"\n") && said.contains("+ \"degraded\"\n"), "{said}");
    assert!(said.contains("- \"scope_missing\"\n") && said.contains("+ \"delegation_missing\"\n"), "{said}");
    assert!(said.contains("needs `dispute_id`, which no step before has captured"), "{said}");
    assert!(said.contains("curl -i -H \"Authorization: Bearer $TOKEN_ADA\""), "{said}");
}

/// The same as JUnit.
#[test]
fn reports_are_junit_too() {
    let (xml, _, status) = tenon(&root(), &["verify", KEYS, "--format", "junit"]);
    assert_eq!(status, Some(0));
    assert!(xml.contains("<testsuite name=\"keys count for a day\" tests=\"5\" failures=\"0\">"), "{xml}");
    let (xml, _, status) =
        tenon(&root(), &["verify", "contracts/swap", "--against", "own", "--format", "junit"]);
    assert_eq!(status, Some(0));
    assert!(xml.contains("<testcase classname=\"contracts/swap\" name=\"conformance\"/>"), "{xml}");
}

/// Our own gateway keeps the contracts of the packs: S0-85 to S0-91, S2-174, S2-178, S2-179.
#[test]
fn the_packs_are_served_as_they_say() {
    for pack in ["contracts/swap", "contracts/sales"] {
        let (said, problem, status) =
            tenon(&root(), &["verify", pack, "--against", "own", "--format", "json"]);
        assert_eq!(status, Some(0), "{said}{problem}");
        let report: Value = serde_json::from_str(&said).expect("JSON");
        assert_eq!(report["summary"]["findings"], 0);
        assert_eq!(report["summary"]["left_out"], 0);
        for what in
            ["replays", "conflicts", "missing keys", "scope denials", "actor denials", "unknown callers"]
        {
            assert!(report["summary"]["tried"][what].as_u64() > Some(2), "{pack}: {what}");
        }
    }
}

/// Service contracts are read too: files in forms, bodies, public paths.
#[test]
fn service_contracts_are_held_to_theirs() {
    let arguments = ["verify", "contracts/foundry", "--against", "own", "--format", "json"];
    let (said, problem, status) = tenon(&root(), &arguments);
    assert_eq!(status, Some(0), "{said}{problem}");
    let report: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(report["summary"]["tried"]["operations"], 27);
}

const PETS: &str = "
openapi: 3.1.0
info: {title: Pets, version: 1.0.0}
paths:
  /pets:
    get:
      operationId: listPets
      parameters: [{name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100}}]
      responses:
        '200': {description: Pets, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}
    post:
      operationId: addPet
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses:
        '201': {description: Added, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
  /pets/{petId}:
    get:
      operationId: getPet
      parameters: [{name: petId, in: path, required: true, schema: {type: integer, minimum: 1}}]
      responses:
        '200': {description: A pet, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
components:
  schemas:
    Pet:
      type: object
      required: [id, name]
      additionalProperties: false
      properties:
        id: {type: integer, minimum: 1}
        name: {type: string, minLength: 1, maxLength: 60}
        kind: {type: string, enum: [dog, cat]}
";

/// A document and nothing else: a mock of it keeps it, and is told from one of another document.
#[test]
fn documents_are_enough() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("pets.yaml"), PETS).expect("a file");
    let other = PETS.replace("required: [id, name]", "required: [id, name, born]");
    let other = other.replace("kind: {type", "born: {type: string}\n        kind: {type");
    std::fs::write(folder.path().join("other.yaml"), other).expect("a file");
    let served = Served::start(&folder.path().join("pets.yaml"));
    let (said, problem, status) = tenon(folder.path(), &["verify", "pets.yaml", "--against", &served.url]);
    assert_eq!(status, Some(0), "{said}{problem}");
    let (said, _, status) = tenon(folder.path(), &["verify", "other.yaml", "--against", &served.url]);
    assert_eq!(status, Some(1));
    assert!(said.contains("CN001 answer-breaks-schema") && said.contains("`born`"), "{said}");
    let (_, problem, status) =
        tenon(folder.path(), &["verify", "pets.yaml", "--against", "http://127.0.0.1:9"]);
    assert_eq!(status, Some(2));
    assert!(problem.contains("there is no answer"), "{problem}");
    let (_, problem, status) = tenon(folder.path(), &["verify", "pets.yaml", "--against", "ftp://x"]);
    assert_eq!(status, Some(2));
    assert!(problem.contains("the URL cannot be asked"), "{problem}");
}
