//! The milestones that are shipped: each passes as it is, each part of it fails when what shows it
//! is broken, and its evidence holds together.

#[path = "milestones_of/breaks.rs"]
mod breaks;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use breaks::{Break, DOME, SALES, SWAP};
use serde_json::Value;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the project")
}

fn tenon(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tenon"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program runs")
}

/// The verdict of a milestone as JSON, with the exit status.
fn verify(folder: &Path, milestone: &str, artifacts: &Path) -> (Value, i32) {
    let artifacts = artifacts.to_str().expect("a path");
    let output = tenon(folder, &["verify", milestone, "--artifacts", artifacts]);
    let text = String::from_utf8_lossy(&output.stdout);
    let value = serde_json::from_str(&text).unwrap_or_else(|error| {
        panic!("{milestone}: {error}\n{text}\n{}", String::from_utf8_lossy(&output.stderr))
    });
    (value, output.status.code().expect("it ends by itself"))
}

/// What does not hold, as `list/id`.
fn failing(value: &Value) -> Vec<String> {
    let mut out = Vec::new();
    let words = ["holds", "passed", "present", "done", "resolved", "satisfied", "met", "current", "approved"];
    for (list, members) in value.as_object().expect("an object") {
        for member in members.as_array().into_iter().flatten() {
            let id = ["id", "path", "title"].iter().find_map(|name| member.get(name)?.as_str());
            let bad = words.iter().any(|word| member.get(word) == Some(&Value::Bool(false)));
            if let (Some(id), true) = (id, bad) {
                out.push(format!("{list}/{id}"));
            }
        }
    }
    out
}

/// A copy of the packs and milestones under version control, to break.
struct Copy(tempfile::TempDir);

impl Copy {
    fn new(pack: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for part in ["milestones".to_owned(), format!("contracts/{pack}")] {
            copy(&project().join(&part), &folder.path().join(&part));
        }
        let made = Self(folder);
        made.git(&["init", "-q"]);
        made.git(&["add", "."]);
        made.git(&["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "first"]);
        made
    }

    fn git(&self, arguments: &[&str]) {
        let done = Command::new("git").args(arguments).current_dir(self.0.path()).output().expect("git runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(text.contains(from), "{file} has no {from}");
        std::fs::write(path, text.replacen(from, to, 1)).expect("a file of ours");
    }

    fn verify(&self, milestone: &str) -> (Value, i32) {
        let artifacts = tempfile::tempdir().expect("a folder");
        verify(self.path(), milestone, artifacts.path())
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder of ours").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a file of ours");
        }
    }
}

fn texts<'v>(value: &'v Value, list: &str, member: &str) -> Vec<&'v str> {
    value[list].as_array().expect("a list").iter().map(|one| one[member].as_str().expect("a text")).collect()
}

/// S0-79, S0-80, S0-81, S0-73, S0-74, S0-75, S0-76, S0-77, S1-58, S1-59, S1-60, S1-61, S2-51, S2-74,
/// S3-102, S3-103, S3-104, S3-105: every milestone that is shipped passes where it stands, with its
/// criteria and the files that show them; the artifacts are there.
#[test]
fn the_milestones_that_are_shipped_pass() {
    let artifacts = tempfile::tempdir().expect("a folder");
    let counts = BTreeMap::from([("M98", 11), ("M1", 4), ("M2", 4), ("WI-007", 23)]);
    for (id, criteria) in counts {
        let (value, status) = verify(&project(), &format!("milestones/{id}.yaml"), artifacts.path());
        assert_eq!((failing(&value), status), (Vec::new(), 0), "{id}");
        assert_eq!(value["overall"], Value::Bool(true), "{id}");
        assert_eq!(value["milestone"]["id"], id);
        let list = value["criteria"].as_array().expect("criteria");
        assert_eq!(list.len(), criteria, "{id}");
        for one in list {
            assert!(!one["evidence"].as_array().expect("evidence").is_empty(), "{id}: {one}");
        }
        let latest = artifacts.path().join("milestones").join(id).join("latest");
        for file in [
            "result.json",
            "commands.json",
            "assertions.json",
            "store.json",
            "manifest.json",
            "statement.intoto.json",
            "validations/schemas.json",
            "validations/contract.json",
            "validations/auth.json",
            "validations/events.json",
        ] {
            assert!(latest.join(file).is_file(), "{id}: {file}");
        }
        let check = tenon(&project(), &["verify", "--check", latest.to_str().expect("a path")]);
        assert_eq!(check.status.code(), Some(0), "{}", String::from_utf8_lossy(&check.stdout));
    }
}

