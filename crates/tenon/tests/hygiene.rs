//! `tenon gate hygiene` as a user runs it (S4-260, S4-261, S4-262, S4-263, S4-264, S4-265, S4-266,
//! S4-267, S4-268, S4-269, S4-270, S4-271, S4-272, S4-273, S4-274, S4-275, S4-276, S4-277, S4-278,
//! S4-279, S4-280, S4-281, S4-282, S4-283, S4-284, S4-285).

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const SPEC: &str = "\
## Version Reference
- **This Document**: contract-step.md v1
- **Linked Documents**:
 - constitution.md

## VERSION HISTORY

| Version | Date | Changes |
|---------|------|---------|
| 1 | 2026-02 | First |

## FILE OUTPUT MANIFEST

| File | Path | Type | Required |
|------|------|------|----------|
| Service Contracts | docs/service-contracts.json | Machine artifact | YES |
";

fn tenon(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_tenon"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("tenon runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code().expect("an exit status"), text(output.stdout), text(output.stderr))
}

/// The pack `foundry` with a specification, a gate script and the record of its scans.
fn delivery() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/foundry/docs");
    for part in ["docs", "scripts"] {
        std::fs::create_dir(folder.path().join(part)).expect("a folder");
    }
    for name in ["service-contracts", "scope-manifest", "data-relationships", "env-manifest"] {
        let path = format!("docs/{name}.json");
        std::fs::copy(pack.join(format!("{name}.json")), folder.path().join(path)).expect("a copy");
    }
    let (exit, table, _) = tenon(folder.path(), &["check", "docs", "--format", "scans"]);
    assert_eq!(exit, 0);
    std::fs::write(folder.path().join("docs/service-contracts.verification.md"), table).expect("written");
    std::fs::write(folder.path().join("spec.md"), SPEC).expect("written");
    std::fs::write(folder.path().join("scripts/verify-a.sh"), "set -euo pipefail\n").expect("written");
    folder
}

#[test]
fn a_whole_delivery_is_ready() {
    let folder = delivery();
    let (exit, out, _) =
        tenon(folder.path(), &["gate", "hygiene", "--spec", "spec.md", "--scripts", "scripts"]);
    assert_eq!(out.lines().filter(|line| line.starts_with("- [OK] ")).count(), 31, "{out}");
    assert!(out.ends_with("**Status:** Production Ready\n"), "{out}");
    assert_eq!(exit, 0);
}

#[test]
fn what_was_not_given_is_not_passed() {
    let folder = delivery();
    let (exit, out, _) = tenon(folder.path(), &["gate", "hygiene"]);
    assert!(out.contains("- [N/A] Version Reference block present"), "{out}");
    assert!(out.contains("Not ready: 4 not checked"), "{out}");
    assert_eq!(exit, 1);
}

#[test]
fn a_defect_is_named() {
    let folder = delivery();
    std::fs::write(folder.path().join("docs/route-service-contracts.json"), "{}").expect("written");
    let arguments = ["gate", "hygiene", "--spec", "spec.md", "--scripts", "scripts"];
    let (exit, out, _) = tenon(folder.path(), &arguments);
    assert!(
        out.contains("- [X] Single output: service-contracts.json only: `route-service-contracts.json`"),
        "{out}"
    );
    assert_eq!(exit, 1);
}

#[test]
fn unusable_arguments_end_with_2() {
    let folder = delivery();
    let (exit, _, error) = tenon(folder.path(), &["gate", "hygiene", "--spec", "nowhere.md"]);
    assert_eq!(exit, 2);
    assert!(error.contains("nowhere.md"), "{error}");
    let (exit, _, error) = tenon(folder.path(), &["gate", "all", "--spec", "spec.md"]);
    assert_eq!(exit, 2);
    assert!(error.contains("--spec and --scripts belong to the gate `hygiene`"), "{error}");
}
