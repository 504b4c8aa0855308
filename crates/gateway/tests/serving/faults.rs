//! The pipeline over a store that fails as disks do: what is sent again is done once, and what is
//! only observed never changes an answer.

use std::sync::Arc;

use serde_json::{Value, json};
use tenon_storage::engines::{Faults, Faulty, Memory};

use crate::harness::{Ask, Gate, NORTH, files, plan};
use crate::sales::{Sales, import};
use crate::swap::{ALL, dispute, snapshot};

fn faulty(pack: &str, seed: u64, faults: Faults) -> (Gate, Arc<Faulty>) {
    let engine = Arc::new(Faulty::new(Arc::new(Memory::new()), seed, Faults::default()));
    let shared: Arc<dyn tenon_storage::Engine> = Arc::<Faulty>::clone(&engine);
    let gate = Gate::of(plan(&files(pack)), shared);
    engine.set(faults);
    (gate, engine)
}

/// S0-90, S0-98: whatever the store does, a refusal is one of the catalogue and says whether to try
/// again; what is tried again until it is answered is done once.
#[tokio::test]
async fn what_is_sent_again_through_every_fault_is_done_once() {
    let faults = Faults {
        read_fails: 50,
        commit_fails_before: 100,
        commit_fails_after: 100,
        conflict: 100,
        ..Faults::default()
    };
    let (mut refused, mut replayed) = (0, 0);
    for seed in 0..8 {
        let (gate, engine) = faulty("swap", seed, faults);
        let partner = gate.somebody("partner", "partner_north", ALL);
        for at in 0..40 {
            let key = format!("k{at}");
            let mut body = dispute();
            body["dispute"]["subject_ref"] = key.as_str().into();
            let taken = snapshot("2026-02-15T10:00:00Z", &[(key.as_str(), 1)]);
            for ask in [Ask::post("/disputes", &body), Ask::post("/inventory/snapshots", &taken)] {
                let ask = ask.key(&key).token(&partner);
                let mut tries = 0;
                let answer = loop {
                    let answer = gate.call(ask.clone()).await;
                    if answer.status == 200 {
                        break answer;
                    }
                    assert_eq!(answer.status, 503, "{}", answer.json());
                    assert_eq!(answer.json()["retryable"], true);
                    assert!(!answer.header("retry-after").is_empty());
                    refused += 1;
                    tries += 1;
                    assert!(tries < 100, "it is answered in the end");
                };
                replayed += i32::from(answer.header("idempotent-replayed") == "true");
            }
        }
        engine.set(Faults::default());
        let mut subjects: Vec<String> = gate
            .records("", "partner_disputes")
            .iter()
            .map(|record| record["subject_ref"].as_str().expect("text").to_owned())
            .collect();
        subjects.sort();
        let mut expected: Vec<String> = (0..40).map(|at| format!("k{at}")).collect();
        expected.sort();
        assert_eq!(subjects, expected, "seed {seed}");
        assert_eq!(gate.records("", "InventorySnapshot").len(), 40, "seed {seed}");
        assert_eq!(gate.records("", "InventoryAsset").len(), 40, "seed {seed}");
        // The chain holds, and has one entry of success for each.
        let done = gate.audit().await.into_iter().filter(|link| link.entry.outcome == "ok").count();
        assert_eq!(done, 80, "seed {seed}");
    }
    assert!(refused > 50 && replayed > 10, "there were faults: {refused} refused, {replayed} replayed");
}

/// S2-177: usage that cannot be written down now does not change the answer of a read, and is
/// written down later.
#[tokio::test]
async fn usage_that_cannot_be_written_now_is_written_later() {
    let (gate, engine) = faulty("sales", 1, Faults::default());
    let sales = Sales::over(gate);
    let id = sales.lead("crm-1").await;
    let ask = || Ask::get(&format!("/api/v1/leads/{id}/status"));
    let usual = sales.call(ask()).await.expect(200);
    sales.gate.settle().await;
    engine.set(Faults { commit_fails_before: 1_000, ..Faults::default() });
    for _ in 0..5 {
        let answer = sales.call(ask()).await;
        let body = answer.expect(200);
        assert_eq!(body["data"], usual["data"]);
        assert_eq!(answer.header("x-ratelimit-limit"), "600");
    }
    engine.set(Faults::default());
    let mut told = None;
    // What met a failing disk is tried again by and by.
    for _ in 0..200 {
        let usage = sales.gate.usage().await;
        told = usage.into_iter().find(|total| total.dimension == "api.request").map(|total| total.quantity);
        if told == Some(6) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(told, Some(6));
}

/// S2-177: a quantity that cannot be worked out is one, and the answer is the same.
#[tokio::test]
async fn a_quantity_that_cannot_be_worked_out_changes_no_answer() {
    let from = "quantity: =request.import.recordCount";
    for to in
        ["quantity: =request.import.nothing.more + 1", "quantity: =request.import.source", "quantity: =-3"]
    {
        let sales = Sales::over(Gate::changed("sales", &[(from, to)]));
        let data: Value = sales.post("/api/v1/leads/imports", &import(), 202).await;
        assert_eq!(data["status"], "ACCEPTED", "{to}");
        let usage = sales.gate.usage().await;
        assert_eq!(usage.len(), 1, "{to}");
        assert_eq!((usage[0].tenant.as_str(), usage[0].quantity), (NORTH, 1), "{to}");
    }
}

/// S2-176: what a refusal would have used is not metered, whatever stage refuses.
#[tokio::test]
async fn refusals_are_not_metered() {
    let sales = Sales::over(Gate::new("sales"));
    let asks = [
        Ask::post("/api/v1/leads", &json!({})),
        Ask::get(&format!("/api/v1/leads/{NORTH}/status")),
        Ask::post(&format!("/api/v1/leads/{NORTH}/qualify"), &crate::sales::qualification()),
        Ask::post(&format!("/api/v1/leads/{NORTH}/payments/initiate"), &crate::sales::payment()),
    ];
    for ask in asks {
        let status = sales.call(ask).await.status;
        assert!((400..500).contains(&status), "{status}");
    }
    assert_eq!(sales.gate.usage().await, []);
}
