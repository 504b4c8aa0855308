//! The three events: published, delivered at least once, read again from a point.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Swap, swap};
use crate::harness::{Ask, Gate};

fn payloads() -> [(&'static str, Value); 3] {
    [
        (
            "proposal.cancelled",
            json!({ "proposal_id": "p1", "cycle_id": "c1", "reason_code": "declined",
                "cancelled_at": "2026-02-15T10:00:00Z" }),
        ),
        (
            "cycle.failed",
            json!({ "cycle_id": "c1", "from_state": "matched", "reason_code": "timeout",
                "failed_at": "2026-02-15T10:00:00Z" }),
        ),
        (
            "user.reliability_changed",
            json!({ "user_id": "u1", "from_tier": "gold", "to_tier": "silver", "reason_code": "late",
                "changed_at": "2026-02-15T10:00:00Z" }),
        ),
    ]
}

fn publisher(gate: &Gate) -> String {
    gate.somebody("service", "engine", "tenon:publish")
}

async fn publish(gate: &Gate, kind: &str, data: &Value) -> crate::harness::Answer {
    let ask = Ask::post("/_tenon/events", &json!({ "type": kind, "data": data })).token(&publisher(gate));
    gate.call(ask).await
}

async fn read(gate: &Gate, token: &str, query: &str) -> Value {
    gate.call(Ask::get(&format!("/_tenon/events{query}")).token(token)).await.expect(200)
}

/// S0-100: published events are read by anyone, again and again, each with an id of its own.
#[tokio::test]
async fn events_are_delivered_at_least_once_with_an_id() {
    let Swap { gate, user, .. } = swap();
    let mut told = BTreeSet::new();
    for (kind, data) in payloads() {
        let answer = publish(&gate, kind, &data).await.expect(202);
        told.insert(answer["event_id"].as_str().expect("an id").to_owned());
    }
    assert_eq!(told.len(), 3);
    let first = read(&gate, &user, "").await;
    let second = read(&gate, &user, "").await;
    let items = first["items"].as_array().expect("a list");
    assert_eq!(items, second["items"].as_array().expect("a list"), "the same event is the same envelope");
    let mut seen = BTreeSet::new();
    // A consumer that remembers ids counts each once, however often it comes.
    let twice = items.iter().chain(second["items"].as_array().expect("a list"));
    let new = twice.filter(|item| seen.insert(item["data"]["event_id"].to_string())).count();
    assert_eq!(new, 3);
    for (item, (kind, data)) in items.iter().zip(payloads()) {
        assert_eq!(item["specversion"], "1.0");
        assert_eq!(item["type"], kind);
        assert_eq!(item["id"], item["data"]["event_id"]);
        assert_eq!(item["data"]["payload"], data);
        assert_eq!(item["data"]["type"], kind);
        assert_eq!(item["data"]["actor"], json!({ "type": "service", "id": "engine" }));
        assert_eq!(item["data"]["occurred_at"], "2026-02-16T00:00:00.000Z");
        assert!(item["data"]["correlation_id"].is_string());
    }
}

/// S0-101: a payload without one of its minimum fields is refused, and nothing is sent.
#[tokio::test]
async fn payloads_without_a_minimum_field_are_refused() {
    let Swap { gate, user, .. } = swap();
    for (kind, data) in payloads() {
        for field in data.as_object().expect("an object").keys() {
            let mut less = data.clone();
            less.as_object_mut().expect("an object").remove(field);
            let body = publish(&gate, kind, &less).await.refused(422, "event_invalid");
            assert!(body["errors"].to_string().contains(field), "{body}");
            let mut null = data.clone();
            null[field] = Value::Null;
            publish(&gate, kind, &null).await.refused(422, "event_invalid");
        }
        let mut more = data.clone();
        more["unheard_of"] = 1.into();
        publish(&gate, kind, &more).await.refused(422, "event_invalid");
    }
    publish(&gate, "cycle.started", &json!({})).await.refused(422, "event_invalid");
    assert_eq!(gate.events().len(), 0);
    // Only who may publish does, and what is sent must be JSON.
    let ask = Ask::post("/_tenon/events", &json!({ "type": "cycle.failed" }));
    gate.call(ask.clone().token(&user)).await.refused(403, "scope_missing");
    gate.call(ask.clone()).await.refused(401, "unauthenticated");
    gate.call(ask.bytes("{").token(&publisher(&gate))).await.refused(400, "body_malformed");
}

/// S0-102: reading goes on after any event, and nothing but the cursor orders them.
#[tokio::test]
async fn reading_goes_on_after_any_event() {
    let Swap { gate, user, .. } = swap();
    let mut cursors = vec!["0".to_owned()];
    for at in 0..9 {
        let (kind, data) = &payloads()[at % 3];
        let answer = publish(&gate, kind, data).await.expect(202);
        cursors.push(answer["cursor"].as_str().expect("a cursor").to_owned());
    }
    let all = read(&gate, &user, "").await["items"].as_array().expect("a list").clone();
    assert_eq!(all.len(), 9);
    for (at, cursor) in cursors.iter().enumerate() {
        let rest = read(&gate, &user, &format!("?after={cursor}")).await;
        assert_eq!(rest["items"].as_array().expect("a list"), &all[at..], "after {cursor}");
        let ask = Ask::get("/_tenon/events").token(&user).header("last-event-id", cursor);
        let rest = gate.call(ask).await.expect(200);
        assert_eq!(rest["items"].as_array().expect("a list"), &all[at..], "after {cursor}");
    }
    // In pages, nothing is lost and nothing comes twice.
    let (mut after, mut paged) = ("0".to_owned(), Vec::new());
    loop {
        let page = read(&gate, &user, &format!("?after={after}&limit=2")).await;
        let items = page["items"].as_array().expect("a list");
        if items.is_empty() {
            break;
        }
        paged.extend(items.iter().cloned());
        after = page["next_cursor"].as_str().expect("a cursor").to_owned();
    }
    assert_eq!(paged, all);
    let some = read(&gate, &user, "?types=cycle.failed").await;
    assert_eq!(some["items"].as_array().expect("a list").len(), 3);
    gate.call(Ask::get("/_tenon/events?after=x").token(&user)).await.refused(400, "cursor_invalid");
    gate.call(Ask::get("/_tenon/events")).await.refused(401, "unauthenticated");
}
