//! `tenon gate` as a user runs it: lines, exit statuses, working directories, files on disk.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const CONTRACT: &str = "docs/service-contracts.json";

/// A repository on disk with the base contract of the gates' own test data.
struct Repository {
    folder: TempDir,
    contract: Value,
}

fn repository() -> Repository {
    let data: Value = serde_json::from_str(include_str!("../../checks/tests/gates/mutants.json"))
        .expect("the data is JSON");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let base = &data["base"];
    let repository = Repository { contract: base["contract"].clone(), folder };
    for (path, text) in base["files"].as_object().expect("files") {
        repository.write(path, text.as_str().expect("a text"));
    }
    for (name, key) in [("data-relationships", "data"), ("scope-manifest", "scope"), ("env-manifest", "env")]
    {
        repository.write(&format!("docs/{name}.json"), &base[key].to_string());
    }
    repository.save();
    repository
}

impl Repository {
    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        std::fs::write(path, text).expect("the file is written");
    }

    fn save(&self) {
        self.write(CONTRACT, &serde_json::to_string_pretty(&self.contract).expect("JSON"));
    }

    fn gate(&self, arguments: &[&str]) -> (i32, String) {
        let output = gate_in(self.folder.path(), arguments);
        (output.status.code().expect("an exit status"), String::from_utf8(output.stdout).expect("text"))
    }
}

fn gate_in(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenon"));
    command.arg("gate").args(arguments).current_dir(folder).output().expect("tenon runs")
}

/// S4-180, S4-181, S4-182, S4-183, S4-184, S4-185, S4-187, S4-189, S4-191, S4-196, S4-199: six
/// gates in the listed order, in the
/// listed words.
#[test]
fn all_six_gates_pass_in_order() {
    let (exit, output) = repository().gate(&["all"]);
    let expected = "\
=== Verifying Endpoint Status Fields ===
[OK] All endpoints have valid status and complete service contracts
=== Verifying Route-Service Alignment ===
[OK] All route-service contracts aligned
=== Verifying Upload Endpoint Completeness ===
[OK] All upload endpoints fully specified
=== Verifying Pagination Limits ===
[OK] All pagination limits declared and bounded
=== Verifying Status Enums ===
[OK] All status enums complete and consistent
=== Verifying Contract Discipline Rules ===
[OK] All contract discipline rules pass
[OK] 6 of 6 gates passed
";
    assert_eq!((exit, output.as_str()), (0, expected));
}

/// S4-189, S4-196, S4-199: one failing gate fails the run, and says so in the seed's words.
#[test]
fn one_failing_gate_fails_the_run() {
    let mut repository = repository();
    repository.contract["endpoints"][2]["status"] = "implemented".into();
    repository.contract["endpoints"][2].as_object_mut().expect("an object").remove("routeFile");
    repository.contract["endpoints"][7]["serviceContract"]
        .as_object_mut()
        .expect("an object")
        .remove("purpose");
    repository.save();
    let (exit, output) = repository.gate(&["endpoint-status"]);
    let expected = "\
=== Verifying Endpoint Status Fields ===
[X] FAIL: GET /api/projects has invalid status: implemented
[X] FAIL: GET /api/projects missing routeFile
[X] FAIL: DELETE /api/projects/:projectId/datasets/:datasetId missing serviceContract.purpose
[X] ENDPOINT STATUS VALIDATION FAILED: 3 issues
";
    assert_eq!((exit, output.as_str()), (1, expected));
    let (exit, output) = repository.gate(&["all"]);
    assert_eq!(exit, 1);
    assert_eq!(output.matches("=== ").count(), 6);
    assert!(output.contains("[OK] All upload endpoints fully specified\n"), "{output}");
    assert!(
        output.ends_with("[X] GATES FAILED: 2 of 6 (endpoint-status, route-service-alignment)\n"),
        "{output}"
    );
}

