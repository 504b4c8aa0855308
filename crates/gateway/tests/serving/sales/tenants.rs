//! Tenants, tokens and usage.

use serde_json::json;
use tenon_gateway::authenticate::{Revocation, Revoked};

use super::{Ids, SCOPES, lead, operations, sales};
use crate::harness::{Ask, NORTH, SOUTH, START_MS};

/// S2-171, S2-174: the tenant of the header and of the token agree, or 403.
#[tokio::test]
async fn header_and_token_name_one_tenant() {
    let sales = sales();
    let ids = Ids { lead: sales.lead("crm-1").await, appointment: NORTH.into(), subscription: NORTH.into() };
    let before = sales.gate.kept().await;
    for (operation, _, _, ask) in operations() {
        let ask = sales.ask(ids.fill(ask));
        let answer = sales.gate.call(ask.clone().header("x-tenant-id", SOUTH)).await;
        answer.refused(403, "TENANT_MISMATCH");
        let answer = sales.gate.call(ask.clone().token(&sales.south)).await;
        answer.refused(403, "TENANT_MISMATCH");
        let nobodys = sales.gate.token(json!({ "sub": "x", "actor_type": "service", "scope": SCOPES }));
        let answer = sales.gate.call(ask.token(&nobodys)).await;
        assert_eq!(answer.refusal(), (403, "TENANT_MISMATCH".to_owned()), "{operation}");
    }
    assert_eq!(sales.gate.kept().await, before);
}

/// S2-171: tokens that are over, or taken back, are 401.
#[tokio::test]
async fn tokens_that_are_over_or_taken_back_are_refused() {
    let sales = sales();
    let token = |id: &str| {
        sales.gate.token(json!({
            "sub": "crm-north", "actor_type": "service", "scope": SCOPES, "tenant_id": NORTH, "jti": id,
        }))
    };
    let (first, second) = (token("t1"), token("t2"));
    let ask = || sales.ask(Ask::get(&format!("/api/v1/leads/{NORTH}/status")));
    for token in [&first, &second] {
        sales.gate.call(ask().token(token)).await.refused(404, "NOT_FOUND");
    }
    let revoked = Revoked::Id("t1".to_owned());
    let revocation = Revocation { issuer: None, revoked, forget_ms: None };
    sales.gate.gateway.authenticator().revoke(revocation, START_MS).expect("room");
    sales.gate.call(ask().token(&first)).await.refused(401, "UNAUTHENTICATED");
    sales.gate.call(ask().token(&second)).await.refused(404, "NOT_FOUND");
    let until_ms = START_MS + 1;
    let revoked = Revoked::Subject { subject: "crm-north".to_owned(), until_ms };
    let revocation = Revocation { issuer: None, revoked, forget_ms: None };
    sales.gate.gateway.authenticator().revoke(revocation, START_MS).expect("room");
    sales.gate.call(ask().token(&second)).await.refused(401, "UNAUTHENTICATED");
    sales.gate.clock.forward(3_600_000 + 31_000);
    let answer = sales.gate.call(ask().token(&sales.south).header("x-tenant-id", SOUTH)).await;
    answer.refused(401, "UNAUTHENTICATED");
    assert!(answer.header("www-authenticate").contains("invalid_token"));
}

/// S2-148, S2-151, S2-154, S2-157, S2-160, S2-163: what each operation is metered as.
#[tokio::test]
async fn each_operation_is_metered_as_it_says() {
    let sales = sales();
    let mut ids = Ids::default();
    for (_, status, _, ask) in operations() {
        let body = sales.call(ids.fill(ask)).await.expect(status);
        ids.learn(&body);
    }
    let expected = [
        ("api.request", 1, true),
        ("appointment.scheduled", 1, true),
        // One lead, and a batch of 480.
        ("lead.ingestion", 481, true),
        ("lead.scoring", 1, true),
        ("payment.processed", 1, false),
        ("routing.execution", 1, true),
    ];
    let told = sales.gate.usage().await;
    let told: Vec<(&str, u64, bool)> =
        told.iter().map(|total| (total.dimension.as_str(), total.quantity, total.billable)).collect();
    assert_eq!(told, expected);
    // S2-176: the tenant sees its own, and nobody else's.
    let reader = |tenant: &str| {
        let claims = json!({ "sub": "x", "actor_type": "user", "tenant_id": tenant, "scope": "tenon:usage" });
        sales.gate.token(claims)
    };
    let ask = || Ask::get("/_tenon/usage");
    let own = sales.gate.call(ask().token(&reader(NORTH))).await.expect(200);
    assert_eq!(own["items"].as_array().map(Vec::len), Some(6));
    let other = Ask::get(&format!("/_tenon/usage?tenant={NORTH}")).token(&reader(SOUTH));
    assert_eq!(sales.gate.call(other).await.expect(200)["items"], json!([]));
    sales.gate.call(ask().token(&sales.north)).await.refused(403, "FORBIDDEN");
}

/// S2-180: correlation ids go round: header, meta, refusal, event, audit, usage.
#[tokio::test]
async fn correlation_ids_go_round() {
    let sales = sales();
    let id = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
    let ask = sales.ask(Ask::post("/api/v1/leads", &lead("crm-1"))).header("x-correlation-id", id);
    let answer = sales.gate.call(ask.clone()).await;
    assert_eq!(answer.expect(201)["meta"]["correlationId"], id);
    assert_eq!(answer.header("x-correlation-id"), id);
    let refused = sales.gate.call(ask.bytes("{")).await;
    assert_eq!(refused.refused(400, "VALIDATION_ERROR")["meta"]["correlationId"], id);
    let envelope = String::from_utf8(sales.gate.events()[0].envelope.clone()).expect("text");
    assert!(envelope.contains(id), "{envelope}");
    assert!(sales.gate.audit().await.iter().all(|link| link.entry.correlation_id == id));
}
