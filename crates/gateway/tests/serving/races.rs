//! Many at once: what may be done once is done once, whoever is faster.

use futures_util::future::join_all;
use serde_json::json;

use crate::harness::{Answer, Ask, NORTH};
use crate::sales::{appointment, lead, payment, routing, sales};
use crate::swap::{Swap, connection, snapshot, swap};

/// How many at once.
const MANY: usize = 24;

/// How many answers have a status.
fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

/// S2-147, S2-154, S2-157, S2-160: of many under keys of their own, one is done; the others are
/// duplicates.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_with_one_natural_key_one_is_done() {
    let sales = sales();
    let asks = |path: &str, body: &serde_json::Value| {
        // Bursts of payments are ten at most.
        (0..9).map(|_| sales.ask(Ask::post(path, body))).collect::<Vec<_>>()
    };
    let answers =
        join_all(asks("/api/v1/leads", &lead("crm-1")).into_iter().map(|ask| sales.gate.call(ask))).await;
    assert_eq!((count(&answers, 201), count(&answers, 409)), (1, 8));
    assert_eq!(sales.gate.records(NORTH, "Lead").len(), 1);
    assert_eq!(sales.gate.events().len(), 1);
    let made = answers.iter().find(|answer| answer.status == 201).expect("one").json();
    let id = made["data"]["leadId"].as_str().expect("an id").to_owned();
    sales.post(&format!("/api/v1/leads/{id}/qualify"), &crate::sales::qualification(), 201).await;
    let steps = [
        ("route", "Routing", routing()),
        ("appointments", "Appointment", appointment()),
        ("payments/initiate", "PaymentRecord", payment()),
    ];
    for (step, collection, body) in steps {
        let path = format!("/api/v1/leads/{id}/{step}");
        let answers = join_all(asks(&path, &body).into_iter().map(|ask| sales.gate.call(ask))).await;
        assert_eq!((count(&answers, 201), count(&answers, 409)), (1, 8), "{step}");
        assert_eq!(sales.gate.records(NORTH, collection).len(), 1, "{step}");
    }
    let usage: Vec<(String, u64)> =
        sales.gate.usage().await.into_iter().map(|total| (total.dimension, total.quantity)).collect();
    assert!(usage.iter().all(|(_, quantity)| *quantity == 1), "{usage:?}");
    sales.gate.audit().await;
}

/// S2-156: of many changes held to one version, one is made.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_changes_of_one_version_one_is_made() {
    let sales = sales();
    let id = sales.qualified("crm-1").await;
    let made = sales.post(&format!("/api/v1/leads/{id}/appointments"), &appointment(), 201).await;
    let path = format!("/api/v1/leads/{id}/appointments/{}", made["appointmentId"].as_str().expect("an id"));
    let change = |at: usize| {
        let body = json!({ "appointment": { "location": format!("room {at}") } });
        sales.ask(Ask::new("PATCH", &path).json(&body)).header("if-match", "\"1\"")
    };
    let answers = join_all((0..MANY).map(|at| sales.gate.call(change(at)))).await;
    assert_eq!((count(&answers, 200), count(&answers, 412)), (1, MANY - 1));
}

/// S0-94, S0-96: many who tell of one connection, or of one asset, make one.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_who_tell_of_one_thing_make_one() {
    let Swap { gate, partner, .. } = swap();
    let connect = |at: usize| {
        let ask = Ask::post("/platform-connections", &connection()).key(&format!("k{at}"));
        gate.call(ask.token(&partner))
    };
    let answers = join_all((0..MANY).map(connect)).await;
    let ids: std::collections::BTreeSet<String> = answers
        .iter()
        .map(|answer| answer.expect(200)["connection"]["connection_id"].as_str().expect("an id").to_owned())
        .collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(gate.records("", "PlatformConnection").len(), 1);
    // Captures in a row, told all at once: the last moment wins.
    let record = |at: usize| {
        let quantity = u32::try_from(at).expect("few") + 1;
        let body = snapshot(&format!("2026-02-15T10:{at:02}:00Z"), &[("sword", quantity)]);
        gate.call(Ask::post("/inventory/snapshots", &body).key(&format!("s{at}")).token(&partner))
    };
    let answers = join_all((0..MANY).map(record)).await;
    let mut numbers: Vec<String> = answers
        .iter()
        .map(|answer| answer.expect(200)["snapshot"]["snapshot_id"].as_str().expect("an id").to_owned())
        .collect();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), MANY, "each has a number of its own");
    let seen = gate.call(Ask::get("/inventory/assets").token(&partner)).await.expect(200);
    assert_eq!(seen["assets"].as_array().map(Vec::len), Some(1));
    assert_eq!(seen["assets"][0]["quantity"], MANY);
}
