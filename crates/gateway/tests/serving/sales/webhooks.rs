//! Webhook subscriptions.

use serde_json::json;

use super::{sales, subscription};
use crate::harness::{Ask, NORTH, SOUTH};

const PATH: &str = "/api/v1/webhooks/subscriptions";

/// S2-165, S2-183: HTTPS to a public host alone.
#[tokio::test]
async fn only_public_https_addresses_are_taken() {
    let sales = sales();
    let before = sales.gate.kept().await;
    let urls = [
        "http://crm.example/hooks",
        "HTTP://crm.example/hooks",
        "ftp://crm.example/hooks",
        "https://localhost/hooks",
        "https://127.0.0.1/hooks",
        "https://10.0.0.1/hooks",
        "https://192.168.1.1/hooks",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/hooks",
        "https://[fd00::1]/hooks",
        "https://[::ffff:127.0.0.1]/hooks",
        "https://2130706433/hooks",
        "https://0x7f.1/hooks",
        "https://user:pass@crm.example/hooks",
        "https://intranet/hooks",
        "https:///hooks",
        "hooks",
        "javascript:alert(1)",
        "",
    ];
    for url in urls {
        let mut body = subscription();
        body["subscription"]["url"] = url.into();
        // Ten at once is what the class lets through.
        sales.gate.clock.forward(60_000);
        let told = sales.call(Ask::post(PATH, &body)).await.refused(400, "VALIDATION_ERROR");
        let field = told["error"]["details"][0]["field"].as_str().expect("a field").to_owned();
        assert!(field == "url" || field == "subscription.url", "{url}: {told}");
    }
    assert_eq!(sales.gate.kept().await, before);
}

/// S2-165, S2-167, S2-183: events of the boundary alone, a secret, a name.
#[tokio::test]
async fn only_declared_events_can_be_subscribed_to() {
    let sales = sales();
    let bad = [
        ("events", json!([])),
        ("events", json!(["lead.deleted"])),
        ("events", json!(["lead.created", "lead.created"])),
        ("events", json!(["webhook.test"])),
        ("events", json!(["*"])),
        ("events", json!(["admin.changed"])),
        ("secret", json!("short")),
        ("name", json!("")),
        ("name", json!("x".repeat(256))),
    ];
    for (name, value) in bad {
        let mut body = subscription();
        body["subscription"][name] = value;
        sales.call(Ask::post(PATH, &body)).await.refused(400, "VALIDATION_ERROR");
    }
    assert_eq!(sales.gate.records(NORTH, "WebhookSubscription").len(), 0);
}

/// S2-165, S2-166, S2-167, S2-183: the secret never leaves again; the same again is a duplicate.
#[tokio::test]
async fn the_secret_is_never_shown() {
    let sales = sales();
    let secret = subscription()["subscription"]["secret"].as_str().expect("a secret").to_owned();
    let made = sales.call(Ask::post(PATH, &subscription())).await;
    let body = made.expect(201);
    assert_eq!(body["data"]["status"], "ACTIVE");
    let id = body["data"]["subscriptionId"].as_str().expect("an id").to_owned();
    let test = body["data"]["testEndpoint"].as_str().expect("a path").to_owned();
    assert_eq!(test, format!("/api/v1/webhooks/test/{id}"));
    let mut reversed = subscription();
    reversed["subscription"]["events"] = json!(["case.opened", "lead.created"]);
    let again = sales.call(Ask::post(PATH, &reversed)).await;
    again.refused(409, "DUPLICATE_RECORD");
    let tested = sales.call(Ask::post(&test, &json!({}))).await;
    tested.expect(202);
    let operator = sales.gate.token(json!({
        "sub": "x", "actor_type": "user", "tenant_id": NORTH, "scope": "tenon:webhooks",
    }));
    let mut seen = vec![made, again, tested];
    for path in [
        "/_tenon/webhooks",
        "/_tenon/webhooks/deliveries",
        "/_tenon/webhooks/subscriptions",
        "/_tenon/events",
    ] {
        seen.push(sales.gate.call(Ask::get(path).token(&operator)).await);
    }
    for answer in &seen {
        let text = String::from_utf8_lossy(&answer.bytes);
        assert!(!text.contains(&secret) && !text.contains(&secret[6..]), "{text}");
    }
    // Nor does it lie with the record.
    let records = sales.gate.records(NORTH, "WebhookSubscription");
    assert!(!format!("{records:?}").contains(&secret));
    let audit = format!("{:?}", sales.gate.audit().await);
    assert!(!audit.contains(&secret));
    assert!(
        !sales.gate.events().iter().any(|event| String::from_utf8_lossy(&event.envelope).contains(&secret))
    );
    // S2-167: it cannot be changed: there is no operation that would.
    for method in ["PUT", "PATCH", "DELETE", "GET"] {
        sales.call(Ask::new(method, PATH)).await.refused(405, "METHOD_NOT_ALLOWED");
    }
    sales.gate.call(sales.south(Ask::post(&test, &json!({})))).await.refused(404, "NOT_FOUND");
    assert_eq!(sales.gate.records(SOUTH, "WebhookSubscription").len(), 0);
}
