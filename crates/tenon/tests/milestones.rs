//! The milestones that are shipped: each passes as it is, each part of it fails when what shows it
//! is broken, and its evidence holds together.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

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
    for (pack, id) in [("swap", "M98"), ("sales", "WI-007")] {
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

/// What is broken, and what of the milestone must fail then.
struct Break {
    rows: &'static str,
    pack: &'static str,
    milestone: &'static str,
    file: &'static str,
    /// What is put in place of what; nothing takes the file away.
    change: Option<(&'static str, &'static str)>,
    fails: &'static [&'static str],
}

const DOC: &str = "contracts/dome/doc/m0-runtime-contract-freeze";

const fn gone(
    rows: &'static str,
    pack: &'static str,
    milestone: &'static str,
    file: &'static str,
    fails: &'static [&'static str],
) -> Break {
    Break { rows, pack, milestone, file, change: None, fails }
}

const fn edit(
    rows: &'static str,
    pack: &'static str,
    milestone: &'static str,
    file: &'static str,
    change: (&'static str, &'static str),
    fails: &'static [&'static str],
) -> Break {
    Break { rows, pack, milestone, file, change: Some(change), fails }
}

const SWAP: &[Break] = &[
    gone(
        "S0-73, S0-81",
        "swap",
        "M98",
        "contracts/swap/schemas/DisputeGetResponse.schema.json",
        &["criteria/prd-1", "checks/artifacts"],
    ),
    edit(
        "S0-74",
        "swap",
        "M98",
        "contracts/swap/contract.yaml",
        ("    scopes: [\"settlement:write\"]\n", ""),
        &["criteria/prd-2", "checks/auth"],
    ),
    edit(
        "S0-76",
        "swap",
        "M98",
        "contracts/swap/contract.yaml",
        ("ordering: none", "x-ordering: none"),
        &["criteria/prd-4", "checks/ordering"],
    ),
    edit(
        "S0-77",
        "swap",
        "M98",
        "contracts/swap/contract.yaml",
        ("reason_codes: [dispute_facade_invalid, dispute_not_found]", "reason_codes: [dispute_bogus]"),
        &["criteria/prd-5"],
    ),
    edit(
        "S0-104",
        "swap",
        "M98",
        "contracts/swap/docs/M98.md",
        ("`disputes.get`", "`disputes.got`"),
        &["documents/docs/M98.md", "checks/documents"],
    ),
    edit(
        "S0-58, S0-75",
        "swap",
        "M98",
        "contracts/swap/scenarios/m98.scenario.yaml",
        ("status: 200", "status: 299"),
        &["checks/scenario", "criteria/implementation-2"],
    ),
];

