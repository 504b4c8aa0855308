//! Tenants never meet: every operation of `sales`, and every way into the gateway's own surface,
//! tried by each tenant with the ids of the other.

use serde_json::{Value, json};

use crate::harness::{Answer, Ask, NORTH, SOUTH};
use crate::sales::{Ids, Sales, operations, sales};

/// Ids that nobody has.
const NOBODYS: &str = "0198f3b1-6a10-7d21-8c33-5b7a1e4fffff";

/// Everything each tenant can make, made by the system of the north.
async fn filled(sales: &Sales) -> Ids {
    let mut ids = Ids::default();
    for (_, status, _, ask) in operations() {
        let body = sales.call(ids.fill(ask)).await.expect(status);
        ids.learn(&body);
    }
    ids
}

/// An answer without what differs between any two: ids of requests, and the ids asked for.
fn bare(answer: &Answer, ids: &Ids) -> (u16, String) {
    let mut body = answer.json();
    for pointer in ["/meta/requestId", "/instance", "/correlation_id"] {
        if let Some(slot) = body.pointer_mut(pointer) {
            *slot = Value::Null;
        }
    }
    let mut text = body.to_string();
    for id in [&ids.lead, &ids.appointment, &ids.subscription] {
        text = text.replace(id.as_str(), "ID");
    }
    (answer.status, text)
}

/// S2-174: every operation that names a record answers another tenant as if there were none, and
/// changes nothing.
#[tokio::test]
async fn records_of_another_tenant_are_not_there() {
    let sales = sales();
    let ids = filled(&sales).await;
    let nobody =
        Ids { lead: NOBODYS.to_owned(), appointment: NOBODYS.to_owned(), subscription: NOBODYS.to_owned() };
    let before = sales.gate.kept().await;
    let mut tried = 0;
    for (operation, _, _, ask) in operations() {
        if !["LEAD", "SUBSCRIPTION"].iter().any(|name| ask.path.contains(name)) {
            continue;
        }
        let theirs = sales.gate.call(sales.south(ids.fill(ask.clone()))).await;
        let absent = sales.gate.call(sales.south(nobody.fill(ask.clone()))).await;
        assert_eq!(bare(&theirs, &ids), bare(&absent, &nobody), "{operation}");
        assert!(matches!(theirs.status, 403 | 404), "{operation}: {}", theirs.status);
        for (name, _) in &theirs.headers {
            assert!(absent.headers.contains_key(name), "{operation}: {name} tells");
        }
        tried += 1;
    }
    assert_eq!(tried, 7);
    assert_eq!(sales.gate.kept().await, before);
    // Records of the south that name those of the north are not made either.
    let own = sales.gate.call(sales.south(Ask::post("/api/v1/leads", &crate::sales::lead("crm-1")))).await;
    let mut mixed = ids.clone();
    mixed.lead = own.expect(201)["data"]["leadId"].as_str().expect("an id").to_owned();
    let change = operations().into_iter().find(|(operation, ..)| *operation == "appointments.update");
    let (_, _, _, change) = change.expect("the operation");
    sales.gate.call(sales.south(mixed.fill(change))).await.refused(404, "NOT_FOUND");
}

/// S2-136, S2-174: no header, and no claim of another, opens a tenant.
#[tokio::test]
async fn no_header_opens_another_tenant() {
    let sales = sales();
    let ids = filled(&sales).await;
    let before = sales.gate.kept().await;
    for (operation, _, _, ask) in operations() {
        let ask = sales.south(ids.fill(ask));
        let forged = [
            ask.clone().header("x-tenant-id", NORTH),
            ask.clone().header("x-tenant-id", &format!("{SOUTH},{NORTH}")),
            ask.clone().header("x-tenant-id", &NORTH.to_uppercase()),
            ask.clone().header("x-tenant-id", &format!(" {NORTH} ")),
        ];
        for ask in forged {
            let answer = sales.gate.call(ask).await;
            assert_eq!(answer.refusal(), (403, "TENANT_MISMATCH".to_owned()), "{operation}");
        }
        // Two fields of the name: whichever counts, the other must not win.
        let mut twice = ask.clone();
        twice.headers.push(("x-tenant-id".to_owned(), NORTH.as_bytes().to_vec()));
        let status = sales.gate.call(twice).await.status;
        assert!(matches!(status, 400 | 403 | 404 | 429), "{operation}: {status}");
    }
    assert_eq!(sales.gate.records(NORTH, "Lead").len(), 1);
    assert_eq!(sales.gate.kept().await, before);
}

