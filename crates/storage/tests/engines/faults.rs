//! The engine that fails on purpose, and what the store makes of one that fails.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tenon_storage::engines::{Faults, Faulty, Memory};
use tenon_storage::{CommitError, Engine, Found, Read, Store, StoreError, Transaction, UsageQuery, conflict};

use crate::fixture::{entry, event, lead, memory, records, usage};

fn every_fault() -> Faults {
    Faults {
        read_fails: 100,
        commit_fails_before: 150,
        commit_fails_after: 150,
        conflict: 200,
        slow: 100,
        slow_ms: 5,
    }
}

/// What 300 single commits come to: said, and there.
fn outcomes(seed: u64) -> Vec<(Result<(), CommitError>, bool)> {
    let inner: Arc<dyn Engine> = Arc::new(Memory::new());
    let faulty = Faulty::new(Arc::clone(&inner), seed, every_fault()).with_pause(|_| ());
    let one = |n: u32| {
        let id = n.to_string();
        let said = faulty.commit(&[records(vec![lead("t1", &id, 0, "")])]).remove(0).map(|_| ());
        let read = Read::Record { tenant: "t1".into(), collection: "leads".into(), id };
        let found = inner.read(&[read]).expect("it reads").remove(0);
        (said, found != Found::Record(None))
    };
    (0..300).map(one).collect()
}

#[test]
fn faults_are_the_same_for_the_same_seed() {
    assert_eq!(outcomes(7), outcomes(7));
    assert_ne!(outcomes(7), outcomes(8));
}