const DOME: &[Break] = &[
    gone(
        "S1-03, S1-25, S1-58",
        "dome",
        "M2",
        "contracts/dome/doc/m0-runtime-contract-freeze/m1_contract_reuse_matrix.md",
        &[
            "inputs/doc/m0-runtime-contract-freeze/m1_contract_reuse_matrix.md",
            "work_packages/M2-D1",
            "dependencies/#57",
        ],
    ),
    gone(
        "S1-04",
        "dome",
        "M2",
        "contracts/dome/doc/m0-runtime-contract-freeze/m1_contract_delta_register.md",
        &["inputs/doc/m0-runtime-contract-freeze/m1_contract_delta_register.md", "work_packages/M2-D7"],
    ),
    gone(
        "S1-05",
        "dome",
        "M2",
        "contracts/dome/doc/m0-runtime-contract-freeze/m1_dependency_matrix.md",
        &["inputs/doc/m0-runtime-contract-freeze/m1_dependency_matrix.md"],
    ),
    gone(
        "S1-06",
        "dome",
        "M2",
        "contracts/dome/doc/m0-runtime-contract-freeze/m1_ci_enforcement_mapping.md",
        &["inputs/doc/m0-runtime-contract-freeze/m1_ci_enforcement_mapping.md"],
    ),
    gone(
        "S1-07",
        "dome",
        "M2",
        "contracts/dome/doc/m0-runtime-contract-freeze/m1_to_m2_handoff.md",
        &["inputs/doc/m0-runtime-contract-freeze/m1_to_m2_handoff.md"],
    ),
    gone(
        "S1-25, S1-26, S1-58, S1-49",
        "dome",
        "M2",
        "contracts/dome/proto/domed/v1/domed.proto",
        &[
            "artifacts/Canonical API wire contract (proto-first)",
            "artifacts/Service-level message model with versioning",
            "criteria/1",
            "handoffs/#59",
        ],
    ),
    edit(
        "S1-27, S1-59, S1-33, S1-34",
        "dome",
        "M2",
        "contracts/dome/contract.yaml",
        ("  E_INTERNAL: {http: 500, grpc: INTERNAL, retryable: true}\n", ""),
        &["artifacts/Typed RPC error namespace + mapping", "criteria/2", "risks/taxonomy"],
    ),
    gone(
        "S1-28",
        "dome",
        "M2",
        "contracts/dome/docs/compatibility.md",
        &["artifacts/Compatibility policy for v1 freeze", "handoffs/#60"],
    ),
    gone(
        "S1-29, S1-60, S1-35, S1-50",
        "dome",
        "M2",
        "contracts/dome/codegen.yaml",
        &["artifacts/Codegen reproducibility workflow", "criteria/3", "handoffs/#60"],
    ),
    gone(
        "S1-30, S1-61, S1-36",
        "dome",
        "M2",
        "contracts/dome/tenon.lock",
        &["artifacts/Proto drift/breaking CI checks", "criteria/4", "risks/evolution"],
    ),
    edit(
        "S1-31, S1-57",
        "dome",
        "M2",
        "contracts/dome/m2_proto_surface_matrix.md",
        ("`CancelJob`", "`StopJob`"),
        &["artifacts/API/spec docs aligned with proto", "documents/m2_proto_surface_matrix.md"],
    ),
    gone(
        "S1-57, S1-51",
        "dome",
        "M2",
        "contracts/dome/m2_proto_surface_matrix.md",
        &["deliverables/m2_proto_surface_matrix.md", "phases/P1"],
    ),
    gone(
        "S1-53",
        "dome",
        "M2",
        "contracts/dome/m2_contract_delta_register.md",
        &["deliverables/m2_contract_delta_register.md", "phases/P2"],
    ),
    gone(
        "S1-54",
        "dome",
        "M2",
        "contracts/dome/m2_ci_codegen_enforcement_mapping.md",
        &["deliverables/m2_ci_codegen_enforcement_mapping.md", "phases/P3"],
    ),
    gone(
        "S1-56",
        "dome",
        "M2",
        "contracts/dome/m2_to_m3_m4_handoff.md",
        &["deliverables/m2_to_m3_m4_handoff.md", "phases/P4"],
    ),
    gone(
        "S3-25, S3-27, S3-33, S3-35",
        "dome",
        "M1",
        "contracts/dome/proto/domed/v1/domed.proto",
        &[
            "artifacts/`skill-execute` entrypoint contract",
            "artifacts/API-first gateway contract (proto/openapi)",
            "checklist/1",
            "checklist/3",
        ],
    ),
    gone(
        "S3-26, S3-34",
        "dome",
        "M1",
        "contracts/dome/ssot/schemas/tool.manifest.schema.json",
        &["artifacts/Capability discovery contract (`domed`)", "checklist/2"],
    ),
    gone(
        "S3-28, S3-36, S3-106",
        "dome",
        "M1",
        "contracts/dome/doc/m0-runtime-contract-freeze/m1_ci_enforcement_mapping.md",
        &[
            "artifacts/Thin-client-only invocation policy",
            "checklist/4",
            "checklist/8",
            "deliverables/doc/m0-runtime-contract-freeze/m1_ci_enforcement_mapping.md",
        ],
    ),
    edit(
        "S3-29, S3-37, S3-55",
        "dome",
        "M1",
        "contracts/dome/ssot/schemas/run.manifest.schema.json",
        ("\"commit_sha\"", "\"commit\""),
        &["artifacts/Canonical run provenance record", "checklist/5", "handoffs/#59"],
    ),
    edit(
        "S3-30, S3-38",
        "dome",
        "M1",
        "contracts/dome/contract.yaml",
        (
            "    scopes: [domed.jobs:write]\n    rate_class: submit\n    idempotency: required\n",
            "    scopes: [domed.jobs:write]\n    rate_class: submit\n",
        ),
        &["artifacts/Idempotency contract for gateway submissions", "checklist/6"],
    ),
    edit(
        "S3-31, S3-39",
        "dome",
        "M1",
        "contracts/dome/reuse.yaml",
        ("    owner: runtime-team\n", ""),
        &["artifacts/Stability tiers/ownership per schema", "checklist/7"],
    ),
    gone(
        "S3-32, S3-40, S3-54, S3-101",
        "dome",
        "M1",
        "contracts/dome/reuse.yaml",
        &["artifacts/Reuse-only guard", "work_packages/D1", "work_packages/D8", "handoffs/#58"],
    ),
    edit(
        "S3-105, S3-93",
        "dome",
        "M1",
        "contracts/dome/doc/m0-runtime-contract-freeze/issue-57/body.md",
        ("- [x]", "- [ ]"),
        &["criteria/4", "work_packages/D8"],
    ),
    gone(
        "S3-104",
        "dome",
        "M1",
        "contracts/dome/doc/m0-runtime-contract-freeze/m1_dependency_matrix.md",
        &["criteria/3", "deliverables/doc/m0-runtime-contract-freeze/m1_dependency_matrix.md"],
    ),
];