/// S4-190, S4-191: files and exports on the disk.
#[test]
fn alignment_looks_into_the_files() {
    let repository = repository();
    std::fs::remove_file(repository.path("server/routes/datasets.routes.ts")).expect("removed");
    std::fs::remove_file(repository.path("server/services/auth.service.ts")).expect("removed");
    repository.write("server/services/datasets.service.ts", "// export function deleteDataset() {}\n");
    let (exit, output) = repository.gate(&["route-service-alignment"]);
    let expected = "\
=== Verifying Route-Service Alignment ===
[X] FAIL: POST /api/auth/login - serviceFile missing: server/services/auth.service.ts
[X] FAIL: DELETE /api/projects/:projectId/datasets/:datasetId - routeFile missing: server/routes/datasets.routes.ts
[X] FAIL: Method deleteDataset missing from server/services/datasets.service.ts
[X] ROUTE-SERVICE ALIGNMENT FAILED: 3 issues
";
    assert_eq!((exit, output.as_str()), (1, expected));
}

/// A004-27: `export *` is followed to the module, under the name its compiled file has too.
#[test]
fn whole_exports_are_followed() {
    let repository = repository();
    repository.write("server/services/datasets.service.ts", "export * from './parts/index.js';\n");
    repository.write(
        "server/services/parts/index.ts",
        "export * from './remove';\nexport * from '../datasets.service';\n",
    );
    repository.write(
        "server/services/parts/remove/index.ts",
        "export const deleteDataset = (projectId: string, datasetId: string) => {};\n",
    );
    let (exit, output) = repository.gate(&["route-service-alignment"]);
    assert_eq!(exit, 0, "{output}");
    repository.write("server/services/datasets.service.ts", "export * from 'some-package';\n");
    let (exit, output) = repository.gate(&["route-service-alignment"]);
    let line = "[X] FAIL: Method deleteDataset missing from server/services/datasets.service.ts: not among its own \
                exports, and some-package was not found\n";
    assert!(exit == 1 && output.contains(line), "{output}");
}

/// S4-318: the verdict is the same from any working directory.
#[test]
fn the_working_directory_does_not_matter() {
    let repository = repository();
    let full = repository.path(CONTRACT);
    let full = full.to_str().expect("a path");
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    for (folder, contract) in [
        (repository.path("docs"), "service-contracts.json"),
        (repository.path("server/routes"), "../../docs/service-contracts.json"),
        (elsewhere.path().to_path_buf(), full),
    ] {
        let output = gate_in(&folder, &["all", "--contract", contract]);
        assert_eq!(output.status.code(), Some(0), "{contract}: {}", String::from_utf8_lossy(&output.stdout));
    }
    // A contract that does not lie in docs/ names files from its own folder, unless told otherwise.
    let copy = elsewhere.path().join("contract.json");
    std::fs::copy(full, &copy).expect("copied");
    let root = repository.folder.path().to_str().expect("a path");
    let copy = copy.to_str().expect("a path");
    let alignment = |more: &[&str]| {
        let arguments = [&["route-service-alignment", "--contract", copy], more].concat();
        gate_in(elsewhere.path(), &arguments).status.code()
    };
    assert_eq!((alignment(&[]), alignment(&["--root", root])), (Some(1), Some(0)));
}

