//! Reason codes: each from what it is for, always the same, with the correlation id.

use serde_json::{Value, json};

use super::{Swap, connection, dispute, snapshot, swap};
use crate::harness::{Ask, Gate, fits, plan};

/// A body with one value replaced, or taken away.
fn with(mut body: Value, pointer: &str, value: Option<Value>) -> Value {
    match value {
        Some(value) => match body.pointer_mut(pointer) {
            Some(slot) => *slot = value,
            None => {
                let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
                body.pointer_mut(parent).expect("a parent")[name] = value;
            }
        },
        None => {
            let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
            body.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object").remove(name);
        }
    }
    body
}

fn connect(pointer: &str, value: Option<Value>) -> Ask {
    Ask::post("/platform-connections", &with(connection(), pointer, value)).key("k")
}

fn snap(pointer: &str, value: Option<Value>) -> Ask {
    let body = snapshot("2026-02-15T10:00:00Z", &[("a", 1)]);
    Ask::post("/inventory/snapshots", &with(body, pointer, value)).key("k")
}

fn disputed(pointer: &str, value: Option<Value>) -> Ask {
    Ask::post("/disputes", &with(dispute(), pointer, value)).key("k")
}

/// What each code is for.
fn refused() -> Vec<(&'static str, u16, Ask)> {
    let invalid = "platform_connection_invalid";
    let mut all = vec![
        (invalid, 400, connect("/connection", None)),
        (invalid, 400, connect("/connection/platform", None)),
        (invalid, 400, connect("/connection/platform", Some(json!("")))),
        (invalid, 400, connect("/connection/account_ref", None)),
        (invalid, 400, connect("/connection/account_ref", Some(json!(7)))),
        (invalid, 400, connect("/connection/status", None)),
        (invalid, 400, connect("/connection/status", Some(json!("gone")))),
        (invalid, 400, connect("/connection/more", Some(json!(1)))),
        (invalid, 400, connect("/more", Some(json!(1)))),
        (invalid, 400, connect("/recorded_at", Some(json!(7)))),
    ];
    let timestamp = "platform_connection_invalid_timestamp";
    for text in ["", "yesterday", "2026-02-30T10:00:00Z", "2026-02-15", "2026-02-15T25:00:00Z"] {
        all.push((timestamp, 400, connect("/connection/connected_at", Some(json!(text)))));
        all.push((timestamp, 400, connect("/recorded_at", Some(json!(text)))));
    }
    let invalid = "inventory_snapshot_invalid";
    all.extend([
        (invalid, 400, snap("/snapshot/platform", None)),
        (invalid, 400, snap("/snapshot/captured_at", None)),
        (invalid, 400, snap("/snapshot/assets", None)),
        (invalid, 400, snap("/snapshot/assets", Some(json!([])))),
        (invalid, 400, snap("/snapshot/assets/0/asset_id", None)),
        (invalid, 400, snap("/snapshot/assets/0/asset_id", Some(json!("")))),
        (invalid, 400, snap("/snapshot/assets/0/quantity", Some(json!(0)))),
        (invalid, 400, snap("/snapshot/assets/0/quantity", Some(json!(1.5)))),
        (invalid, 400, snap("/snapshot/assets/0/more", Some(json!(1)))),
    ]);
    let timestamp = "inventory_snapshot_invalid_timestamp";
    all.push((timestamp, 400, snap("/snapshot/captured_at", Some(json!("noon")))));
    all.push((timestamp, 400, snap("/recorded_at", Some(json!("noon")))));
    let invalid = "inventory_asset_query_invalid";
    for query in ["?platform=", "?colour=red", "?platform=steam&limit=3", "?platform=a&platform=b", "?="] {
        all.push((invalid, 400, Ask::get(&format!("/inventory/assets{query}"))));
    }
    let invalid = "dispute_facade_invalid";
    for member in ["dispute_type", "severity", "subject_ref", "reason_code"] {
        all.push((invalid, 400, disputed(&format!("/dispute/{member}"), None)));
        all.push((invalid, 400, disputed(&format!("/dispute/{member}"), Some(json!("")))));
    }
    all.extend([
        // A000-05: no code of its own for a time.
        (invalid, 400, disputed("/dispute/opened_at", Some(json!("noon")))),
        (invalid, 400, disputed("/dispute/evidence_items", Some(json!(["text"])))),
        (invalid, 400, disputed("/dispute/status", Some(json!("resolved")))),
        (invalid, 400, Ask::get("/disputes/%20%20")),
        ("dispute_not_found", 404, Ask::get("/disputes/dispute_999999")),
    ]);
    all
}

