//! OpenAPI by our own rules, and what it says.

use serde_json::Value;

use super::{printed, tenon};

fn openapi(pack: &str) -> Value {
    serde_json::from_str(&printed("openapi", pack)).expect("it is JSON")
}

/// The findings of our own rules on a document.
fn errors(document: &Value) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("openapi.json");
    std::fs::write(&path, document.to_string()).expect("it is written");
    let output = tenon(&["check", "--format", "json", path.to_str().expect("a path")]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let findings = report["findings"].as_array().expect("findings");
    let errors = findings.iter().filter(|finding| finding["level"] == "error");
    errors.map(|finding| finding["message"].as_str().unwrap_or_default().to_owned()).collect()
}

/// S0-03, S0-06 to S0-11: the operations with their ids, paths, actors, scopes and idempotency.
#[test]
fn swap_as_openapi() {
    let document = openapi("contracts/swap");
    assert_eq!(errors(&document), Vec::<String>::new());
    let create = &document["paths"]["/disputes"]["post"];
    assert_eq!(create["operationId"], "disputes.create");
    assert_eq!(create["x-tenon"]["actors"], serde_json::json!(["partner"]));
    assert_eq!(create["security"], serde_json::json!([{ "bearer": ["settlement:write"] }]));
    assert_eq!(create["x-tenon"]["idempotency"]["required"], true);
    let headers: Vec<&str> = create["parameters"]
        .as_array()
        .expect("parameters")
        .iter()
        .filter_map(|parameter| parameter["name"].as_str())
        .collect();
    assert_eq!(headers, ["Idempotency-Key"]);
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    assert!(schemas.contains_key("PlatformConnection"), "{:?}", schemas.keys());
    assert_eq!(document["paths"].as_object().map(serde_json::Map::len), Some(5));
}

/// S2-40: an export and examples for whoever integrates.
#[test]
fn sales_as_openapi() {
    let document = openapi("contracts/sales");
    assert_eq!(errors(&document), Vec::<String>::new());
    let create = &document["paths"]["/api/v1/leads"]["post"];
    assert!(
        create["requestBody"]["content"]["application/json"]["examples"]["example1"]["value"].is_object()
    );
    assert!(create["responses"]["201"]["content"]["application/json"]["examples"].is_object());
    assert_eq!(create["x-tenon"]["usage"]["dimension"], "lead.ingestion");
    assert_eq!(create["responses"]["403"]["description"], "Refused: CONSENT_DENIED");
}

#[test]
fn a_file_that_drifted_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("openapi.json");
    let path = path.to_str().expect("a path");
    assert!(tenon(&["gen", "openapi", "contracts/swap", "-o", path]).status.success());
    assert!(tenon(&["gen", "openapi", "contracts/swap", "-o", path, "--check"]).status.success());
    std::fs::write(path, "{}").expect("it is written");
    let output = tenon(&["gen", "openapi", "contracts/swap", "-o", path, "--check"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("is not what the contracts say"));
}
