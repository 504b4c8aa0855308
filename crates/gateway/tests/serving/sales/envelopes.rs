//! Envelopes, header fields and refusals.

use serde_json::json;

use super::{CORRELATION, Ids, Sales, lead, operations, sales};
use crate::harness::{Ask, Gate, fits};

/// S2-136 to S2-140: each header must be there, on every operation that has it.
#[tokio::test]
async fn headers_must_be_there() {
    let sales = sales();
    let ids = Ids {
        lead: sales.lead("crm-0").await,
        appointment: CORRELATION.into(),
        subscription: CORRELATION.into(),
    };
    let before = sales.gate.kept().await;
    for (operation, _, _, ask) in operations() {
        sales.gate.clock.forward(60_000);
        let ask = sales.ask(ids.fill(ask));
        let reads = ask.method == "GET";
        let without = async |name: &str| sales.gate.call(ask.clone().without(name)).await;
        let with = async |name: &str, value: &str| sales.gate.call(ask.clone().header(name, value)).await;
        without("authorization").await.refused(401, "UNAUTHENTICATED");
        without("x-correlation-id").await.refused(400, "VALIDATION_ERROR");
        with("x-correlation-id", "7").await.refused(400, "VALIDATION_ERROR");
        without("x-tenant-id").await.refused(400, "VALIDATION_ERROR");
        with("x-tenant-id", "north").await.refused(403, "TENANT_MISMATCH");
        if reads {
            // A002-06: ignored on reads.
            with("x-idempotency-key", "not a key at all").await.expect(200);
            continue;
        }
        without("x-idempotency-key").await.refused(400, "VALIDATION_ERROR");
        with("x-idempotency-key", "7").await.refused(400, "VALIDATION_ERROR");
        without("content-type").await.refused(415, "UNSUPPORTED_MEDIA_TYPE");
        with("content-type", "text/plain").await.refused(415, "UNSUPPORTED_MEDIA_TYPE");
        let answer = with("content-encoding", "gzip").await;
        let told = answer.refused(415, "UNSUPPORTED_MEDIA_TYPE");
        fits(&sales.gate, "ErrorResponse", &told);
        assert_eq!(answer.header("x-correlation-id"), CORRELATION, "{operation}");
    }
    // S2-136: a UUID, even where the token agrees with what is none.
    let claims = json!({ "sub": "x", "actor_type": "user", "tenant_id": "north", "scope": super::SCOPES });
    let odd = sales.ask(Ask::post("/api/v1/leads", &lead("crm-1"))).header("x-tenant-id", "north");
    let told = sales.gate.call(odd.token(&sales.gate.token(claims))).await.refused(400, "VALIDATION_ERROR");
    assert_eq!(told["error"]["details"][0]["field"], "x-tenant-id");
    let usage = sales.gate.kept().await;
    // The one read that was answered was metered; nothing else happened.
    assert_eq!(usage.matches("api.request").count(), 1);
    assert_eq!(before.matches("Record {").count(), usage.matches("Record {").count());
}

/// S2-141, S2-180: the envelope of a success tells of the request and how long it took.
#[tokio::test]
async fn successes_have_their_envelope() {
    let sales = sales();
    let answer = sales.call(Ask::post("/api/v1/leads", &lead("crm-1"))).await;
    let body = answer.expect(201);
    let names: Vec<&str> = body.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(names, ["data", "meta", "links"]);
    assert_eq!(body["meta"]["correlationId"], CORRELATION);
    assert_eq!(body["meta"]["requestId"], answer.header("x-request-id"));
    assert_eq!(body["meta"]["timestamp"], "2026-02-16T00:00:00.000Z");
    assert_eq!(body["meta"]["processingTimeMs"], 0);
    assert_eq!(answer.header("x-correlation-id"), CORRELATION);
    assert_eq!(answer.header("content-type"), "application/json");
}

