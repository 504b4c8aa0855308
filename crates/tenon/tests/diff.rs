//! `tenon diff --format sarif`: exact places of JSON input too, fingerprints, accepted changes.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

const OLD: &str = r#"{"openapi": "3.1.0", "info": {"title": "Pets", "version": "1.0.0"}, "paths": {
  "/pets": {"get": {"operationId": "list", "responses": {"200": {"description": "Pets"}}}},
  "/owners": {"get": {"operationId": "owners", "responses": {"200": {"description": "Owners"}}}}
}}"#;

const NEW: &str = r#"{"openapi": "3.1.0", "info": {"title": "Pets", "version": "2.0.0"}, "paths": {
  "/pets": {"get": {"operationId": "list", "responses": {"200": {"description": "Pets"}}}}
}}"#;

fn sarif(folder: &Path) -> (Value, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_tenon"))
        .args(["diff", "old.json", "new.json", "--only", "operation-removed", "--format", "sarif"])
        .args(["--today", "2026-11-21"])
        .current_dir(folder)
        .env_clear()
        .output()
        .expect("the program runs");
    (serde_json::from_slice(&output.stdout).expect("the report is JSON"), output.status.code())
}

#[test]
fn sarif_has_exact_places_fingerprints_and_what_was_accepted() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
    write("old.json", OLD);
    write("new.json", NEW);
    let (log, status) = sarif(folder.path());
    assert_eq!(status, Some(1));
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "DH001");
    assert_eq!(result["level"], "error");
    let before = &result["relatedLocations"][0]["physicalLocation"];
    assert_eq!(before["artifactLocation"]["uri"], "old.json");
    assert_eq!(before["region"]["startLine"], 3);
    assert_eq!(before["region"]["startColumn"], 15);
    assert_eq!(before["region"]["endColumn"], 20);
    assert!(result["message"]["text"].as_str().is_some_and(|text| text.contains("a stable contract")));
    let fingerprint = result["partialFingerprints"]["tenon/v1"].as_str().expect("a fingerprint");
    assert_eq!(fingerprint.len(), 16);
    write(
        "tenon.toml",
        &format!(
            "[[diff.approve]]\nfingerprint = \"{fingerprint}\"\nreason = \"nobody called it\"\nowner = \"pets \
             team\"\nexpires = 2027-01-31\n"
        ),
    );
    let (log, status) = sarif(folder.path());
    assert_eq!(status, Some(0));
    let suppression = &log["runs"][0]["results"][0]["suppressions"][0];
    assert_eq!(suppression["kind"], "external");
    assert_eq!(suppression["justification"], "approval: nobody called it (pets team)");
}
