//! Manifests, catalogues and schemas, against the rows they are there for.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{everything, printed, tenon};

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("it is read")).expect("it is JSON")
}

/// The cells of each row of the first table of a Markdown page.
fn table(text: &str) -> Vec<Vec<String>> {
    let rows =
        text.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let cells =
        |row: &str| row.trim_matches('|').split('|').map(|cell| cell.trim().replace('`', "")).collect();
    rows.filter(|row| !row.starts_with("|--")).map(cells).collect()
}

/// S0-27 to S0-39: the 13 schemas of M98 by their file names; S0-40: exactly those, each a JSON Schema
/// with `$id` and `title`, and every `$ref` leads to one of them.
#[test]
fn the_schemas_of_m98() {
    let (_folder, out) = everything("swap");
    let names = [
        "CycleFailedPayload",
        "DisputeCreateRequest",
        "DisputeCreateResponse",
        "DisputeGetResponse",
        "InventoryAssetListResponse",
        "InventorySnapshotRecordRequest",
        "InventorySnapshotRecordResponse",
        "PlatformConnection",
        "PlatformConnectionListResponse",
        "PlatformConnectionUpsertRequest",
        "PlatformConnectionUpsertResponse",
        "ProposalCancelledPayload",
        "UserReliabilityChangedPayload",
    ];
    let files = super::files(&out.join("schemas"));
    let wanted: Vec<String> = names.iter().map(|name| format!("{name}.schema.json")).collect();
    assert_eq!(files.keys().cloned().collect::<Vec<_>>(), wanted);
    for (name, bytes) in &files {
        let schema: Value = serde_json::from_slice(bytes).expect("it is JSON");
        assert!(jsonschema::meta::validate(&schema).is_ok(), "{name} is a JSON Schema");
        assert!(schema["$id"].is_string() && schema["title"].is_string(), "{name} has `$id` and `title`");
        let text = String::from_utf8_lossy(bytes);
        for reference in text.split("\"$ref\": \"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let file = reference.split('#').next().unwrap_or_default();
            assert!(file.is_empty() || wanted.iter().any(|known| known == file), "{name}: {reference}");
        }
    }
}

/// S0-45: each operation with method, path, id, idempotency, schemas, actors and scopes; S0-46: each
/// event with its payload.
#[test]
fn the_manifests_of_m98() {
    let operations: Value =
        serde_json::from_str(&printed("operations", "contracts/swap")).expect("it is JSON");
    let entries = operations["endpoints"].as_array().expect("endpoints");
    assert_eq!(entries.len(), 6);
    for entry in entries {
        for key in ["operation_id", "method", "path", "idempotency_required", "response_schema"] {
            assert!(!entry[key].is_null(), "{key}: {entry}");
        }
        assert!(entry["auth"]["allowed_actor_types"].as_array().is_some_and(|actors| !actors.is_empty()));
        assert!(entry["auth"]["required_scopes"].as_array().is_some_and(|scopes| !scopes.is_empty()));
        assert_eq!(entry["idempotency_required"], entry["method"] == "POST");
        assert_eq!(entry["request_schema"].is_string(), entry["method"] == "POST");
    }
    let events: Value = serde_json::from_str(&printed("events", "contracts/swap")).expect("it is JSON");
    let types: Vec<(&str, &str)> = events["event_types"]
        .as_array()
        .expect("event types")
        .iter()
        .filter_map(|event| Some((event["type"].as_str()?, event["payload_schema"].as_str()?)))
        .collect();
    let wanted = [
        ("proposal.cancelled", "ProposalCancelledPayload.schema.json"),
        ("cycle.failed", "CycleFailedPayload.schema.json"),
        ("user.reliability_changed", "UserReliabilityChangedPayload.schema.json"),
    ];
    assert_eq!(types, wanted);
}

/// S4-198: paths, methods, authentication and roles of each endpoint, for whoever builds pages.
#[test]
fn the_manifest_of_foundry_tells_who_may_call() {
    let operations: Value =
        serde_json::from_str(&printed("operations", "contracts/foundry")).expect("it is JSON");
    let contract = json(&super::root().join("contracts/foundry/docs/service-contracts.json"));
    let endpoints = contract["endpoints"].as_array().expect("endpoints");
    let entries = operations["endpoints"].as_array().expect("endpoints");
    assert_eq!(entries.len(), endpoints.len());
    for (entry, endpoint) in entries.iter().zip(endpoints) {
        assert_eq!((&entry["path"], &entry["method"]), (&endpoint["path"], &endpoint["method"]));
        assert_eq!(entry["auth"]["authentication"], endpoint["authentication"]);
        assert_eq!(entry["auth"]["role"], endpoint["serviceContract"]["rbac"], "{entry}");
    }
}

