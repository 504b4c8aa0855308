//! Idempotency keys.

use serde_json::json;

use super::{ALL, Swap, asks, connection, dispute, snapshot, swap};
use crate::harness::Ask;

fn mutations() -> impl Iterator<Item = (&'static str, Ask)> {
    asks().into_iter().filter(|(_, _, ask)| ask.method == "POST").map(|(operation, _, ask)| (operation, ask))
}

/// S0-89: without a key, a change is refused, and nothing is done.
#[tokio::test]
async fn changes_without_a_key_are_refused() {
    let Swap { gate, partner, .. } = swap();
    let before = gate.kept().await;
    for (operation, ask) in mutations() {
        let ask = ask.token(&partner);
        for _ in 0..3 {
            let body = gate
                .call(ask.clone().without("idempotency-key"))
                .await
                .refused(400, "idempotency_key_missing");
            assert_eq!(body["errors"][0]["field"], "Idempotency-Key", "{operation}");
        }
        gate.call(ask.clone().key("  ")).await.refused(400, "idempotency_key_missing");
        for bad in ["\"", "\"open", "\"\"", "a b", "\"a\"b", &"k".repeat(256)] {
            gate.call(ask.clone().key(bad)).await.refused(400, "idempotency_key_invalid");
        }
    }
    assert_eq!(gate.kept().await, before);
    // Reads need none, and do not look at one.
    gate.call(Ask::get("/platform-connections").token(&partner).key("\"")).await.expect(200);
}

/// S0-90: the same again gets the same answer, and is done once.
#[tokio::test]
async fn the_same_again_gets_the_stored_answer() {
    let Swap { gate, partner, .. } = swap();
    for (operation, ask) in mutations() {
        let ask = ask.token(&partner);
        let first = gate.call(ask.clone()).await;
        first.expect(200);
        assert_eq!(first.header("idempotent-replayed"), "");
        let kept = gate.kept().await;
        gate.clock.forward(1_000);
        // Members in another order, other spaces, quotes round the key: still the same request.
        let spaced = String::from_utf8(ask.body.clone()).expect("text").replace("\":", "\" : ");
        let key = ask.headers.iter().find(|(name, _)| name == "idempotency-key").expect("a key");
        let quoted = format!("\"{}\"", String::from_utf8_lossy(&key.1));
        for again in [ask.clone(), ask.clone().bytes(spaced), ask.clone().key(&quoted)] {
            let replay = gate.call(again.header("x-correlation-id", "other")).await;
            assert_eq!(replay.status, first.status, "{operation}");
            assert_eq!(replay.bytes, first.bytes, "{operation}");
            assert_eq!(replay.header("idempotent-replayed"), "true", "{operation}");
            assert_eq!(replay.header("x-correlation-id"), "other", "{operation}");
            assert_eq!(replay.header("etag"), first.header("etag"), "{operation}");
        }
        assert_eq!(gate.kept().await, kept, "{operation} is done once");
    }
}

/// S0-91: another body under a key is refused with both hashes, and nothing is done.
#[tokio::test]
async fn another_body_under_a_key_is_refused() {
    let Swap { gate, partner, .. } = swap();
    gate.call(Ask::post("/disputes", &dispute()).key("k").token(&partner)).await.expect(200);
    let before = gate.kept().await;
    let mut other = dispute();
    other["dispute"]["severity"] = "high".into();
    let ask = Ask::post("/disputes", &other).key("k").token(&partner);
    for _ in 0..3 {
        let body = gate.call(ask.clone()).await.refused(409, "idempotency_key_reused");
        let hashes: Vec<&str> =
            (0..2).map(|at| body["errors"][at]["reason"].as_str().expect("a hash")).collect();
        assert!(hashes.iter().all(|hash| hash.len() == 64) && hashes[0] != hashes[1], "{body}");
    }
    assert_eq!(gate.kept().await, before);
    // What fails is not remembered: a key is not burnt by it.
    let bad = json!({ "dispute": {} });
    let ask = Ask::post("/disputes", &bad).key("k2").token(&partner);
    gate.call(ask).await.refused(400, "dispute_facade_invalid");
    gate.call(Ask::post("/disputes", &other).key("k2").token(&partner)).await.expect(200);
}

/// S0-92: keys are apart by actor, and by operation.
#[tokio::test]
async fn keys_are_apart_by_actor_and_operation() {
    let Swap { gate, partner, other, user } = swap();
    let dispute = || Ask::post("/disputes", &dispute()).key("one");
    let first = gate.call(dispute().token(&partner)).await.expect(200);
    let second = gate.call(dispute().token(&other)).await.expect(200);
    assert_ne!(first["dispute"]["dispute_id"], second["dispute"]["dispute_id"]);
    assert_eq!(gate.records("", "partner_disputes").len(), 2);
    let connect = || Ask::post("/platform-connections", &connection()).key("one");
    gate.call(connect().token(&partner)).await.expect(200);
    gate.call(connect().token(&user)).await.expect(200);
    // An actor of another type is another actor, whatever its id.
    let same_id = gate.somebody("user", "partner_north", ALL);
    let answer = gate.call(connect().token(&same_id)).await;
    answer.expect(200);
    assert_eq!(answer.header("idempotent-replayed"), "");
    let snap = snapshot("2026-02-15T10:00:00Z", &[("a", 1)]);
    gate.call(Ask::post("/inventory/snapshots", &snap).key("one").token(&partner)).await.expect(200);
}

/// S0-90: a key counts for a day.
#[tokio::test]
async fn a_key_counts_for_a_day() {
    let Swap { gate, .. } = swap();
    let ask = |gate: &crate::harness::Gate| {
        let token = gate.somebody("partner", "partner_north", ALL);
        Ask::post("/disputes", &dispute()).key("k").token(&token)
    };
    gate.call(ask(&gate)).await.expect(200);
    gate.clock.forward(86_399_999);
    assert_eq!(gate.call(ask(&gate)).await.header("idempotent-replayed"), "true");
    gate.clock.forward(1);
    let again = gate.call(ask(&gate)).await;
    again.expect(200);
    assert_eq!(again.header("idempotent-replayed"), "");
    assert_eq!(gate.records("", "partner_disputes").len(), 2);
}

/// S0-90: of many at once, one is done and all get its answer.
#[tokio::test]
async fn of_many_at_once_one_is_done() {
    let Swap { gate, partner, .. } = swap();
    let ask = Ask::post("/disputes", &dispute()).key("k").token(&partner);
    let answers = futures_util::future::join_all((0..32).map(|_| gate.call(ask.clone()))).await;
    let first = answers[0].expect(200);
    assert!(answers.iter().all(|answer| answer.expect(200) == first));
    let replays = answers.iter().filter(|answer| answer.header("idempotent-replayed") == "true").count();
    assert_eq!(replays, 31);
    assert_eq!(gate.records("", "partner_disputes").len(), 1);
}