#[test]
fn faults_are_of_every_kind_and_say_what_they_did() {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for (said, is_there) in outcomes(7) {
        *seen.entry(format!("{said:?} {is_there}")).or_default() += 1;
        match said {
            Ok(()) => assert!(is_there),
            Err(CommitError::Conflict(what)) => assert!(!is_there && what == conflict::RECORD),
            // After the commit it is there, but where it was in conflict as well.
            Err(CommitError::Store(StoreError::Engine(why))) => assert!(why.contains("after") || !is_there),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(seen.len(), 5, "{seen:?}");
    assert!(seen.values().all(|count| *count > 5), "{seen:?}");
}

#[test]
fn faults_make_reads_fail_and_commits_slow_until_they_are_lifted() {
    let waited = Arc::new(AtomicU64::new(0));
    let clock = Arc::clone(&waited);
    let always = Faults { read_fails: 1_000, slow: 1_000, slow_ms: 30, ..Faults::default() };
    let faulty = Faulty::new(Arc::new(Memory::new()), 1, always).with_pause(move |pause: Duration| {
        clock.fetch_add(u64::try_from(pause.as_millis()).expect("it is short"), Ordering::Relaxed);
    });
    assert!(faulty.read(&[]).is_err() && faulty.heads().is_err() && faulty.sequence("t1", "leads").is_err());
    assert!(faulty.due_deliveries(&tenon_storage::DueQuery::all(0, 1)).is_err());
    assert!(faulty.commit(&[Transaction::default()]).remove(0).is_ok());
    assert_eq!((waited.load(Ordering::Relaxed), faulty.injected()), (30, 5));
    faulty.set(Faults::default());
    assert!(faulty.read(&[]).is_ok() && faulty.commit(&[Transaction::default()]).remove(0).is_ok());
    assert_eq!((waited.load(Ordering::Relaxed), faulty.injected()), (30, 5));
}

#[test]
fn made_up_conflicts_leave_the_others_in_their_places() {
    let half = Faults { conflict: 500, ..Faults::default() };
    let fixture = memory();
    let faulty = Faulty::new(Arc::clone(&fixture.engine), 3, half);
    let group: Vec<Transaction> = (0..50)
        .map(|n: u32| Transaction {
            events: vec![event(&n.to_string(), "t1", "x")],
            ..Transaction::default()
        })
        .collect();
    let results = faulty.commit(&group);
    let kept: Vec<String> = (0..50_usize).filter(|n| results[*n].is_ok()).map(|n| n.to_string()).collect();
    let there: Vec<String> = fixture.events(0).into_iter().map(|event| event.event.id).collect();
    assert_eq!(kept, there);
    assert!((10..40).contains(&kept.len()), "{}", kept.len());
}

/// S2-177: while the store fails, usage and audit that nobody waits for are kept, and committed when
/// it works again.
#[test]
fn enqueued_outlives_a_failing_engine() {
    let inner: Arc<dyn Engine> = Arc::new(Memory::new());
    let down = Faults { commit_fails_before: 1_000, ..Faults::default() };
    let faulty = Arc::new(Faulty::new(Arc::clone(&inner), 1, down));
    let store = Store::new(Arc::clone(&faulty) as Arc<dyn Engine>).expect("it opens");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("it starts");
    for n in 0..20 {
        let id = n.to_string();
        store.enqueue(Transaction {
            usage: vec![usage(&id, 1)],
            audit: vec![entry(&id)],
            ..Transaction::default()
        });
    }
    let waited_for = runtime.block_on(store.commit(records(vec![lead("t1", "a", 0, "")])));
    assert!(matches!(waited_for, Err(CommitError::Store(StoreError::Engine(_)))), "{waited_for:?}");
    assert_eq!(inner.heads().expect("it reads").audit_seq, 0);
    faulty.set(Faults::default());
    runtime.block_on(store.commit(records(vec![lead("t1", "a", 0, "")]))).expect("it works again");
    runtime.block_on(store.close());
    assert_eq!((store.dropped(), inner.heads().expect("it reads").audit_seq), (0, 20));
    let query = UsageQuery { until_ms: i64::MAX, ..UsageQuery::default() };
    let found = inner.read(&[Read::Usage(query)]).expect("it reads").remove(0);
    assert!(matches!(found, Found::Usage(totals) if totals[0].quantity == 20));
}

#[test]
fn a_store_that_fails_for_good_closes_and_counts_what_it_lost() {
    let down = Faults { commit_fails_before: 1_000, ..Faults::default() };
    let faulty = Faulty::new(Arc::new(Memory::new()), 1, down);
    let store = Store::new(Arc::new(faulty)).expect("it opens");
    for _ in 0..5 {
        store.enqueue(Transaction { audit: vec![entry("x")], ..Transaction::default() });
    }
    tokio::runtime::Builder::new_current_thread().build().expect("it starts").block_on(store.close());
    assert_eq!(store.dropped(), 5);
}

/// An engine that stands still until it is let go.
#[derive(Debug)]
struct Stuck(Memory, parking_lot::RwLock<()>);

impl Engine for Stuck {
    fn describe(&self) -> String {
        self.0.describe()
    }
    fn read(&self, reads: &[Read]) -> Result<Vec<Found>, StoreError> {
        self.0.read(reads)
    }
    fn commit(&self, group: &[Transaction]) -> Vec<Result<tenon_storage::Receipt, CommitError>> {
        let _wait = self.1.read();
        self.0.commit(group)
    }
    fn heads(&self) -> Result<tenon_storage::Heads, StoreError> {
        self.0.heads()
    }
    fn sequence(&self, tenant: &str, collection: &str) -> Result<u64, StoreError> {
        self.0.sequence(tenant, collection)
    }
    fn due_deliveries(
        &self,
        query: &tenon_storage::DueQuery,
    ) -> Result<Vec<tenon_storage::Delivery>, StoreError> {
        self.0.due_deliveries(query)
    }
    fn prune(&self, until: &tenon_storage::PruneUntil) -> Result<tenon_storage::Pruned, StoreError> {
        self.0.prune(until)
    }
    fn backup(&self, to: &std::path::Path) -> Result<(), StoreError> {
        self.0.backup(to)
    }
}

#[test]
fn too_many_are_refused_and_the_others_committed() {
    use tenon_storage::limits::{COMMIT_GROUP_MAX, COMMITS_WAITING_MAX, ENQUEUED_WAITING_MAX};
    let engine = Arc::new(Stuck(Memory::new(), parking_lot::RwLock::new(())));
    let store = Store::new(Arc::clone(&engine) as Arc<dyn Engine>).expect("it opens");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("it starts");
    let stop = engine.1.write();
    let audit = || Transaction { audit: vec![entry("x")], ..Transaction::default() };
    for _ in 0..=ENQUEUED_WAITING_MAX {
        store.enqueue(audit());
    }
    assert_eq!(store.dropped(), 1, "what nobody waits for has a quarter of the room");
    let many = COMMITS_WAITING_MAX + COMMIT_GROUP_MAX;
    let waiting: Vec<_> = (0..many).map(|_| store.commit(audit())).collect();
    let is_refused = |error: &CommitError| *error == CommitError::Store(StoreError::Overloaded);
    drop(stop);
    let results: Vec<_> = waiting.into_iter().map(|one| runtime.block_on(one)).collect();
    let refused = results.iter().filter(|result| result.as_ref().is_err_and(is_refused)).count();
    let done = results.iter().filter(|result| result.is_ok()).count();
    assert_eq!(refused + done, many);
    assert!(refused >= ENQUEUED_WAITING_MAX - COMMIT_GROUP_MAX, "{refused}");
    runtime.block_on(store.close());
    let there = engine.heads().expect("it reads").audit_seq;
    assert_eq!(there, u64::try_from(done + ENQUEUED_WAITING_MAX).expect("it is few"));
}