/// S2-142, S2-143, S2-144, S2-180: every refusal has the envelope of refusals, with a code of the
/// catalogue, field-level details and the correlation id.
#[tokio::test]
async fn refusals_have_their_envelope() {
    let sales = sales();
    let catalogue: Vec<String> = {
        let plan = sales.gate.gateway.plan();
        let contract = plan.contract().expect("a contract");
        contract.catalogue.codes().map(|(code, _)| code.to_owned()).collect()
    };
    for code in ["VALIDATION_ERROR", "CONSENT_DENIED", "RATE_LIMITED", "USAGE_EXCEEDED"] {
        assert!(catalogue.iter().any(|known| known == code), "{code}");
    }
    let missing = "/api/v1/leads/019c63bf-3000-7000-8000-00000000ffff";
    let reader = sales.gate.token(json!({
        "sub": "u", "actor_type": "user", "tenant_id": crate::harness::NORTH, "scope": "sales.leads:read",
    }));
    let partner = sales.gate.token(json!({
        "sub": "u", "actor_type": "partner", "tenant_id": crate::harness::NORTH, "scope": super::SCOPES,
    }));
    let mut denied = lead("crm-1");
    denied["consent"]["scope"] = "voice".into();
    let create = || sales.ask(Ask::post("/api/v1/leads", &lead("crm-1")));
    let cases = [
        (404, "NOT_FOUND", sales.ask(Ask::get("/api/v1/nothing"))),
        (404, "NOT_FOUND", sales.ask(Ask::get(&format!("{missing}/status")))),
        (405, "METHOD_NOT_ALLOWED", sales.ask(Ask::new("DELETE", "/api/v1/leads"))),
        (401, "UNAUTHENTICATED", create().without("authorization")),
        (401, "UNAUTHENTICATED", create().token("a.b.c")),
        (403, "FORBIDDEN", create().token(&reader)),
        (403, "FORBIDDEN", create().token(&partner)),
        (403, "TENANT_MISMATCH", create().header("x-tenant-id", crate::harness::SOUTH)),
        (403, "CONSENT_DENIED", sales.ask(Ask::post("/api/v1/leads", &denied))),
        (400, "VALIDATION_ERROR", create().bytes("{")),
        (400, "VALIDATION_ERROR", create().bytes("{\"lead\":1,\"lead\":2}")),
        (400, "VALIDATION_ERROR", create().bytes("")),
        (413, "PAYLOAD_TOO_LARGE", create().bytes(vec![b' '; 1024 * 1024 + 1])),
        (415, "UNSUPPORTED_MEDIA_TYPE", create().header("content-type", "application/xml")),
    ];
    for (status, code, ask) in cases {
        let shown = format!("{} {}", ask.method, ask.path);
        let answer = sales.gate.call(ask).await;
        let body = answer.refused(status, code);
        fits(&sales.gate, "ErrorResponse", &body);
        assert_eq!(body["meta"]["correlationId"], CORRELATION, "{shown}");
        assert_eq!(answer.header("x-correlation-id"), CORRELATION, "{shown}");
        assert_eq!(answer.header("content-type"), "application/json", "{shown}");
        assert!(catalogue.iter().any(|known| known == code), "{code}");
    }
}

/// S2-144: what is wrong with the gateway is 500 with the correlation id, and tells nothing more.
#[tokio::test]
async fn faults_are_told_with_the_correlation_id_alone() {
    let from = "nextActions: [QUALIFY]}";
    let sales = Sales::over(Gate::changed("sales", &[(from, "nextActions: 7}")]));
    let before = sales.gate.kept().await;
    let body = sales.call(Ask::post("/api/v1/leads", &lead("crm-1"))).await.refused(500, "INTERNAL_ERROR");
    fits(&sales.gate, "ErrorResponse", &body);
    assert_eq!(body["meta"]["correlationId"], CORRELATION);
    assert_eq!(body["error"]["details"], json!([]));
    assert_eq!(sales.gate.kept().await, before);
}

/// Every code that can leave is in the catalogue of the pack.
#[tokio::test]
async fn every_condition_has_a_code_of_the_catalogue() {
    let gate = Gate::new("sales");
    let plan = gate.gateway.plan();
    let contract = plan.contract().expect("a contract");
    let known: Vec<&str> = contract.catalogue.codes().map(|(code, _)| code).collect();
    for condition in tenon_policies::Condition::ALL {
        let refusal = tenon_policies::Refusal::new(*condition);
        let told = contract.catalogue.tell(&std::collections::BTreeMap::new(), &refusal);
        assert!(known.contains(&told.code.as_str()), "{} is told as {}", condition.name(), told.code);
    }
}
