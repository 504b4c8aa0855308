//! Idempotency: replay apart from duplicates.

use super::{lead, sales};
use crate::harness::{Ask, SOUTH};

const KEY: &str = "5f0c2b1a-7d3e-4c9b-8a6f-1e2d3c4b5a69";

/// S2-146, S2-179: within a day the same request gets the stored answer; another body a conflict.
#[tokio::test]
async fn the_same_request_gets_the_stored_answer_for_a_day() {
    let sales = sales();
    let ask = |sales: &super::Sales, external: &str| {
        let token = sales.gate.token(serde_json::json!({
            "sub": "crm-north", "actor_type": "service", "scope": super::SCOPES,
            "tenant_id": crate::harness::NORTH,
        }));
        sales.ask(Ask::post("/api/v1/leads", &lead(external))).header("x-idempotency-key", KEY).token(&token)
    };
    let first = sales.gate.call(ask(&sales, "crm-1")).await;
    first.expect(201);
    let kept = sales.gate.kept().await;
    sales.gate.clock.forward(86_400_000 - 1);
    let again = sales.gate.call(ask(&sales, "crm-1")).await;
    assert_eq!((again.status, &again.bytes), (201, &first.bytes));
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(sales.gate.kept().await, kept);
    let told = sales.gate.call(ask(&sales, "crm-2")).await.refused(409, "IDEMPOTENCY_CONFLICT");
    assert_eq!(told["error"]["details"].as_array().map(Vec::len), Some(2), "both hashes: {told}");
    assert_eq!(sales.gate.kept().await, kept);
    sales.gate.clock.forward(1);
    // The key is over, the lead is not.
    sales.gate.call(ask(&sales, "crm-1")).await.refused(409, "DUPLICATE_RECORD");
    sales.gate.call(ask(&sales, "crm-2")).await.expect(201);
}

/// S2-146: a key is the tenant's and the endpoint's: whoever in the tenant sends it again gets the
/// stored answer; another tenant, or another endpoint, is another request.
#[tokio::test]
async fn keys_are_apart_by_tenant_and_endpoint() {
    let sales = sales();
    let ask = || Ask::post("/api/v1/leads", &lead("crm-1"));
    let first = sales.gate.call(sales.ask(ask()).header("x-idempotency-key", KEY)).await.expect(201);
    let south = sales.gate.call(sales.south(ask()).header("x-idempotency-key", KEY)).await;
    let told = south.expect(201);
    assert_ne!(told["data"]["leadId"], first["data"]["leadId"]);
    assert_eq!(south.header("idempotent-replayed"), "");
    let colleague = sales.gate.token(serde_json::json!({
        "sub": "someone", "actor_type": "user", "scope": super::SCOPES, "tenant_id": crate::harness::NORTH,
    }));
    let same = sales.gate.call(sales.ask(ask()).token(&colleague).header("x-idempotency-key", KEY)).await;
    assert_eq!(same.expect(201), first);
    let path = format!("/api/v1/leads/{}/qualify", first["data"]["leadId"].as_str().expect("an id"));
    let other = sales.ask(Ask::post(&path, &super::qualification())).header("x-idempotency-key", KEY);
    let other = sales.gate.call(other).await;
    other.expect(201);
    assert_eq!(other.header("idempotent-replayed"), "");
    assert_eq!(sales.gate.records(SOUTH, "Lead").len(), 1);
}

/// S2-176: a success is metered once, a replay and a refusal not at all.
#[tokio::test]
async fn usage_is_metered_once() {
    let sales = sales();
    let ask = sales.ask(Ask::post("/api/v1/leads", &lead("crm-1")));
    for _ in 0..5 {
        sales.gate.call(ask.clone()).await.expect(201);
    }
    sales.call(Ask::post("/api/v1/leads", &lead("crm-1"))).await.refused(409, "DUPLICATE_RECORD");
    let told: Vec<(String, u64, u64, bool)> = sales
        .gate
        .usage()
        .await
        .into_iter()
        .map(|total| (total.dimension, total.quantity, total.events, total.billable))
        .collect();
    assert_eq!(told, [("lead.ingestion".to_owned(), 1, 1, true)]);
    // S2-184: and each of the six is in the audit.
    let outcomes: Vec<String> = sales.gate.audit().await.into_iter().map(|link| link.entry.outcome).collect();
    assert_eq!(outcomes, ["ok", "replay", "replay", "replay", "replay", "refused"]);
}