/// S4-290, S4-299, A004-04, A004-45: what cannot be read is said, with exit status 2.
#[test]
fn unusable_input_is_exit_2_with_a_message() {
    let repository = repository();
    repository.write("bad.json", "{\"$schema\": \"service-contracts-v2\", \"endpoints\": [}");
    repository.write("none.json", "{\"$schema\": \"service-contracts-v2\"}");
    repository.write("empty.json", "");
    repository.write("list.json", "{\"$schema\": \"service-contracts-v2\", \"endpoints\": {}}");
    let cases: [(&[&str], &str); 8] = [
        (&["--contract", "gone.json"], "cannot read gone.json: no such file or folder"),
        (&["--contract", "docs"], "cannot read docs: it is a folder"),
        (&["--contract", "bad.json"], "bad.json:1:51: expected `]` to close the `[`, found `}` (IN001)"),
        (&["--contract", "none.json"], "none.json: the contract has no `endpoints`"),
        (&["--contract", "empty.json"], "empty.json"),
        (&["--contract", "list.json"], "list.json: `endpoints` is an object, not an array"),
        (&["--scope", "docs/env-manifest.json"], "docs/env-manifest.json is read as no scope manifest"),
        (&["--root", "gone"], "--root gone is no folder"),
    ];
    for (arguments, message) in cases {
        for name in ["all", "upload-e2e"] {
            let output = gate_in(repository.folder.path(), &[&[name], arguments].concat());
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{arguments:?}");
            assert!(output.stdout.is_empty() && said.contains(message), "{arguments:?}: {said}");
        }
    }
}

/// S4-320: `--compat-seed` ends as the script would: 0, 1, and jq's own 4 and 5.
#[test]
fn compat_seed_ends_as_the_scripts_do() {
    let mut repository = repository();
    let gate = |repository: &Repository, name: &str| repository.gate(&[name, "--compat-seed"]);
    assert_eq!(gate(&repository, "route-service-alignment").0, 0);
    // `jq -e` takes false and null for missing (S4-286).
    let (exit, output) = gate(&repository, "endpoint-status");
    assert_eq!(exit, 1);
    assert!(output.ends_with("[X] ENDPOINT STATUS VALIDATION FAILED: 17 issues\n"), "{output}");
    for name in ["pagination-max", "status-enums"] {
        let (exit, output) = gate(&repository, name);
        assert!(exit == 0 && output.contains("[-] N/A: "), "{output}");
    }
    let (exit, output) = gate(&repository, "all");
    assert_eq!(exit, 1);
    assert!(output.ends_with("[X] GATES FAILED: 1 of 4 (endpoint-status)\n"), "{output}");
    // The script dies without a word where an array is missing (S4-317).
    repository.contract["endpoints"][0].as_object_mut().expect("an object").remove("middleware");
    repository.save();
    let header = "=== Verifying Contract Discipline Rules ===\n".to_owned();
    assert_eq!(gate(&repository, "contract-discipline"), (5, header.clone()));
    repository.write(CONTRACT, "{\"endpoints\": [}");
    assert_eq!(gate(&repository, "contract-discipline"), (4, header));
    assert_eq!(gate(&repository, "endpoint-status").0, 0);
    std::fs::remove_file(repository.path(CONTRACT)).expect("removed");
    let missing = "=== Verifying Endpoint Status Fields ===\n[X] FAIL: service-contracts.json missing\n";
    assert_eq!(gate(&repository, "endpoint-status"), (1, missing.to_owned()));
    assert_eq!(gate(&repository, "upload-e2e").0, 0);
}

#[test]
fn json_is_stable_and_has_places() {
    let mut repository = repository();
    repository.contract["endpoints"][5].as_object_mut().expect("an object").remove("maxSizeMb");
    repository.save();
    let (exit, output) = repository.gate(&["upload-e2e", "--format", "json"]);
    let found: Value = serde_json::from_str(&output).expect("JSON");
    assert_eq!(exit, 1);
    assert_eq!(found["version"], 1);
    assert_eq!(found["contract"], CONTRACT);
    assert_eq!(found["summary"], serde_json::json!({"passed": 0, "failed": 1, "not_applicable": 0}));
    let gate = &found["gates"][0];
    assert_eq!(
        (&gate["gate"], &gate["result"], &gate["issues"]),
        (&"upload-e2e".into(), &"fail".into(), &1.into())
    );
    let finding = &gate["findings"][0];
    assert_eq!(finding["rule"], "SC41");
    assert_eq!(finding["pointer"], "/endpoints/5");
    assert_eq!(finding["operation"], "POST /api/projects/:projectId/data-sources/upload");
    assert!(finding["line"].as_u64().is_some_and(|line| line > 100));
    let (_, output) = repository.gate(&["upload-e2e", "--format", "json", "--compat-seed"]);
    let found: Value = serde_json::from_str(&output).expect("JSON");
    assert_eq!((&found["compat_seed"], &found["gates"][0]["exit"]), (&true.into(), &1.into()));
}

