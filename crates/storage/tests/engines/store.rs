//! The store over each engine: groups, numbers, closing.

use std::future::Future;
use std::sync::Arc;

use tenon_storage::{CommitError, Found, Read, RecordWrite, Store, StoreError, Transaction, verify_audit};

use crate::fixture::{Fixture, entry, event, lead, records, usage};

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("it starts").block_on(future)
}

fn store(fixture: &Fixture) -> Store {
    Store::new(Arc::clone(&fixture.engine)).expect("it opens")
}

/// A whole request of one producer.
fn request(producer: usize, n: usize) -> Transaction {
    let id = format!("{producer}-{n}");
    Transaction {
        usage: vec![usage(&id, 1)],
        audit: vec![entry(&id)],
        events: vec![event(&id, "t1", "lead.created")],
        ..records(vec![lead("t1", &id, 0, &id)])
    }
}

pub fn groups_many_producers(fixture: &mut Fixture) {
    const PRODUCERS: usize = 40;
    const EACH: usize = 25;
    let store = Arc::new(store(fixture));
    run(async {
        let mut producers = Vec::new();
        for producer in 0..PRODUCERS {
            let store = Arc::clone(&store);
            producers.push(tokio::spawn(async move {
                let mut last = 0;
                for n in 0..EACH {
                    let receipt = store.commit(request(producer, n)).await.expect("it commits");
                    assert!(receipt.last_event > last, "numbers of one caller grow");
                    last = receipt.last_event;
                    // Every second caller also meets a conflict, which harms nobody.
                    if producer.is_multiple_of(2) {
                        let again = store.commit(request(producer, n)).await;
                        assert!(matches!(again, Err(CommitError::Conflict(_))), "{again:?}");
                    }
                }
            }));
        }
        for producer in producers {
            producer.await.expect("it ends well");
        }
        store.close().await;
    });
    fixture.reopen_after(store);
    let all = PRODUCERS * EACH;
    let events =
        match fixture.read(Read::Events(tenon_storage::EventQuery { limit: 10_000, ..Default::default() })) {
            Found::Events(events) => events,
            other => panic!("{other:?}"),
        };
    let numbers: Vec<u64> = events.iter().map(|event| event.seq).collect();
    assert_eq!(numbers, (1..=all as u64).collect::<Vec<_>>());
    let report = verify_audit(&*fixture.engine).expect("it reads");
    assert_eq!((report.links, report.broken), (all as u64, None));
    assert_eq!(fixture.body("t1", "39-24").as_deref(), Some("39-24"));
}

pub fn closes_after_what_waits(fixture: &mut Fixture) {
    let store = store(fixture);
    run(async {
        let waiting: Vec<_> = (0..500).map(|n| store.commit(request(0, n))).collect();
        store.enqueue(request(1, 0));
        store.close().await;
        for one in waiting {
            one.await.expect("it is committed before the store closes");
        }
        let late = store.commit(request(2, 0)).await;
        assert_eq!(late, Err(CommitError::Store(StoreError::Closed)));
        store.enqueue(request(3, 0));
        assert_eq!(store.prune(0).await, Err(StoreError::Closed));
        store.close().await;
    });
    assert_eq!(store.dropped(), 1);
    assert!(fixture.record("t1", "1-0").is_some());
    assert!(fixture.record("t1", "2-0").is_none());
}

pub fn gives_each_number_once(fixture: &mut Fixture) {
    let first = store(fixture);
    let number = |store: &Store| store.next_in_sequence("t1", "leads").expect("it reads");
    assert_eq!((number(&first), number(&first)), (1, 2));
    assert_eq!(first.next_in_sequence("t2", "leads"), Ok(1));
    let write = RecordWrite { sequence: Some(2), ..lead("t1", "lead_2", 0, "") };
    run(first.commit(records(vec![write]))).expect("it commits");
    assert_eq!(number(&first), 3);
    fixture.reopen_after(first);
    // Three was given, and never committed.
    assert_eq!(number(&store(fixture)), 3);
}

pub fn tells_of_events_when_they_are_there(fixture: &mut Fixture) {
    let store = store(fixture);
    let mut events = store.events();
    run(async {
        assert_eq!(*events.borrow_and_update(), 0);
        store.commit(records(vec![lead("t1", "a", 0, "")])).await.expect("it commits");
        assert!(!events.has_changed().expect("it is open"));
        let receipt = store.commit(request(0, 0)).await.expect("it commits");
        // Told before the caller is answered.
        assert!(events.has_changed().expect("it is open"));
        assert_eq!(*events.borrow_and_update(), receipt.last_event);
    });
    let found = store.read(&[Read::Events(tenon_storage::EventQuery { limit: 9, ..Default::default() })]);
    assert!(matches!(found.expect("it reads").as_slice(), [Found::Events(events)] if events.len() == 1));
}

pub fn enqueued_is_committed(fixture: &mut Fixture) {
    let store = store(fixture);
    for n in 0..100 {
        store.enqueue(Transaction { records: Vec::new(), ..request(0, n) });
    }
    // One in conflict is dropped and counted.
    store.enqueue(records(vec![lead("t1", "a", 5, "")]));
    run(store.close());
    assert_eq!(store.dropped(), 1);
    assert_eq!(verify_audit(&*fixture.engine).expect("it reads").links, 100);
}