const SALES: &[Break] = &[
    gone(
        "S2-84, S2-86",
        "sales",
        "WI-007",
        "contracts/sales/docs/CANONICAL/GTM_API_CONTRACTS.md",
        &["deliverables/docs/CANONICAL/GTM_API_CONTRACTS.md", "criteria/D1", "metrics/Evidence Completeness"],
    ),
    gone(
        "S2-85",
        "sales",
        "WI-007",
        "contracts/sales/docs/WORK_ITEMS/WI-007-gtm-apis.md",
        &["deliverables/docs/WORK_ITEMS/WI-007-gtm-apis.md"],
    ),
    gone(
        "S2-86, S2-94",
        "sales",
        "WI-007",
        "contracts/sales/docs/TRACEABILITY.md",
        &["deliverables/docs/TRACEABILITY.md"],
    ),
    gone(
        "S2-87",
        "sales",
        "WI-007",
        "contracts/sales/docs/WORK_ITEMS/INDEX.md",
        &["deliverables/docs/WORK_ITEMS/INDEX.md"],
    ),
    gone(
        "S2-88, S2-89, S2-120",
        "sales",
        "WI-007",
        "contracts/sales/docs/EVIDENCE/gtm/2026-01-03/README.md",
        &[
            "deliverables/docs/EVIDENCE/gtm/2026-01-03/README.md",
            "phases/3.4",
            "metrics/Evidence Completeness",
        ],
    ),
    edit(
        "S2-03, S2-43, S2-48, S2-115",
        "sales",
        "WI-007",
        "contracts/sales/contract.yaml",
        (
            "    consent:\n      scopes: [marketing, communication]",
            "    x-consent:\n      scopes: [marketing, communication]",
        ),
        &[
            "objectives/2",
            "criteria/F2",
            "values/compliance-assurance",
            "values/consent-compliance",
            "risks/consent-gaps",
        ],
    ),
    edit(
        "S2-04, S2-45, S2-49, S2-116",
        "sales",
        "WI-007",
        "contracts/sales/contract.yaml",
        (
            "    usage: {dimension: lead.ingestion, billable: true, quantity: 1}",
            "    usage: {billable: true, quantity: 1}",
        ),
        &[
            "objectives/3",
            "criteria/F3",
            "values/usage-control",
            "metrics/Usage Metering",
            "risks/usage-omissions",
        ],
    ),
    edit(
        "S2-02, S2-41, S2-42, S2-97, S2-110",
        "sales",
        "WI-007",
        "contracts/sales/contract.yaml",
        ("      operations: [leads.route]", "      operations: []"),
        &[
            "objectives/1",
            "criteria/F1",
            "values/lead-management",
            "values/operational-efficiency",
            "phases/2.3",
            "metrics/Contract Coverage",
        ],
    ),
    edit(
        "S2-06, S2-44, S2-47, S2-98, S2-114, S2-107",
        "sales",
        "WI-007",
        "contracts/sales/contract.yaml",
        ("    stage: ROUTING", "    stage: CASE_WORK"),
        &[
            "objectives/5",
            "criteria/T1",
            "values/boundary-protection",
            "values/governance-enforcement",
            "phases/3.2",
            "metrics/Boundary Compliance",
            "risks/scope-creep",
        ],
    ),
    edit(
        "S2-46, S2-50, S2-117",
        "sales",
        "WI-007",
        "contracts/sales/contract.yaml",
        ("    scopes: [\"sales.leads:write\"]\n", ""),
        &["criteria/T5", "values/audit-trail", "metrics/Security Foundations"],
    ),
    edit(
        "S2-121, S2-122, S2-105, S2-108, S2-109",
        "sales",
        "WI-007",
        "milestones/WI-007.yaml",
        ("    status: approved\n    approver: architecture-team\n    date: 2026-11-21\n", ""),
        &[
            "decisions/architecture-review",
            "metrics/Review Coverage",
            "risks/consent-gaps",
            "risks/integration-gaps",
        ],
    ),
    edit(
        "S2-75, S2-119, S2-109",
        "sales",
        "WI-007",
        "contracts/sales/contract.yaml",
        ("source: \"#/consent_scopes\"", "source: \"#/consents\""),
        &["dependencies/WI-003", "metrics/Cross-References", "risks/integration-gaps"],
    ),
    edit(
        "S2-113, S2-65",
        "sales",
        "WI-007",
        "contracts/sales/contract.yaml",
        ("    message: The tenant's entitlement is used up\n", ""),
        &["metrics/Documentation Quality", "criteria/D3"],
    ),
    edit(
        "S2-39, S2-40",
        "sales",
        "WI-007",
        "contracts/sales/contract.yaml",
        ("summary: Brings in a lead", "summary: Brings in one lead"),
        &["documents/docs/CANONICAL/GTM_API_CONTRACTS.md"],
    ),
];

fn all_fail(breaks: &[Break]) {
    let _ = DOC;
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
