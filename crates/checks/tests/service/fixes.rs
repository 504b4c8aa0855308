//! Mechanical fixes: the finding is gone, and nothing but what was meant is changed.

use std::collections::BTreeMap;

use tenon_source::apply_edits;
use tenon_testkit::{MemoryFiles, run_files};

const PATH: &str = "docs/service-contracts.json";

/// Applies every fix of one rule to a text, and checks that the rule is silent then.
fn mended(rule: &str, text: &str) -> String {
    let files = |text: &str| MemoryFiles(BTreeMap::from([(PATH.to_owned(), text.as_bytes().to_vec())]));
    let outcome = run_files(&files(text), None, &|id| id == rule);
    let edits: Vec<_> = outcome
        .findings
        .iter()
        .filter(|finding| finding.code.id == rule)
        .filter_map(|finding| finding.fix.clone())
        .flat_map(|fix| fix.edits)
        .collect();
    assert!(!edits.is_empty(), "{rule} offers no fix for {text}");
    let mended = apply_edits(text, &edits).expect("the edits do not overlap");
    let after = run_files(&files(&mended), None, &|id| id == rule);
    let left: Vec<_> = after.findings.iter().filter(|finding| finding.code.id == rule).collect();
    assert!(left.is_empty(), "{rule} still finds {left:?} in {mended}");
    mended
}

#[test]
fn body_validation_is_added_where_the_list_is() {
    let text = "{\"$schema\": \"service-contracts-v2\", \"endpoints\": [{\n  \"middleware\": [\"authenticate\"], \"serviceContract\": {\"routeArgs\": [\"req.body\"]}}]}\n";
    assert_eq!(
        mended("SC01", text),
        text.replace("[\"authenticate\"]", "[\"authenticate\", \"validateBody\"]")
    );
    let text = "{\"$schema\": \"service-contracts-v2\", \"endpoints\": [{\n  \"middleware\": [\n    \"authenticate\"\n  ], \"serviceContract\": {\"routeArgs\": [\"req.body\"]}}]}\n";
    assert_eq!(
        mended("SC01", text),
        text.replace("\"authenticate\"\n", "\"authenticate\",\n    \"validateBody\"\n")
    );
    let text = "{\"$schema\": \"service-contracts-v2\", \"endpoints\": [{\"middleware\": [], \"serviceContract\": {\"routeArgs\": [\"req.body\"]}}]}\n";
    assert_eq!(mended("SC01", text), text.replace("[]", "[\"validateBody\"]"));
}

#[test]
fn body_intent_is_added_as_the_arguments_tell() {
    let text = "{\"$schema\": \"service-contracts-v2\", \"endpoints\": [\n  {\"method\": \"POST\", \"path\": \"/a\", \"serviceContract\": {\n    \"routeArgs\": [\"req.body\"]\n  }},\n  {\"method\": \"POST\", \"path\": \"/b\", \"serviceContract\": {\"routeArgs\": []}}\n]}\n";
    let expected = text
        .replace("[\"req.body\"]\n", "[\"req.body\"],\n    \"acceptsBody\": true\n")
        .replace("{\"routeArgs\": []}", "{\"routeArgs\": [], \"acceptsBody\": false}");
    assert_eq!(mended("SC06", text), expected);
}

/// S4-107: of two equal entries the second goes, with its comma; others stay.
#[test]
fn exact_copies_are_removed() {
    let one = "{\"method\": \"GET\", \"path\": \"/a\"}";
    let two = "{\"method\": \"GET\", \"path\": \"/b\"}";
    let copy = "{\"method\":  \"GET\",\n   \"path\": \"/a\"}";
    let wrap = |list: &[&str]| {
        format!("{{\"$schema\": \"service-contracts-v2\", \"endpoints\": [\n  {}\n]}}\n", list.join(",\n  "))
    };
    assert_eq!(mended("SC12", &wrap(&[one, copy, two])), wrap(&[one, two]));
    assert_eq!(mended("SC12", &wrap(&[one, two, copy])), wrap(&[one, two]));
}

#[test]
fn the_handling_of_deferred_routes_is_added_or_corrected() {
    let text =
        "{\n  \"$schema\": \"service-contracts-v2\",\n  \"endpoints\": [{\"status\": \"deferred\"}]\n}\n";
    let expected = text.replace("}]\n", "}],\n  \"deferredRouteHandling\": \"excludeFromRegistration\"\n");
    assert_eq!(mended("SC05", text), expected);
    let text = "{\"$schema\": \"service-contracts-v2\", \"deferredRouteHandling\": \"no\", \"endpoints\": [{\"status\": \"deferred\"}]}";
    assert_eq!(mended("SC05", text), text.replace("\"no\"", "\"excludeFromRegistration\""));
}