/// S2-146, S2-174: what one tenant did under a key is not told to another.
#[tokio::test]
async fn stored_answers_are_not_told_to_another_tenant() {
    let sales = sales();
    let ask = || Ask::post("/api/v1/leads", &crate::sales::lead("crm-1"));
    let key = "5f0c2b1a-7d3e-4c9b-8a6f-1e2d3c4b5a69";
    let north = sales.gate.call(sales.ask(ask()).header("x-idempotency-key", key)).await;
    let south = sales.gate.call(sales.south(ask()).header("x-idempotency-key", key)).await;
    assert_ne!(north.expect(201)["data"]["leadId"], south.expect(201)["data"]["leadId"]);
    // The same natural key is free in each tenant, and a duplicate in neither.
    assert_eq!(sales.gate.records(NORTH, "Lead").len(), 1);
    assert_eq!(sales.gate.records(SOUTH, "Lead").len(), 1);
}

/// S2-174: the gateway's own surface tells a tenant of itself alone.
#[tokio::test]
async fn the_surface_tells_a_tenant_of_itself_alone() {
    let sales = sales();
    let ids = filled(&sales).await;
    let all = "tenon:usage tenon:consents tenon:webhooks tenon:publish tenon:tokens tenon:audit";
    let claims = json!({ "sub": "x", "actor_type": "user", "tenant_id": SOUTH, "scope": all });
    let south = sales.gate.token(claims);
    let nobodys = sales.gate.token(json!({ "sub": "y", "actor_type": "user", "scope": all }));
    let before = sales.gate.kept().await;
    let reads = [
        "/_tenon/events".to_owned(),
        "/_tenon/events?types=lead.created".to_owned(),
        "/_tenon/usage".to_owned(),
        format!("/_tenon/usage?tenant={NORTH}"),
        format!("/_tenon/consents?subject={}", ids.lead),
        format!("/_tenon/consents?subject={}&tenant={NORTH}", ids.lead),
        "/_tenon/webhooks".to_owned(),
        "/_tenon/webhooks/deliveries".to_owned(),
        "/_tenon/webhooks/dead".to_owned(),
    ];
    for path in &reads {
        for token in [&south, &nobodys] {
            let body = sales.gate.call(Ask::get(path).token(token)).await.expect(200);
            assert_eq!(body["items"], json!([]), "{path}");
        }
    }
    for path in ["/_tenon/webhooks", "/_tenon/webhooks/deliveries"] {
        let ask = Ask::get(&format!("{path}?tenant={NORTH}")).token(&south);
        let answer = sales.gate.call(ask).await;
        assert!(answer.status == 403 || answer.json()["items"] == json!([]), "{path}");
    }
    for action in ["rotate", "drop-older", "enable", "test"] {
        let path = format!("/_tenon/webhooks/subscriptions/{}/{action}", ids.subscription);
        let answer = sales.gate.call(Ask::new("POST", &path).token(&south)).await;
        assert_eq!(answer.refusal(), (404, "NOT_FOUND".to_owned()), "{action}");
    }
    for delivery in 1..8 {
        let path = format!("/_tenon/webhooks/deliveries/{delivery}/replay");
        sales.gate.call(Ask::new("POST", &path).token(&south)).await.refused(404, "NOT_FOUND");
    }
    // Events and consent are told of the caller's own tenant, whatever the body says.
    let event = json!({ "type": "case.opened", "tenant": NORTH,
        "data": { "leadId": ids.lead, "caseId": ids.lead, "openedAt": "2026-02-16T00:00:00Z" } });
    sales.gate.call(Ask::post("/_tenon/events", &event).token(&south)).await.refused(403, "TENANT_MISMATCH");
    assert_eq!(sales.gate.kept().await, before);
    let consent =
        json!({ "subject": ids.lead, "scopes": ["communication"], "granted": false, "tenant": NORTH });
    sales.gate.call(Ask::post("/_tenon/consents", &consent).token(&south)).await;
    let mut again = crate::sales::appointment();
    again["appointment"]["scheduledAt"] = "2026-04-01T10:00:00Z".into();
    let ask = Ask::post(&format!("/api/v1/leads/{}/appointments", ids.lead), &again);
    sales.call(ask).await.expect(201);
}