/// S0-45, S0-46: the manifests, with the schemas beside them, are read as the pack was.
#[test]
fn manifests_are_read_as_what_they_are() {
    let (_folder, whole) = everything("swap");
    // Away from the configuration and the lock of the pack.
    let out = tempfile::tempdir().expect("a folder");
    let out = out.path();
    super::copy_into(&whole.join("schemas"), &out.join("schemas"));
    for name in ["operations.json", "events.json"] {
        let path = out.join(name);
        fs::copy(whole.join(name), &path).expect("it is copied");
        let output = tenon(&["check", path.to_str().expect("a path"), "--format", "json"]);
        let report: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
        let errors = report["findings"].as_array().expect("findings").iter();
        let errors: Vec<&Value> = errors.filter(|one| one["level"] == "error").collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
    let report = tenon(&["check", out.join("operations.json").to_str().expect("a path"), "--format", "json"]);
    let report: Value = serde_json::from_slice(&report.stdout).expect("it is JSON");
    assert_eq!(report["summary"]["operations"], 6);
}

/// S0-47 to S0-54: seven reason codes, six operations, no row without a mark; the Markdown says what
/// the JSON says.
#[test]
fn the_matrix_of_reason_codes() {
    let (_folder, out) = everything("swap");
    let matrix = json(&out.join("reason-codes/reason-codes.json"));
    let codes = matrix["reason_codes"].as_array().expect("codes");
    let operations = matrix["operations"].as_array().expect("operations");
    assert_eq!((codes.len(), operations.len()), (7, 6));
    assert_eq!(
        matrix["matrix"]["dispute_facade_invalid"],
        serde_json::json!(["disputes.create", "disputes.get"])
    );
    assert_eq!(matrix["matrix"]["dispute_not_found"], serde_json::json!(["disputes.get"]));
    let page = fs::read_to_string(out.join("reason-codes/reason-codes.md")).expect("it is read");
    let rows = table(&page);
    assert_eq!(rows.len(), 8, "{page}");
    for row in rows.iter().skip(1) {
        let marked: Vec<&String> = row
            .iter()
            .skip(1)
            .zip(rows[0].iter().skip(1))
            .filter(|(mark, _)| *mark == "x")
            .map(|(_, name)| name)
            .collect();
        assert!(!marked.is_empty(), "{row:?}");
        assert_eq!(serde_json::json!(marked), matrix["matrix"][row[0].as_str()], "{row:?}");
    }
}

/// S1-39, S1-40, S3-107: each error code with its gRPC and HTTP status and whether to try again;
/// reason codes of policies stand apart.
#[test]
fn the_error_catalogue_of_dome() {
    let (_folder, out) = everything("dome");
    let errors = json(&out.join("errors/errors.json"));
    let list = errors["errors"].as_array().expect("errors");
    assert_eq!(list.len(), 8);
    for error in list {
        assert!(
            error["http"].is_u64() && error["grpc"].is_string() && error["retryable"].is_boolean(),
            "{error}"
        );
    }
    let page = fs::read_to_string(out.join("errors/errors.md")).expect("it is read");
    let rows = table(&page);
    assert_eq!(rows[0], ["code", "HTTP", "gRPC", "try again", "message", "operations"]);
    for (row, error) in rows.iter().skip(1).zip(list) {
        assert_eq!(Some(row[0].as_str()), error["code"].as_str());
        assert_eq!(row[1], error["http"].to_string());
        assert_eq!(Some(row[2].as_str()), error["grpc"].as_str());
        assert_eq!(row[3], if error["retryable"] == true { "yes" } else { "no" });
    }
    assert!(page.contains("- `EXEC.NONZERO_EXIT`") && !rows.iter().any(|row| row[0] == "EXEC.NONZERO_EXIT"));
}

/// S0-104: the tables of the reference are the contract's own.
#[test]
fn the_reference_says_what_the_contract_says() {
    let page = printed("markdown", "contracts/swap");
    let rows = table(&page);
    let ids: Vec<&str> = rows.iter().skip(1).map(|row| row[0].as_str()).collect();
    let operations: Value =
        serde_json::from_str(&printed("operations", "contracts/swap")).expect("it is JSON");
    let wanted: Vec<&str> = operations["endpoints"]
        .as_array()
        .expect("endpoints")
        .iter()
        .filter_map(|entry| entry["operation_id"].as_str())
        .collect();
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    let mut wanted_sorted = wanted.clone();
    wanted_sorted.sort_unstable();
    assert_eq!(sorted, wanted_sorted);
    let calls: Vec<&str> = rows.iter().skip(1).map(|row| row[1].as_str()).collect();
    assert!(calls.contains(&"GET /disputes/{dispute_id}"), "{calls:?}");
    let events = page.split("## Events").nth(1).expect("events");
    let events: Vec<String> = table(events).into_iter().skip(1).map(|row| row[0].clone()).collect();
    assert_eq!(events, ["proposal.cancelled", "cycle.failed", "user.reliability_changed"]);
    assert!(!page.contains("\n\n\n"), "no holes");
}

/// S2-40: the reference of `sales` names consent, metering, rate class and errors of each operation.
#[test]
fn the_reference_of_sales() {
    let page = printed("markdown", "contracts/sales");
    let create = page.split("### leads.create").nth(1).expect("the operation");
    let create = create.split("\n### ").next().unwrap_or_default();
    for word in [
        "| Consent to |",
        "| Metered as | lead.ingestion",
        "| Rate class |",
        "`CONSENT_DENIED`",
        "| Tenant from |",
    ] {
        assert!(create.contains(word), "{word}: {create}");
    }
}