/// S0-84: two runs over the same inputs leave the same bytes, but for the times in the statement.
#[test]
fn two_runs_leave_the_same_bytes() {
    for (pack, id) in [("swap", "M98"), ("sales", "WI-007"), ("dome", "M2")] {
        let place = Copy::new(pack);
        let runs: Vec<BTreeMap<String, Vec<u8>>> = (0..2)
            .map(|_| {
                let artifacts = tempfile::tempdir().expect("a folder");
                verify(place.path(), &format!("milestones/{id}.yaml"), artifacts.path());
                let mut files = BTreeMap::new();
                let latest = artifacts.path().join("milestones").join(id).join("latest");
                gather(&latest, &latest, &mut files);
                files
            })
            .collect();
        let [first, second] = runs.as_slice() else { panic!("two runs") };
        assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>());
        let differing: Vec<&String> = first
            .iter()
            .filter(|(path, bytes)| second.get(*path) != Some(*bytes))
            .map(|(path, _)| path)
            .collect();
        assert_eq!(differing, ["statement.intoto.json"], "{id}");
    }
}

fn gather(root: &Path, folder: &Path, out: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() {
            gather(root, &entry.path(), out);
        } else {
            let name = entry.path().strip_prefix(root).expect("below").display().to_string();
            out.insert(name, std::fs::read(entry.path()).expect("a file"));
        }
    }
}

/// S0-62, S0-63, S0-64, S0-65, S0-66, S0-75: three decisions with their proposals; while one is
/// pending, acceptance is shut and the criterion that needs it says so; approving it opens it.
#[test]
fn pending_decisions_keep_acceptance_shut() {
    let place = Copy::new("swap");
    let (value, _) = place.verify("milestones/M98.yaml");
    assert_eq!(
        texts(&value, "decisions", "title"),
        ["Scope model", "Dispute facade", "Event ordering semantics"]
    );
    let proposals = texts(&value, "decisions", "proposal");
    assert!(
        proposals[0].contains("`settlement:read/write`") && proposals[0].contains("auth-validator churn")
    );
    assert!(proposals[1].contains("existing dispute lifecycle semantics/store"));
    assert!(proposals[2].contains("at-least-once") && proposals[2].contains("`event_id`"));
    let text = std::fs::read_to_string(place.path().join("milestones/M98.yaml")).expect("the milestone");
    let pending: String = text
        .lines()
        .filter(|line| !line.starts_with("    approver:") && !line.starts_with("    date:"))
        .map(|line| line.replace("status: approved", "status: pending") + "\n")
        .collect();
    std::fs::write(place.path().join("milestones/M98.yaml"), pending).expect("the milestone");
    let (value, status) = place.verify("milestones/M98.yaml");
    assert_eq!(status, 1);
    assert_eq!(texts(&value, "decisions", "status"), ["Pending approval"; 3]);
    let bad = failing(&value);
    for id in [
        "decisions/scope-model",
        "decisions/dispute-facade",
        "decisions/event-ordering",
        "criteria/prd-2",
        "criteria/prd-3",
        "criteria/prd-4",
        "non_goals/implementation",
    ] {
        assert!(bad.contains(&id.to_owned()), "{id} in {bad:?}");
    }
    assert!(!bad.contains(&"criteria/prd-1".to_owned()), "{bad:?}");
}

