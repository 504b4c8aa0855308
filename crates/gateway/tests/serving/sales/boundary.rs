//! Nothing past the request for a payment is caused here.

use std::sync::Arc;

use serde_json::{Value, json};
use tenon_storage::engines::Memory;

use super::{Ids, Sales, operations, payment, sales};
use crate::harness::{Ask, Gate, NORTH, files, plan};

/// S2-161, S2-182: whatever is called, no payment becomes verified, no case is opened.
#[tokio::test]
async fn no_operation_goes_past_the_boundary() {
    let sales = sales();
    let mut ids = Ids::default();
    for (_, status, _, ask) in operations() {
        let body = sales.call(ids.fill(ask)).await.expect(status);
        ids.learn(&body);
    }
    let kept = sales.gate.kept().await;
    for word in ["VERIFIED_PAID", "CaseOpened", "case.opened\"", "payment.completed\""] {
        assert!(!sales.gate.events().iter().any(|event| event.kind == word.trim_end_matches('"')), "{word}");
    }
    assert!(!kept.contains("VERIFIED_PAID") && !kept.contains("CaseOpened"));
    let payments = sales.gate.records(NORTH, "PaymentRecord");
    assert_eq!(payments.iter().map(|payment| &payment["status"]).collect::<Vec<_>>(), ["INITIATED"]);
    // What a caller says of the state is not taken.
    for name in ["status", "verified"] {
        let mut body = payment();
        body["payment"][name] = "VERIFIED_PAID".into();
        let path = format!("/api/v1/leads/{}/payments/initiate", ids.lead);
        sales.call(Ask::post(&path, &body)).await.refused(400, "VALIDATION_ERROR");
    }
}

/// S2-182: a contract that would cause it is refused at run time too, and nothing is kept.
#[tokio::test]
async fn a_contract_that_would_go_past_the_boundary_does_nothing() {
    let from = "        status: INITIATED\n        expiresAt";
    let to = "        status: VERIFIED_PAID\n        expiresAt";
    let forced = Sales::over(Gate::changed("sales", &[(from, to), ("      initial: INITIATED\n", "")]));
    let id = forced.lead("crm-1").await;
    let before = forced.gate.kept().await;
    let ask = Ask::post(&format!("/api/v1/leads/{id}/payments/initiate"), &payment());
    forced.call(ask).await.refused(500, "INTERNAL_ERROR");
    assert_eq!(forced.gate.kept().await, before);
}

/// S2-182: an event that is only told cannot be emitted by an operation.
#[tokio::test]
async fn an_event_that_is_only_told_is_not_caused() {
    let mut files = files("sales");
    let contract = files.0.get_mut("contract.yaml").expect("a contract");
    let text = String::from_utf8(contract.clone()).expect("text");
    let from = "        - type: lead.created\n          data:\n            leadId: =record.leadId\n            externalId: =record.externalId\n            source: =record.source\n            createdAt: =record.createdAt\n";
    let to = "        - type: case.opened\n          data: {leadId: =record.leadId, caseId: =record.leadId, openedAt: =now}\n";
    assert!(text.contains(from));
    *contract = text.replacen(from, to, 1).into_bytes();
    let forced = Sales::over(Gate::of(plan(&files), Arc::new(Memory::new())));
    let before = forced.gate.kept().await;
    let ask = Ask::post("/api/v1/leads", &super::lead("crm-1"));
    forced.call(ask).await.refused(500, "INTERNAL_ERROR");
    assert_eq!(forced.gate.kept().await, before);
}

/// S2-182: the owners of payments and cases tell of them through the publishing door.
#[tokio::test]
async fn owners_tell_of_what_lies_past_the_boundary() {
    let sales = sales();
    let claims =
        json!({ "sub": "cases", "actor_type": "service", "tenant_id": NORTH, "scope": "tenon:publish" });
    let owner = sales.gate.token(claims);
    let tell = async |kind: &str, data: Value| {
        let ask = Ask::post("/_tenon/events", &json!({ "type": kind, "data": data }));
        sales.gate.call(ask.token(&owner)).await
    };
    let lead = "0198f3b1-6a10-7d21-8c33-5b7a1e4f9001";
    let opened = json!({ "leadId": lead, "caseId": lead, "openedAt": "2026-02-16T00:00:00Z" });
    tell("case.opened", opened.clone()).await.expect(202);
    tell("CaseOpened", opened).await.refused(422, "UNPROCESSABLE");
    tell("case.opened", json!({ "leadId": lead })).await.refused(422, "UNPROCESSABLE");
    assert_eq!(
        sales.gate.events().iter().map(|event| event.kind.as_str()).collect::<Vec<_>>(),
        ["case.opened"]
    );
}