/// S0-98, S0-99: every code is told, in `code`, with the correlation id; nothing is done.
#[tokio::test]
async fn every_reason_code_is_told_with_the_correlation_id() {
    let Swap { gate, partner, .. } = swap();
    let before = gate.kept().await;
    let mut seen = std::collections::BTreeSet::new();
    for (code, status, ask) in refused() {
        let ask = ask.token(&partner).header("x-correlation-id", "corr-7");
        let answer = gate.call(ask.clone()).await;
        assert_eq!(answer.refusal(), (status, code.to_owned()), "{ask:?}");
        let body = answer.json();
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(body["correlation_id"], "corr-7");
        assert_eq!(answer.header("x-correlation-id"), "corr-7");
        assert_eq!(body["status"], status);
        assert_eq!(body["type"], format!("urn:tenon:problem:{code}"));
        for name in ["title", "detail", "instance"] {
            assert!(body[name].as_str().is_some_and(|text| !text.is_empty()), "{name} of {body}");
        }
        if status == 400 {
            assert!(body["errors"][0]["field"].is_string(), "{body}");
        }
        seen.insert(code);
    }
    assert_eq!(seen.len(), 7, "{seen:?}");
    assert_eq!(gate.kept().await, before);
    let audit = gate.audit().await;
    assert_eq!(audit.len(), refused().len());
    assert!(audit.iter().all(|link| link.entry.outcome == "refused" && link.entry.code.is_some()));
}

