//! Idempotency keys: a key and its effect are one (S2-179).

use tenon_storage::{Expect, Transaction, conflict};

use crate::fixture::{Fixture, entry, event, key, lead, records, reserved, settled, usage};

/// A call under a key, as the gateway commits it.
fn call(name: &str, id: &str, at_ms: i64) -> Transaction {
    Transaction {
        at_ms,
        expect: vec![Expect::KeyUnused(key(name))],
        idempotency: Some((key(name), settled(id, at_ms + 500))),
        ..records(vec![lead("t1", id, 0, id)])
    }
}

pub fn unused_until_it_is_written(fixture: &mut Fixture) {
    assert_eq!(fixture.key(&key("k")), None);
    fixture.done(call("k", "a", 1_000));
    fixture.reopen();
    assert_eq!(fixture.key(&key("k")), Some(settled("a", 1_500)));
    // S2-179: the second call has no effect, and the reply of the first is there to be sent again.
    assert_eq!(fixture.refused(call("k", "b", 1_100)), conflict::IDEMPOTENCY_KEY);
    assert_eq!(fixture.record("t1", "b"), None);
    let elsewhere = |change: fn(&mut tenon_storage::IdempotencyKey)| {
        let mut other = key("k");
        change(&mut other);
        other
    };
    for other in [
        elsewhere(|key| key.scope = "t2/a1".into()),
        elsewhere(|key| key.operation = "leads.update".into()),
        elsewhere(|key| key.key = "K".into()),
    ] {
        assert_eq!(fixture.key(&other), None, "{other:?}");
        fixture.done(Transaction { expect: vec![Expect::KeyUnused(other)], ..Transaction::default() });
    }
    // Two calls under one key that wait for the same commit: the first has it.
    let group = [call("twice", "c", 1_000), call("twice", "d", 1_000)];
    let done: Vec<bool> = fixture.engine.commit(&group).iter().map(Result::is_ok).collect();
    assert_eq!(done, [true, false]);
}

pub fn count_no_more_when_they_run_out(fixture: &mut Fixture) {
    fixture.done(call("k", "a", 1_000));
    assert_eq!(fixture.refused(call("k", "b", 1_499)), conflict::IDEMPOTENCY_KEY);
    fixture.done(call("k", "b", 1_500));
    assert_eq!(fixture.key(&key("k")), Some(settled_at("b", 1_500)));
}

fn settled_at(body: &str, at_ms: i64) -> tenon_storage::IdempotencyRecord {
    settled(body, at_ms + 500)
}

pub fn are_burnt_by_no_failure(fixture: &mut Fixture) {
    fixture.done(records(vec![lead("t1", "a", 0, "one")]));
    // The key is written, but the record it belongs to is in conflict.
    assert_eq!(fixture.refused(call("k", "a", 1_000)), conflict::RECORD);
    assert_eq!(fixture.key(&key("k")), None);
    fixture.done(call("k", "b", 1_000));
}

pub fn reserved_then_settled(fixture: &mut Fixture) {
    let reserve = |by: &str| Transaction {
        at_ms: 1_000,
        expect: vec![Expect::KeyUnused(key("k"))],
        idempotency: Some((key("k"), reserved(by, 9_000))),
        ..Transaction::default()
    };
    let settle = |by: &str| Transaction {
        at_ms: 1_200,
        expect: vec![Expect::KeyReserved { key: key("k"), reservation: by.into() }],
        idempotency: Some((key("k"), settled("done", 9_000))),
        ..Transaction::default()
    };
    assert_eq!(fixture.refused(settle("r1")), conflict::IDEMPOTENCY_KEY);
    fixture.done(reserve("r1"));
    fixture.reopen();
    assert_eq!(fixture.key(&key("k")), Some(reserved("r1", 9_000)));
    assert_eq!(fixture.refused(reserve("r2")), conflict::IDEMPOTENCY_KEY);
    assert_eq!(fixture.refused(settle("r2")), conflict::IDEMPOTENCY_KEY);
    fixture.done(settle("r1"));
    assert_eq!(fixture.key(&key("k")), Some(settled("done", 9_000)));
    assert_eq!(fixture.refused(settle("r1")), conflict::IDEMPOTENCY_KEY);
}

pub fn released_only_while_reserved(fixture: &mut Fixture) {
    let write = |record| Transaction { idempotency: Some((key("k"), record)), ..Transaction::default() };
    let release = || Transaction { release: Some(key("k")), ..Transaction::default() };
    fixture.done(release());
    fixture.done(write(reserved("r1", 9_000)));
    fixture.done(release());
    assert_eq!(fixture.key(&key("k")), None);
    fixture.done(write(settled("done", 9_000)));
    fixture.done(release());
    assert_eq!(fixture.key(&key("k")), Some(settled("done", 9_000)));
}

/// S2-179: a client that sends again until it is answered has its effect once, whatever the store
/// says or fails to say meanwhile.
pub fn sent_again_through_every_fault_are_done_once(fixture: &mut Fixture) {
    use std::sync::Arc;
    use tenon_storage::engines::{Faults, Faulty};
    use tenon_storage::{CommitError, Engine as _};
    let faults =
        Faults { commit_fails_before: 200, commit_fails_after: 200, conflict: 200, ..Faults::default() };
    let faulty = Faulty::new(Arc::clone(&fixture.engine), 11, faults);
    let mut sent_again = 0;
    for n in 0..60 {
        let name = format!("call-{n}");
        let call = Transaction {
            usage: vec![usage(&name, 1)],
            audit: vec![entry(&name)],
            events: vec![event(&name, "t1", "x")],
            ..call(&name, &name, 1_000)
        };
        loop {
            match faulty.commit(std::slice::from_ref(&call)).remove(0) {
                Ok(_) | Err(CommitError::Conflict(conflict::IDEMPOTENCY_KEY)) => break,
                Err(_) => sent_again += 1,
            }
        }
        assert_eq!(fixture.body("t1", &name).as_deref(), Some(name.as_str()));
        assert_eq!(fixture.key(&key(&name)), Some(settled(&name, 1_500)));
    }
    assert!(sent_again > 20, "{sent_again}");
    fixture.reopen_after(faulty);
    let names: Vec<String> = fixture.events(0).into_iter().map(|event| event.event.id).collect();
    assert_eq!(names, (0..60).map(|n| format!("call-{n}")).collect::<Vec<_>>());
    let report = tenon_storage::verify_audit(&*fixture.engine).expect("it reads");
    assert_eq!((report.links, report.broken), (60, None));
}