/// S4-286, S4-319, S4-320: the published contracts give sensible verdicts, and soon.
#[test]
fn real_contracts_pass_through_the_gates() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/real/service-contracts");
    if !folder.is_dir() {
        println!("did not run: {} is not here", folder.display());
        return;
    }
    let status = |name: &str, gate: &str, more: &[&str]| {
        let contract = folder.join(name).join(CONTRACT);
        let contract = contract.to_str().expect("a path");
        let output = gate_in(&folder, &[&[gate, "--contract", contract], more].concat());
        let text = String::from_utf8(output.stdout).expect("text");
        (output.status.code(), text.lines().last().unwrap_or_default().to_owned(), text)
    };
    // 86 false failures of the script, none here; the tree has no sources, which both say 66 times.
    let (exit, last, _) = status("foundry-v45", "endpoint-status", &["--compat-seed"]);
    assert_eq!((exit, &*last), (Some(1), "[X] ENDPOINT STATUS VALIDATION FAILED: 86 issues"));
    let (exit, _, text) = status("foundry-v45", "endpoint-status", &[]);
    assert_eq!(exit, Some(0), "{text}");
    let (_, last, _) = status("foundry-v45", "route-service-alignment", &[]);
    assert_eq!(last, "[X] ROUTE-SERVICE ALIGNMENT FAILED: 66 issues");
    // S4-321: one failure that says what the contract is, instead of 338.
    let (exit, last, text) = status("foundry-v47", "endpoint-status", &[]);
    assert_eq!((exit, &*last), (Some(1), "[X] ENDPOINT STATUS VALIDATION FAILED: 1 issues"), "{text}");
    let (exit, _, _) = status("foundry-v47", "contract-discipline", &["--compat-seed"]);
    assert_eq!(exit, Some(5));
}

/// S4-06, S4-180, S4-181, S4-182, S4-183, S4-184, S4-185, S4-186: the gates as scripts, which end
/// as the gates end.
#[test]
fn scripts_are_written_and_run() {
    let repository = repository();
    let (exit, output) = repository.gate(&["all", "--write-scripts", "scripts"]);
    assert_eq!((exit, output.lines().count()), (0, 6));
    let binary = Path::new(env!("CARGO_BIN_EXE_tenon")).parent().expect("a folder");
    let path = std::env::join_paths(
        std::iter::once(binary.to_path_buf())
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    )
    .expect("a path");
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let run = |name: &str| {
        let script = repository.path("scripts").join(format!("verify-{name}.sh"));
        let text = std::fs::read_to_string(&script).expect("the script is there");
        assert!(text.contains("\nset -euo pipefail\n") && text.contains("done < <("), "{text}");
        let output =
            Command::new("bash").arg(script).env("PATH", &path).current_dir(elsewhere.path()).output();
        let output = output.expect("bash runs");
        (output.status.code(), String::from_utf8(output.stdout).expect("text"))
    };
    for name in [
        "endpoint-status",
        "route-service-alignment",
        "upload-e2e",
        "pagination-max",
        "status-enums",
        "contract-discipline",
    ] {
        let (exit, output) = run(name);
        assert!(
            exit == Some(0) && output.starts_with("=== ") && output.contains("[OK] "),
            "{name}: {output}"
        );
    }
    std::fs::remove_file(repository.path("server/services/auth.service.ts")).expect("removed");
    assert_eq!(run("route-service-alignment").0, Some(1));
    std::fs::remove_file(repository.path(CONTRACT)).expect("removed");
    assert_eq!(run("upload-e2e"), (Some(2), String::new()));
}