/// S0-98: a correlation id that cannot stand in logs is not taken; one is made.
#[tokio::test]
async fn correlation_ids_are_made_where_they_are_missing_or_bad() {
    let Swap { gate, partner, .. } = swap();
    let ask = || Ask::get("/disputes/none").token(&partner);
    let long = "x".repeat(129);
    for given in ["", "two words", long.as_str(), "tab\there"] {
        let answer = gate.call(ask().header("x-correlation-id", given)).await;
        let made =
            answer.refused(404, "dispute_not_found")["correlation_id"].as_str().expect("text").to_owned();
        assert_eq!(made.len(), 36, "{made}");
        assert_eq!(answer.header("x-correlation-id"), made);
        assert_eq!(answer.header("x-request-id"), made);
    }
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let answer = gate.call(ask().header("traceparent", trace)).await;
    let echoed = answer.header("traceparent");
    assert!(echoed.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"), "{echoed}");
    assert!(echoed.ends_with("-01") && echoed != trace, "a span of its own: {echoed}");
}

/// S0-57: what is wrong twice gets one code, a hundred times.
#[tokio::test]
async fn what_is_wrong_twice_always_gets_the_same_code() {
    let Swap { gate, partner, user, .. } = swap();
    let both = with(connection(), "/connection/status", Some(json!("gone")));
    let both = with(both, "/recorded_at", Some(json!("noon")));
    // The same members in another order.
    let reversed = json!({ "recorded_at": "noon", "connection": {
        "status": "gone", "account_ref": "steam:north-01", "platform": "steam",
    } });
    let late = json!({ "recorded_at": "noon", "connection": {
        "connected_at": "", "status": "connected", "account_ref": "a", "platform": "steam",
    } });
    let reader = gate.somebody("partner", "partner_north", "settlement:read");
    let nothing = json!({});
    let cases = [
        // What is wrong beside times counts before them.
        ("platform_connection_invalid", Ask::post("/platform-connections", &both).key("k").token(&partner)),
        (
            "platform_connection_invalid",
            Ask::post("/platform-connections", &reversed).key("k").token(&partner),
        ),
        (
            "platform_connection_invalid_timestamp",
            Ask::post("/platform-connections", &late).key("k").token(&partner),
        ),
        // Who before what: no token, no scope, no type, no key, no body.
        ("unauthenticated", Ask::post("/disputes", &nothing)),
        ("actor_not_allowed", Ask::post("/disputes", &nothing).token(&user)),
        ("scope_missing", Ask::post("/disputes", &nothing).token(&reader)),
        ("dispute_facade_invalid", Ask::post("/disputes", &nothing).token(&partner)),
        ("media_type_unsupported", Ask::new("POST", "/disputes").bytes("x").token(&partner)),
        ("inventory_asset_query_invalid", Ask::get("/inventory/assets?b=1&a=2").token(&partner)),
        ("method_not_allowed", Ask::post("/inventory/assets?b=1", &nothing)),
    ];
    for (code, ask) in cases {
        let told = |answer: &crate::harness::Answer| {
            let body = answer.json();
            (answer.refusal(), body["detail"].clone(), body.get("errors").cloned())
        };
        let first = gate.call(ask.clone()).await;
        assert_eq!(first.code(), code, "{ask:?}");
        for _ in 0..100 {
            assert_eq!(told(&gate.call(ask.clone()).await), told(&first), "{ask:?}");
        }
    }
}

/// S0-99: a body that is no JSON, or not what the schema says, never reaches the handler; a reply
/// that is not what the contract says never leaves.
#[tokio::test]
async fn replies_that_do_not_fit_never_leave() {
    let from = "respond: {correlation_id: =correlation_id, dispute: =record}\n\n  disputes.get:";
    let to = "respond: {correlation_id: =correlation_id, dispute: =record, more: 1}\n\n  disputes.get:";
    let gate = Gate::changed("swap", &[(from, to)]);
    let partner = gate.somebody("partner", "partner_north", super::ALL);
    let before = gate.kept().await;
    let ask = Ask::post("/disputes", &dispute()).key("k").token(&partner);
    let answer = gate.call(ask).await;
    let body = answer.refused(500, "response_invalid");
    assert!(!body.to_string().contains("cycle_81"), "{body}");
    assert_eq!(gate.kept().await, before, "what was not answered is not done");
    let bodies: [&[u8]; 6] = [b"", b"{", b"null", b"[]", b"\"text\"", b"{\"dispute\":{},\"dispute\":{}}"];
    for body in bodies {
        let ask = Ask::post("/disputes", &json!({})).bytes(body).key("k").token(&partner);
        let answer = gate.call(ask).await;
        assert_eq!(answer.status, 400, "{}", String::from_utf8_lossy(body));
    }
    assert_eq!(gate.kept().await, before);
}

/// S0-99: in shadow, a refusal is let through, and told in the audit with the code it would have had.
#[tokio::test]
async fn a_policy_in_shadow_tells_and_lets_through() {
    let from = "    reason_codes: [dispute_facade_invalid]\n    refusals: {request_invalid: dispute_facade_invalid}\n";
    let to = format!("{from}    enforcement: {{actor: shadow}}\n");
    let gate = Gate::changed("swap", &[(from, &to)]);
    let user = gate.somebody("user", "u1", super::ALL);
    gate.call(Ask::post("/disputes", &dispute()).key("k").token(&user)).await.expect(200);
    let audit = gate.audit().await;
    let detail = audit[0].entry.detail.as_deref().unwrap_or_default();
    assert!(detail.contains("actor_not_allowed") && detail.contains("\"policy\":\"actor\""), "{detail}");
    // The others are as they were.
    gate.call(Ask::post("/inventory/snapshots", &json!({})).key("k").token(&user))
        .await
        .refused(403, "actor_not_allowed");
}

/// The requests of the real project are answered with what its own schemas describe.
#[tokio::test]
async fn real_requests_are_answered_as_the_real_schemas_say() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/real/swapgraph");
    let root =
        std::env::var_os("TENON_REAL").map_or(root, |real| std::path::PathBuf::from(real).join("swapgraph"));
    if !root.is_dir() {
        println!("did not run: there is no {}", root.display());
        return;
    }
    let Swap { gate, .. } = swap();
    let partner = gate.somebody("partner", "partner_demo", super::ALL);
    let user = gate.somebody("user", "u1", super::ALL);
    let mut theirs = tenon_testkit::MemoryFiles::default();
    for entry in std::fs::read_dir(root.join("schemas")).expect("schemas") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        theirs.0.insert(format!("schemas/{name}"), std::fs::read(&path).expect("a file"));
    }
    let theirs = Gate::of(plan(&theirs), std::sync::Arc::new(tenon_storage::engines::Memory::new()));
    let example = |name: &str| -> Value {
        let text = std::fs::read_to_string(root.join(format!("examples/api/{name}.json"))).expect(name);
        serde_json::from_str(&text).expect("JSON")
    };
    let steps = [
        (
            "platform_connections.upsert",
            "POST",
            "/platform-connections",
            "PlatformConnectionUpsertResponse",
            &user,
        ),
        (
            "platform_connections.list",
            "GET",
            "/platform-connections",
            "PlatformConnectionListResponse",
            &user,
        ),
        (
            "inventory.snapshots.record",
            "POST",
            "/inventory/snapshots",
            "InventorySnapshotRecordResponse",
            &partner,
        ),
        ("inventory.assets.list", "GET", "/inventory/assets", "InventoryAssetListResponse", &partner),
        ("disputes.create", "POST", "/disputes", "DisputeCreateResponse", &partner),
        ("disputes.get", "GET", "/disputes/dispute_000001", "DisputeGetResponse", &partner),
    ];
    for (operation, method, path, schema, token) in steps {
        let ask = match method {
            "POST" => Ask::post(path, &example(&format!("{operation}.request"))).key(operation),
            _ => Ask::get(path),
        };
        let expected = example(&format!("{operation}.response"));
        let correlation = expected["correlation_id"].as_str().expect("an id");
        let mut body = gate.call(ask.token(token).header("x-correlation-id", correlation)).await.expect(200);
        fits(&theirs, schema, &body);
        // Ids of connections are made in another way; all else is theirs to the letter.
        let mut expected = expected;
        for body in [&mut body, &mut expected] {
            let mut hide = |pointer: &str| {
                if let Some(id) = body.pointer_mut(pointer) {
                    *id = Value::Null;
                }
            };
            hide("/connection/connection_id");
            hide("/connections/0/connection_id");
        }
        assert_eq!(body, expected, "{operation}");
    }
}
