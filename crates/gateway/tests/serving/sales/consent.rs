//! Consent: looked at before anything is done.

use serde_json::{Value, json};

use super::{Sales, appointment, import, lead, payment, sales};
use crate::harness::{Ask, NORTH, SOUTH};

async fn say(sales: &Sales, tenant: &str, subject: &str, scope: &str, granted: bool) {
    let claims =
        json!({ "sub": "officer", "actor_type": "user", "tenant_id": tenant, "scope": "tenon:consents" });
    let body = json!({ "subject": subject, "scopes": [scope], "granted": granted, "evidence": "letter" });
    let ask = Ask::post("/_tenon/consents", &body).token(&sales.gate.token(claims));
    sales.gate.call(ask).await.expect(201);
}

/// A lead whose consent is for marketing alone.
async fn shy(sales: &Sales) -> String {
    let mut body = lead("crm-1");
    body["lead"].as_object_mut().expect("an object").remove("phone");
    body["consent"]["scope"] = "marketing".into();
    let data = sales.post("/api/v1/leads", &body, 201).await;
    data["leadId"].as_str().expect("an id").to_owned()
}

/// S2-148, S2-149: an address needs consent to marketing, a number to communication; without it no
/// lead is made.
#[tokio::test]
async fn what_a_lead_brings_needs_its_consent() {
    let sales = sales();
    let before = sales.gate.kept().await;
    let cases: [(&[&str], Value, &[&str]); 5] = [
        (&["email"], json!(["communication"]), &["marketing"]),
        (&["phone"], json!(["marketing"]), &["communication"]),
        (&["email", "phone"], json!("voice"), &["marketing", "communication"]),
        (&["email", "phone"], json!(["marketing"]), &["communication"]),
        (&["email"], json!("payment"), &["marketing"]),
    ];
    for (brings, scope, missing) in cases {
        let mut body = lead("crm-1");
        for name in ["email", "phone"] {
            if !brings.contains(&name) {
                body["lead"].as_object_mut().expect("an object").remove(name);
            }
        }
        body["consent"]["scope"] = scope;
        let told = sales.call(Ask::post("/api/v1/leads", &body)).await.refused(403, "CONSENT_DENIED");
        let fields: Vec<&str> = told["error"]["details"]
            .as_array()
            .expect("details")
            .iter()
            .map(|detail| detail["field"].as_str().expect("a field"))
            .collect();
        assert_eq!(fields, missing);
    }
    assert_eq!(sales.gate.kept().await, before);
    let audit = sales.gate.audit().await;
    assert_eq!(audit.len(), 5);
    let detail = audit[0].entry.detail.as_deref().unwrap_or_default();
    assert!(detail.contains("marketing") && detail.contains("missing"), "every check is audited: {detail}");
    // A lead that brings neither needs none.
    let mut body = lead("crm-2");
    body["lead"] = json!({ "externalId": "crm-2", "source": "event" });
    body["consent"]["scope"] = "voice".into();
    sales.post("/api/v1/leads", &body, 201).await;
    let mut batch = import();
    batch["consent"]["scope"] = json!(["communication"]);
    sales.call(Ask::post("/api/v1/leads/imports", &batch)).await.refused(403, "CONSENT_DENIED");
}

/// S2-157, S2-158, S2-160, S2-161, S2-175: appointments need communication, payments payment; what
/// is denied is not done.
#[tokio::test]
async fn what_is_not_agreed_to_is_not_done() {
    let sales = sales();
    let id = shy(&sales).await;
    let before = sales.gate.kept().await;
    let asks = [
        ("communication", Ask::post(&format!("/api/v1/leads/{id}/appointments"), &appointment())),
        ("payment", Ask::post(&format!("/api/v1/leads/{id}/payments/initiate"), &payment())),
    ];
    for (scope, ask) in &asks {
        let told = sales.call(ask.clone()).await.refused(403, "CONSENT_DENIED");
        assert_eq!(told["error"]["details"][0], json!({ "field": scope, "reason": "consent was not given" }));
    }
    assert_eq!(sales.gate.kept().await, before);
    for (scope, ask) in &asks {
        // What another tenant says of the same person counts for nothing.
        say(&sales, SOUTH, &id, scope, true).await;
        sales.call(ask.clone()).await.refused(403, "CONSENT_DENIED");
        say(&sales, NORTH, &id, scope, true).await;
        sales.call(ask.clone()).await.expect(201);
    }
}

/// S2-175: consent that was withdrawn is no consent, until it is given again.
#[tokio::test]
async fn consent_can_be_withdrawn() {
    let sales = sales();
    let id = sales.qualified("crm-1").await;
    let at = |day: u32| {
        let mut body = appointment();
        body["appointment"]["scheduledAt"] = format!("2026-03-{day:02}T13:00:00Z").into();
        Ask::post(&format!("/api/v1/leads/{id}/appointments"), &body)
    };
    let made = sales.call(at(1)).await.expect(201);
    sales.gate.clock.forward(1);
    say(&sales, NORTH, &id, "communication", false).await;
    let told = sales.call(at(2)).await.refused(403, "CONSENT_DENIED");
    assert_eq!(told["error"]["details"][0]["reason"], "consent was withdrawn");
    let own = made["data"]["appointmentId"].as_str().expect("an id");
    let change = Ask::new("PATCH", &format!("/api/v1/leads/{id}/appointments/{own}"))
        .json(&json!({ "appointment": { "location": "Here" } }));
    sales.call(change.clone()).await.refused(403, "CONSENT_DENIED");
    sales.gate.clock.forward(1);
    say(&sales, NORTH, &id, "communication", true).await;
    sales.call(at(2)).await.expect(201);
    sales.call(change).await.expect(200);
    let last = sales.gate.audit().await.pop().expect("an entry");
    assert_eq!(
        last.entry.detail.as_deref(),
        Some(r#"{"consent":[{"scope":"communication","basis":"granted"}]}"#)
    );
}

/// S2-175: a replay asks nobody: it is the answer of a time when consent was there.
#[tokio::test]
async fn a_replay_is_not_asked_for_consent_again() {
    let sales = sales();
    let id = sales.qualified("crm-1").await;
    let ask = sales.ask(Ask::post(&format!("/api/v1/leads/{id}/appointments"), &appointment()));
    let first = sales.gate.call(ask.clone()).await.expect(201);
    sales.gate.clock.forward(1);
    say(&sales, NORTH, &id, "communication", false).await;
    assert_eq!(sales.gate.call(ask).await.expect(201), first);
}

/// S2-168: only the consent scopes of the pack are recorded.
#[tokio::test]
async fn unknown_consent_scopes_are_refused() {
    let sales = sales();
    let claims = json!({ "sub": "x", "actor_type": "user", "tenant_id": NORTH, "scope": "tenon:consents" });
    let token = sales.gate.token(claims);
    let body = json!({ "subject": "s", "scopes": ["sms"], "granted": true });
    sales
        .gate
        .call(Ask::post("/_tenon/consents", &body).token(&token))
        .await
        .refused(400, "VALIDATION_ERROR");
    let body = json!({ "subject": "s", "scopes": ["voice"], "granted": true });
    sales.gate.call(Ask::post("/_tenon/consents", &body).token(&sales.north)).await.refused(403, "FORBIDDEN");
    sales.gate.call(Ask::post("/_tenon/consents", &body).token(&token)).await.expect(201);
    let seen = sales.gate.call(Ask::get("/_tenon/consents?subject=s").token(&token)).await.expect(200);
    assert_eq!(seen["items"][0]["scope"], "voice");
}
