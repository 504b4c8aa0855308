//! There and back: what is written is read as what it was written from.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{PACKS, everything, stderr, tenon};

/// Changes between two versions, without those that only people read.
fn changes(old: &str, new: &str) -> Vec<String> {
    let output = tenon(&["diff", old, new, "--allow-unrelated-histories", "--format", "json"]);
    let report: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", stderr(&output)));
    let changes = report["changes"].as_array().expect("changes").iter();
    changes
        .filter(|one| one["class"] != "docs")
        .map(|one| format!("{}: {}", one["class"], one["message"]))
        .collect()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

/// What was written is read, and written the same again.
pub(super) fn again(target: &str, file: &Path) {
    let output = tenon(&["gen", target, text(file)]);
    assert!(output.status.success(), "{}: {}", file.display(), stderr(&output));
    let before = fs::read_to_string(file).expect("it is read");
    assert_eq!(String::from_utf8_lossy(&output.stdout), before, "{target} of {}", file.display());
}

/// Issue 5: OpenAPI, AsyncAPI, JSON Schema and Protobuf are read by our own readers as what they are.
#[test]
fn each_document_is_written_the_same_from_itself() {
    for pack in PACKS {
        let (_folder, out) = everything(pack);
        let single =
            [("openapi", "openapi.json"), ("asyncapi", "asyncapi.json"), ("jsonschema", "schemas.json")];
        for (target, name) in single {
            if out.join(name).is_file() {
                again(target, &out.join(name));
            }
        }
        let second = out.join("second");
        let output = tenon(&["gen", "proto", text(&out.join("proto")), "--output", text(&second)]);
        assert!(output.status.success(), "{pack}: {}", stderr(&output));
        let mut written = super::files(&second);
        written.remove("tenon.lock");
        assert_eq!(written, super::files(&out.join("proto")), "{pack}");
    }
}

/// Issue 5: the operations, events and schemas of a pack are all there, and no one changed.
#[test]
fn no_diff_between_a_pack_and_what_is_written_of_it() {
    for pack in ["swap", "sales"] {
        let (folder, out) = everything(pack);
        let both = folder.path().join("both");
        fs::create_dir(&both).expect("it is made");
        for name in ["openapi.json", "asyncapi.json"] {
            fs::copy(out.join(name), both.join(name)).expect("it is copied");
        }
        super::copy_into(&out.join("schemas"), &both.join("schemas"));
        let mut found = changes(&format!("contracts/{pack}"), text(&both));
        // Files are new, and schemas stand in two of them; nothing in them is. Which operation causes an
        // event stays behind: a document of OpenAPI alone has no events.
        found.retain(|change| !(change.starts_with("\"additive\"") && change.contains(" is new")));
        found.retain(|change| !change.contains("it no longer causes the event"));
        assert_eq!(found, Vec::<String>::new(), "{pack}");
    }
}

/// S1-16 to S1-22, S1-62, issue 5: the wire contract is written as it stands, with its seven RPCs and
/// every number.
#[test]
fn the_wire_contract_is_written_as_it_stands() {
    let (_folder, out) = everything("dome");
    let path = "domed/v1/domed.proto";
    let written = fs::read_to_string(out.join("proto").join(path)).expect("it is written");
    let original = super::root().join("contracts/dome/proto").join(path);
    assert_eq!(written, fs::read_to_string(original).expect("it is there"));
    let rpcs = [
        "ListCapabilities",
        "SkillExecute",
        "GetJobStatus",
        "CancelJob",
        "StreamJobEvents",
        "GetGateDecision",
        "GetPromotionDecision",
    ];
    for rpc in rpcs {
        assert!(written.contains(&format!("rpc {rpc}({rpc}Request) returns (")), "{rpc}");
    }
}

/// Service contracts of other contracts pass the 23 rules, and lose no endpoint.
#[test]
fn service_contracts_of_other_formats_pass_their_rules() {
    for (pack, endpoints) in [("swap", 6), ("sales", 10), ("foundry", 29)] {
        let (_folder, out) = everything(pack);
        let path = out.join("service-contracts.json");
        let document: Value =
            serde_json::from_slice(&fs::read(&path).expect("it is read")).expect("it is JSON");
        assert_eq!(document["endpoints"].as_array().map(Vec::len), Some(endpoints), "{pack}");
        // Away from the configuration and the lock of the pack.
        let alone = tempfile::tempdir().expect("a folder");
        let copy = alone.path().join("service-contracts.json");
        fs::copy(&path, &copy).expect("it is copied");
        let output = tenon(&["check", text(&copy), "--format", "json"]);
        let report: Value =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", stderr(&output)));
        let findings = report["findings"].as_array().expect("findings").iter();
        let errors: Vec<&Value> = findings.filter(|one| one["level"] == "error").collect();
        assert!(errors.is_empty(), "{pack}: {errors:#?}");
    }
}
