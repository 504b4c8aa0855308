//! What is removed when it is kept no longer.

use tenon_storage::{DeliveryOutcome, DeliveryState, NewEvent, PruneUntil, Pruned, Transaction};

use crate::fixture::{Fixture, event, events, key, settled, subscription};

fn until(at_ms: i64) -> PruneUntil {
    PruneUntil {
        keys_ms: at_ms,
        delivered_ms: at_ms,
        dead_ms: at_ms,
        events_ms: at_ms,
        streams_ms: at_ms,
        limit: 100,
    }
}

pub fn prunes_what_has_run_out_and_nothing_else(fixture: &mut Fixture) {
    for (name, expires_ms) in [("k1", 1_000), ("k2", 2_000), ("k3", 3_000)] {
        let idempotency = Some((key(name), settled("x", expires_ms)));
        fixture.done(Transaction { idempotency, ..Transaction::default() });
    }
    let at = |id: &str, at_ms| NewEvent { at_ms, ..event(id, "t1", "x") };
    fixture.done(events(vec![at("a", 1_000), at("b", 2_000), at("c", 3_000)]));
    assert_eq!(fixture.engine.prune(&until(999)), Ok(Pruned::default()));
    let first = PruneUntil { limit: 1, ..until(2_000) };
    assert_eq!(fixture.engine.prune(&first), Ok(Pruned { keys: 1, deliveries: 0, events: 1, entries: 0 }));
    assert_eq!(
        fixture.engine.prune(&until(2_000)),
        Ok(Pruned { keys: 1, deliveries: 0, events: 1, entries: 0 })
    );
    assert_eq!(fixture.engine.prune(&until(2_000)), Ok(Pruned::default()));
    fixture.reopen();
    assert_eq!(fixture.key(&key("k2")), None);
    assert!(fixture.key(&key("k3")).is_some());
    let left: Vec<u64> = fixture.events(0).into_iter().map(|event| event.seq).collect();
    assert_eq!(left, [3]);
}

pub fn keeps_events_that_deliveries_need(fixture: &mut Fixture) {
    fixture.done(Transaction {
        subscriptions: vec![subscription("s1", "t1", &["x"])],
        ..events(vec![event("a", "t1", "x"), event("b", "t1", "x"), event("c", "t1", "other")])
    });
    let outcome = |id, state, at_ms| {
        let deliveries = vec![DeliveryOutcome { id, attempts: 1, state, next_ms: 0, last: None }];
        fixture.done(Transaction { at_ms, deliveries, ..Transaction::default() });
    };
    // Nothing is settled: deliveries and their events stay, however old they are.
    assert_eq!(fixture.engine.prune(&until(9_000)), Ok(Pruned::default()));
    outcome(1, DeliveryState::Delivered, 2_000);
    outcome(2, DeliveryState::Dead, 3_000);
    assert_eq!(fixture.engine.prune(&until(1_999)), Ok(Pruned::default()));
    let early = PruneUntil { dead_ms: 2_999, ..until(9_000) };
    assert_eq!(fixture.engine.prune(&early), Ok(Pruned { keys: 0, deliveries: 1, events: 1, entries: 0 }));
    assert_eq!(
        fixture.engine.prune(&until(9_000)),
        Ok(Pruned { keys: 0, deliveries: 1, events: 2, entries: 0 })
    );
}