fn all_fail(breaks: &[Break]) {
    let mut wrong = Vec::new();
    for one in breaks {
        let place = Copy::new(one.pack);
        match one.change {
            Some((from, to)) => place.edit(one.file, from, to),
            None => std::fs::remove_file(place.path().join(one.file)).expect("a file of ours"),
        }
        let (value, status) = place.verify(&format!("milestones/{}.yaml", one.milestone));
        let bad = failing(&value);
        let lacking: Vec<&&str> = one.fails.iter().filter(|id| !bad.contains(&(**id).to_owned())).collect();
        if status != 1 || value["overall"] != Value::Bool(false) || !lacking.is_empty() {
            wrong.push(format!(
                "{} ({}): status {status}, {lacking:?} held; failed: {bad:?}",
                one.rows, one.file
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The rows stand beside each break.
#[test]
fn what_shows_m98_can_be_broken() {
    all_fail(SWAP);
}

/// The rows stand beside each break.
#[test]
fn what_shows_m1_and_m2_can_be_broken() {
    all_fail(DOME);
}

/// The rows stand beside each break.
#[test]
fn what_shows_wi_007_can_be_broken() {
    all_fail(SALES);
}

/// A table of a milestone, row by row.
fn show(folder: &Path, milestone: &str, table: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let file = format!("milestones/{milestone}.yaml");
    let output = tenon(folder, &["verify", &file, "--show", table, "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let value: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let columns: Vec<String> = serde_json::from_value(value["columns"].clone()).expect("columns");
    let rows = value["rows"].as_array().expect("rows").iter();
    let rows =
        rows.map(|row| columns.iter().map(|name| row[name].as_str().expect("a text").to_owned()).collect());
    let rows = rows.collect();
    (columns, rows)
}

/// The first cells of each row, as far as there are some wanted.
fn same_rows(found: &[Vec<String>], wanted: &[&[&str]]) {
    let found: Vec<Vec<&str>> = found
        .iter()
        .zip(wanted)
        .map(|(row, wanted)| row.iter().take(wanted.len()).map(String::as_str).collect())
        .collect();
    assert_eq!(found, wanted);
}

/// S1-01, S1-02, S1-32, S1-33, S1-34, S1-35, S1-36, S1-41, S1-42, S1-43, S1-44, S1-45, S1-46, S1-47,
/// S1-49, S1-50, S1-51, S1-55: head, gaps, risks, plan and handoffs of M2 as the seed has them.
#[test]
fn the_tables_of_m2_are_those_of_the_seed() {
    let place = Copy::new("dome");
    let at = place.path();
    same_rows(
        &show(at, "M2", "facts").1,
        &[
            &["Issue", "#58"],
            &["Depends on", "#61 (Runtime Contract Freeze, decision-only), #57 (M1 handoff)"],
            &["Date", "2026-02-25"],
        ],
    );
    let (_, dependencies) = show(at, "M2", "dependencies");
    same_rows(
        &dependencies,
        &[
            &["#61", "Runtime Contract Freeze", "decision-only", "satisfied"],
            &["#57", "M1 handoff", "artifacts"],
        ],
    );
    let (columns, gaps) = show(at, "M2", "gaps");
    assert_eq!(columns[..3], ["Required M2 artifact", "Current state", "Gap"]);
    same_rows(
        &gaps,
        &[
            &["Canonical API wire contract (proto-first)", "none", "missing"],
            &["Service-level message model with versioning", "none", "missing"],
            &["Typed RPC error namespace + mapping", "policy reason codes only", "missing"],
            &["Compatibility policy for v1 freeze", "implicit in issue text", "missing formal artifact"],
            &["Codegen reproducibility workflow", "none", "missing"],
            &["Proto drift/breaking CI checks", "none", "missing"],
            &["API/spec docs aligned with proto", "none", "missing"],
        ],
    );
    assert_eq!(gaps.len(), 7);
}

/// S1-33, S1-34, S1-35, S1-36, S1-41, S1-42, S1-43, S1-44, S1-45, S1-46, S1-47, S1-49, S1-50, S1-51,
/// S1-55: risks, plan, handoffs and gates of M2.
#[test]
fn the_plan_of_m2_is_that_of_the_seed() {
    let place = Copy::new("dome");
    let at = place.path();
    same_rows(
        &show(at, "M2", "risks").1,
        &[
            &[
                "Wire contract ambiguity",
                "M3/M4 implementation drift",
                "Freeze proto and message ownership early",
            ],
            &[
                "Error taxonomy conflation",
                "unstable retries and client behavior",
                "Separate RPC error namespace from policy reason codes",
            ],
            &[
                "Unpinned codegen",
                "non-reproducible clients",
                "lock toolchain + deterministic generation path",
            ],
            &[
                "Unchecked proto evolution",
                "breaking changes leak into runtime",
                "add explicit breaking-change and drift gates",
            ],
        ],
    );
    same_rows(
        &show(at, "M2", "packages").1,
        &[
            &["M2-D1", "Define package layout and service boundaries", "M1 handoff", "M2-D2, M2-D3"],
            &["M2-D2", "Define message contracts for all required RPCs", "M2-D1", "M2-D4, M2-D5"],
            &["M2-D3", "Define typed RPC error namespace + status mapping", "M2-D1", "M2-D5, M2-D6"],
            &["M2-D4", "Write API freeze spec doc aligned to proto", "M2-D2, M2-D3", "M2-D7"],
            &["M2-D5", "Define codegen reproducibility and version pins", "M2-D2, M2-D3", "M2-D7"],
            &["M2-D6", "Define compatibility policy and change classes", "M2-D3", "M2-D7"],
            &[
                "M2-D7",
                "Implement CI drift/breaking checks and smoke validation",
                "M2-D4, M2-D5, M2-D6",
                "M2 closeout + M3/M4 start",
            ],
        ],
    );
    same_rows(
        &show(at, "M2", "handoffs").1,
        &[
            &[
                "#59 M3 domed Runtime MVP",
                "frozen RPC/message contracts, error model",
                "runtime implementation anchor",
                "resolved",
            ],
            &[
                "#60 M4 clients/SDK/CI",
                "codegen contract, drift/breaking policy",
                "stable generated thin clients",
                "resolved",
            ],
        ],
    );
}

/// S1-48, S1-53: gates have an owner and a command, and the RPCs are the seven of the seed.
#[test]
fn the_gates_and_rpcs_of_m2_are_whole() {
    let place = Copy::new("dome");
    let at = place.path();
    let (columns, gates) = show(at, "M2", "gates");
    assert_eq!(columns, ["Gate", "Rule", "Owner", "Command"]);
    assert!(gates.len() >= 3 && gates.iter().all(|row| row.iter().all(|cell| !cell.is_empty())), "{gates:?}");
    let (_, rpcs) = show(at, "M2", "rpcs");
    assert_eq!(rpcs.len(), 7);
    // S1-48: the seed's own table says of M2-D3 that it does not enable M2-D4.
    let output = tenon(at, &["verify", "milestones/M2.yaml", "--no-evidence"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("`M2-D3` does not say that it enables `M2-D4`"), "{said}");
}

/// S1-09, S1-10, S1-11, S1-12, S1-13, S1-14, S1-15: the baseline is found out from files: without
/// what M2 brought, its rows are those of the seed, and each flips when its files come.
#[test]
fn the_baseline_is_computed() {
    let place = Copy::new("dome");
    let now = |place: &Copy| -> Vec<(String, String, String)> {
        let (columns, rows) = show(place.path(), "M2", "baseline");
        assert_eq!(columns[..2], ["Area", "Current state"]);
        rows.into_iter().map(|row| (row[0].clone(), row[1].clone(), row[2].clone())).collect()
    };
    let flips = now(&place).into_iter().filter(|(_, now, then)| now != then).map(|(area, _, _)| area);
    assert_eq!(
        flips.collect::<Vec<_>>(),
        ["Gateway wire spec", "Gateway codegen pipeline", "Proto breaking/drift checks"]
    );
    let pack = place.path().join("contracts/dome");
    std::fs::remove_dir_all(pack.join("proto")).expect("the folder");
    for file in ["codegen.yaml", "tenon.lock"] {
        std::fs::remove_file(pack.join(file)).expect("the file");
    }
    let rows = now(&place);
    assert!(rows.iter().all(|(_, now, then)| now == then), "{rows:?}");
    assert_eq!(rows[3].1, "Not present (no `proto/` or OpenAPI for `domed`)");
    std::fs::remove_file(pack.join("ssot/schemas/event.envelope.schema.json")).expect("the file");
    assert_eq!(now(&place)[1].1, "Not present, or not all of them");
}

/// S3-01, S3-15, S3-16, S3-17, S3-18, S3-20, S3-21, S3-22, S3-23, S3-24, S3-45, S3-46, S3-47, S3-48,
/// S3-49, S3-50, S3-51, S3-52, S3-54, S3-55, S3-56: the tables of M1 as the seed has them.
#[test]
fn the_tables_of_m1_are_those_of_the_seed() {
    let place = Copy::new("dome");
    let at = place.path();
    same_rows(
        &show(at, "M1", "facts").1,
        &[
            &["Issue", "#57"],
            &["Depends on", "#61 (Runtime Contract Freeze, decision-only)"],
            &["Date", "2026-02-25"],
        ],
    );
    let (columns, surfaces) = show(at, "M1", "existing-surfaces");
    assert_eq!(columns, ["Surface", "Files", "Notes"]);
    same_rows(
        &surfaces,
        &[
            &["Orchestrator pipeline", "`tools/orchestrator/*`"],
            &["Contract validation"],
            &["Skill wrapper bridge"],
            &["Contract pinning"],
        ],
    );
    let (columns, intents) = show(at, "M1", "intent-mapping");
    assert_eq!(columns, ["Intent class", "Already covered", "Missing for gateway target model"]);
    let classes: Vec<&str> = intents.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(classes, ["resource spec", "job/invocation", "status", "event/log", "error"]);
    same_rows(
        &show(at, "M1", "packages").1,
        &[
            &["D1", "Build SSOT reuse inventory by intent class", "none", "D2, D3"],
            &["D2", "Define ownership + stability tier for each reused contract", "D1", "D4, D5"],
            &[
                "D3",
                "Define identifier mapping (`run_id`, `task_id`, `event_id`, correlation ids)",
                "D1",
                "D5, D6",
            ],
            &["D4", "Define reuse rules and “no duplicate schema family” policy", "D2", "D7"],
            &[
                "D5",
                "Define representation mapping (JSON schema <-> proto fields/types)",
                "D2, D3",
                "M2 API freeze (`#58`)",
            ],
            &[
                "D6",
                "Define canonical provenance record and mapping to `run.manifest`",
                "D3",
                "M2 (`#58`), M3 (`#59`)",
            ],
            &[
                "D7",
                "Define CI gate specification (reuse-only check + schema compatibility checks)",
                "D4",
                "M2 (`#58`), M4 (`#60`)",
            ],
            &["D8", "Publish M1 contract reuse matrix + delta register", "D1-D7", "M2-M4 execution"],
        ],
    );
}

/// S3-54, S3-55, S3-56, S3-25, S3-83: handoffs, gaps and gates of M1.
#[test]
fn the_handoffs_of_m1_are_those_of_the_seed() {
    let place = Copy::new("dome");
    let at = place.path();
    let (columns, handoffs) = show(at, "M1", "handoffs");
    assert_eq!(columns[..3], ["Downstream issue", "M1 artifact consumed", "Why"]);
    assert!(handoffs.iter().all(|row| row[3] == "resolved"), "{handoffs:?}");
    // Decision A003-05 adds D7 to what #58 takes.
    assert!(handoffs[0][1].starts_with("D5, D6, D7, D8"));
    assert!(handoffs[1][1].starts_with("D3, D6, D8") && handoffs[2][1].starts_with("D4, D7, D8"));
    let (columns, gaps) = show(at, "M1", "gaps");
    assert_eq!(columns[..3], ["Required target contract", "Current state", "Gap"]);
    assert_eq!(gaps.len(), 8);
    let (_, gates) = show(at, "M1", "gates");
    assert_eq!(gates.len(), 5);
}

/// S3-93, S3-94, S3-95, S3-96, S3-97, S3-98, S3-99, S3-100: the handoff has a section a consumer and
/// five on what it hands over; the issue's texts link to files and name their hashes.
#[test]
fn the_documents_of_m1_have_their_sections() {
    let folder = project().join("contracts/dome/doc/m0-runtime-contract-freeze");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("the document");
    let handoff = read("m1_to_m2_handoff.md");
    let sections: Vec<(&str, usize)> = handoff
        .split("\n## ")
        .skip(1)
        .map(|section| {
            (
                section.lines().next().unwrap_or_default(),
                section.lines().filter(|line| line.starts_with("| ")).count(),
            )
        })
        .collect();
    let names: Vec<&str> = sections.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        [
            "#58 API Spec Freeze",
            "#59 Daemon MVP",
            "#60 Clients/SDK/CI",
            "Field-level mapping baseline for proto freeze",
            "Provenance constraints",
            "Id/correlation conventions",
            "CI gate contract",
            "M2 proto/service item list"
        ]
    );
    assert!(sections.iter().all(|(_, rows)| *rows > 2), "{sections:?}");
    let body = read("issue-57/body.md");
    assert_eq!(body.matches("- [x] ").count(), 12);
    assert!(body.contains("(`contract.yaml`, `ssot/schemas/run.manifest.schema.json`)"));
    let comment = read("issue-57/comment.md");
    for name in [
        "m1_contract_reuse_matrix.md",
        "m1_contract_delta_register.md",
        "m1_dependency_matrix.md",
        "m1_ci_enforcement_mapping.md",
        "m1_to_m2_handoff.md",
    ] {
        let hash = tenon_verify::evidence::manifest::sha256(read(name).as_bytes());
        assert!(comment.contains(&format!("/{name}` | `{hash}` |")), "{name}");
    }
}

/// S2-01, S2-05, S2-07, S2-74, S2-80, S2-81, S2-82, S2-83, S2-96, S2-99, S2-100, S2-101, S2-102, S2-103,
/// S2-104, S2-105, S2-106, S2-107, S2-108, S2-109, S2-110, S2-111, S2-112, S2-113, S2-114, S2-115,
/// S2-116, S2-117, S2-118, S2-119, S2-120, S2-121, S2-122, S2-123, S2-124, S2-125, S2-126, S2-127,
/// S2-128, S2-129, S2-130: the parts of WI-007, counted and named as the seed has them.
#[test]
fn the_parts_of_wi_007_are_those_of_the_seed() {
    let place = Copy::new("sales");
    let (value, status) = place.verify("milestones/WI-007.yaml");
    assert_eq!((failing(&value), status), (Vec::new(), 0));
    let facts = value["milestone"]["facts"].as_object().expect("facts");
    assert_eq!(facts.len(), 8);
    assert_eq!(
        (&facts["Priority"], &facts["Estimated Completion"]),
        (&Value::from("High"), &Value::from("2026-01-05"))
    );
    assert_eq!(value["objectives"].as_array().expect("objectives").len(), 5);
    let groups = |list: &str| {
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        for one in value[list].as_array().expect("a list") {
            *count.entry(one["group"].as_str().expect("a group")).or_default() += 1;
        }
        count.into_values().collect::<Vec<_>>()
    };
    assert_eq!(groups("criteria"), [5, 8, 4, 6]);
    assert_eq!(groups("phases"), [3, 7, 4]);
    assert_eq!(groups("risks"), [3, 4]);
    assert_eq!(value["values"].as_array().expect("values").len(), 12);
    assert_eq!(value["non_goals"].as_array().expect("non-goals").len(), 8);
    let mitigations: Vec<&str> = value["risks"]
        .as_array()
        .expect("risks")
        .iter()
        .map(|risk| risk["mitigation"].as_str().expect("a text"))
        .collect();
    for name in [
        "Automated Validation",
        "Boundary Audits",
        "Cross-Team Reviews",
        "Incremental Delivery",
        "Strict Scope Control",
        "Time-Boxing",
        "Contract Reviews",
    ] {
        assert!(mitigations.iter().any(|text| text.starts_with(name)), "{name}");
    }
}

/// S2-80, S2-110, S2-121, S2-123, S2-130: the metrics of WI-007, what it waits for, what follows.
#[test]
fn the_metrics_of_wi_007_are_those_of_the_seed() {
    let place = Copy::new("sales");
    let (value, _) = place.verify("milestones/WI-007.yaml");
    let metrics: Vec<(&str, u64, u64, f64)> = value["metrics"]
        .as_array()
        .expect("metrics")
        .iter()
        .map(|one| {
            let count = |name: &str| one[name].as_u64().expect("a count");
            (
                one["title"].as_str().expect("a title"),
                count("numerator"),
                count("denominator"),
                one["percent"].as_f64().expect("a number"),
            )
        })
        .collect();
    let titles: Vec<&str> = metrics.iter().map(|(title, ..)| *title).collect();
    assert_eq!(
        titles,
        [
            "Contract Coverage",
            "Field Completeness",
            "Validation Coverage",
            "Documentation Quality",
            "Boundary Compliance",
            "Consent Integration",
            "Usage Metering",
            "Security Foundations",
            "Traceability",
            "Cross-References",
            "Evidence Completeness",
            "Review Coverage"
        ]
    );
    assert!(
        metrics.iter().all(|(_, numerator, denominator, percent)| numerator == denominator
            && *denominator > 0
            && *percent == 100.0),
        "{metrics:?}"
    );
    assert_eq!(metrics.iter().find(|(title, ..)| *title == "Contract Coverage").expect("it").2, 10);
    let dependencies = texts(&value, "dependencies", "id");
    assert_eq!(
        dependencies,
        [
            "WI-001",
            "WI-002",
            "WI-003",
            "WI-005",
            "WI-006",
            "Tenant Model",
            "Authentication System",
            "Rate Limiting Framework",
            "Usage Metering"
        ]
    );
    let next = texts(&value, "follow_ups", "id");
    assert_eq!(next, ["WI-008", "WI-009", "WI-010", "WI-011", "WI-012", "WI-013", "WI-014", "WI-015"]);
}

/// S2-23, S2-89, S2-90, S2-91, S2-92, S2-93, S2-94, S2-95: the reference has an example of each request
/// and response; the evidence has its five sections; writing again changes nothing, and what others
/// wrote stays.
#[test]
fn the_documents_of_wi_007_are_whole() {
    let place = Copy::new("sales");
    let docs = place.path().join("contracts/sales/docs");
    let read = |name: &str| std::fs::read_to_string(docs.join(name)).expect("the document");
    let reference = read("CANONICAL/GTM_API_CONTRACTS.md");
    assert!(!reference.contains("There is no example."));
    let operations: Vec<&str> = reference.split("\n### ").skip(1).collect();
    assert_eq!(operations.len(), 10);
    assert!(operations.iter().all(|one| one.contains("```json") && one.contains("Response `")));
    let evidence = read("EVIDENCE/gtm/2026-01-03/README.md");
    for section in [
        "Contract completeness verification",
        "Cross-reference validation results",
        "Boundary compliance audit",
        "Traceability validation output",
        "No-runtime-change confirmation",
    ] {
        assert!(evidence.contains(&format!("## {section}\n\n| ")), "{section}");
    }
    let index = read("WORK_ITEMS/INDEX.md")
        + "| WI-099 | Another's | Draft | Low | 2026-02-01 | open |\n\nAnother's words.\n";
    std::fs::write(docs.join("WORK_ITEMS/INDEX.md"), &index).expect("the document");
    let before = read("TRACEABILITY.md");
    let output =
        tenon(place.path(), &["verify", "milestones/WI-007.yaml", "--write-documents", "--no-evidence"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!((read("WORK_ITEMS/INDEX.md"), read("TRACEABILITY.md")), (index, before));
}

/// S0-78, S0-79: the two commands the seed names, in the workspace that is shipped as an example.
#[test]
fn the_commands_of_node_hand_over() {
    let folder = project().join("examples/node");
    let artifacts = folder.join("artifacts");
    let run = |program: &str, arguments: &[&str]| {
        Command::new(program)
            .args(arguments)
            .current_dir(&folder)
            .env("TENON", env!("CARGO_BIN_EXE_tenon"))
            .output()
    };
    let output =
        run("node", &["verify/runner.ts", "milestones/M98.yaml"]).expect("node runs: the README names it");
    let value: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((value["overall"].as_bool(), output.status.code()), (Some(true), Some(0)));
    let output = run("npm", &["run", "--silent", "verify:m98"]).expect("npm runs: it comes with node");
    assert_eq!(output.status.code(), Some(0));
    let wrong = run("node", &["verify/runner.ts", "milestones/gone.yaml"]).expect("node runs");
    assert_eq!(wrong.status.code(), Some(2));
    let _ = std::fs::remove_dir_all(artifacts);
}

/// Keys of openssl sign, and openssl verifies what was signed: the envelope is DSSE, the signature
/// Ed25519, and neither needs this program.
#[test]
fn openssl_verifies_the_envelope() {
    use base64::Engine as _;
    let folder = tempfile::tempdir().expect("a folder");
    let openssl =
        |arguments: &[&str]| Command::new("openssl").args(arguments).current_dir(folder.path()).output();
    let made = openssl(&["genpkey", "-algorithm", "ed25519", "-out", "key.pem"])
        .expect("openssl runs: the README names it");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    openssl(&["pkey", "-in", "key.pem", "-pubout", "-out", "key.pub"]).expect("openssl runs");
    std::fs::write(
        folder.path().join("M.yaml"),
        "tenon: milestone/v1\nid: M\ntitle: Small\nroot: .\nchecks:\n  none: {absent: [gone.md]}\n",
    )
    .expect("a file");
    let output = tenon(folder.path(), &["verify", "M.yaml", "--key", "key.pem"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let latest = folder.path().join("artifacts/milestones/M/latest");
    let text = std::fs::read(latest.join("statement.dsse.json")).expect("the envelope");
    let envelope: Value = serde_json::from_slice(&text).expect("JSON");
    let decode = |value: &Value| {
        let text = value.as_str().expect("a text");
        base64::engine::general_purpose::STANDARD.decode(text).expect("base64")
    };
    let (kind, payload) = (envelope["payloadType"].as_str().expect("a type"), decode(&envelope["payload"]));
    let head = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len());
    std::fs::write(folder.path().join("message"), [head.as_bytes(), &payload].concat()).expect("a file");
    std::fs::write(folder.path().join("signature"), decode(&envelope["signatures"][0]["sig"]))
        .expect("a file");
    let verified = openssl(&[
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "key.pub",
        "-rawin",
        "-in",
        "message",
        "-sigfile",
        "signature",
    ]);
    assert!(verified.expect("openssl runs").status.success());
    let statement: Value = serde_json::from_slice(&payload).expect("JSON");
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
    assert_eq!(statement["predicateType"], "https://slsa.dev/provenance/v1");
    let check = |key: &str| {
        tenon(folder.path(), &["verify", "--check", "artifacts/milestones/M/latest", "--public-key", key])
    };
    assert_eq!(check("key.pub").status.code(), Some(0));
}
