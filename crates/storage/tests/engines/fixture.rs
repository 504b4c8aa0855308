//! An engine to test, and short ways to make what it stores.

use std::sync::Arc;

use tenon_storage::engines::{Memory, Sqlite};
use tenon_storage::{AuditEntry, CommitError, Engine, Found, IdempotencyKey, IdempotencyRecord};
use tenon_storage::{IdempotencyState, ListQuery, NewEvent, Read, Receipt, Record, RecordWrite, StoredEvent};
use tenon_storage::{StoredReply, Subscription, SubscriptionState, Transaction, UsageEvent};

/// One engine, and how to open it again.
pub struct Fixture {
    pub engine: Arc<dyn Engine>,
    reopen: Option<Box<dyn Fn() -> Arc<dyn Engine>>>,
}

pub fn memory() -> Fixture {
    Fixture { engine: Arc::new(Memory::new()), reopen: None }
}

/// A new file, removed with the fixture.
pub fn sqlite() -> Fixture {
    let folder = tempfile::tempdir().expect("there is room");
    let open = move || -> Arc<dyn Engine> {
        Arc::new(Sqlite::open(&folder.path().join("store.db")).expect("it opens"))
    };
    Fixture { engine: open(), reopen: Some(Box::new(open)) }
}

impl Fixture {
    /// Closes the engine and opens it again, where it keeps anything.
    pub fn reopen(&mut self) {
        if let Some(reopen) = &self.reopen {
            self.engine = Arc::new(Memory::new());
            self.engine = reopen();
        }
    }

    /// Drops what holds the engine, and opens it again.
    pub fn reopen_after<T>(&mut self, holder: T) {
        drop(holder);
        self.reopen();
    }

    pub fn commit(&self, transaction: Transaction) -> Result<Receipt, CommitError> {
        let mut results = self.engine.commit(&[transaction]);
        assert_eq!(results.len(), 1);
        results.remove(0)
    }

    pub fn done(&self, transaction: Transaction) -> Receipt {
        self.commit(transaction).expect("it commits")
    }

    pub fn refused(&self, transaction: Transaction) -> &'static str {
        match self.commit(transaction) {
            Err(CommitError::Conflict(what)) => what,
            other => panic!("a conflict was expected, not {other:?}"),
        }
    }

    pub fn read(&self, read: Read) -> Found {
        self.engine.read(&[read]).expect("it reads").remove(0)
    }

    pub fn record(&self, tenant: &str, id: &str) -> Option<Record> {
        let (tenant, collection, id) = (tenant.into(), "leads".into(), id.into());
        match self.read(Read::Record { tenant, collection, id }) {
            Found::Record(record) => record,
            other => panic!("{other:?}"),
        }
    }

    pub fn body(&self, tenant: &str, id: &str) -> Option<String> {
        self.record(tenant, id).map(|record| String::from_utf8(record.body).expect("it is text"))
    }

    pub fn key(&self, key: &IdempotencyKey) -> Option<IdempotencyRecord> {
        match self.read(Read::Idempotency(key.clone())) {
            Found::Idempotency(record) => record,
            other => panic!("{other:?}"),
        }
    }

    /// Ids of a list.
    pub fn ids(&self, query: ListQuery) -> Vec<String> {
        match self.read(Read::List(query)) {
            Found::Records(records) => records.into_iter().map(|record| record.id).collect(),
            other => panic!("{other:?}"),
        }
    }

    pub fn events(&self, after: u64) -> Vec<StoredEvent> {
        let query = tenon_storage::EventQuery { after, limit: 1000, ..Default::default() };
        match self.read(Read::Events(query)) {
            Found::Events(events) => events,
            other => panic!("{other:?}"),
        }
    }
}

/// A record of collection `leads`.
pub fn lead(tenant: &str, id: &str, expected_version: u64, body: &str) -> RecordWrite {
    RecordWrite {
        tenant: tenant.into(),
        collection: "leads".into(),
        id: id.into(),
        expected_version,
        body: Some(body.into()),
        natural_key: None,
        index: Vec::new(),
        sequence: None,
    }
}

pub fn removal(tenant: &str, id: &str, expected_version: u64) -> RecordWrite {
    RecordWrite { body: None, ..lead(tenant, id, expected_version, "") }
}

pub fn keyed(key: &str, write: RecordWrite) -> RecordWrite {
    RecordWrite { natural_key: Some(key.into()), ..write }
}

pub fn indexed(index: &[(&str, &str)], write: RecordWrite) -> RecordWrite {
    RecordWrite { index: index.iter().map(|(f, v)| ((*f).into(), (*v).into())).collect(), ..write }
}

pub fn records(records: Vec<RecordWrite>) -> Transaction {
    Transaction { at_ms: 1_000, records, ..Transaction::default() }
}

pub fn key(key: &str) -> IdempotencyKey {
    IdempotencyKey { scope: "t1/a1".into(), operation: "leads.create".into(), key: key.into() }
}

pub fn settled(body: &str, expires_ms: i64) -> IdempotencyRecord {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    let reply = StoredReply { status: 201, headers, body: body.into() };
    let state = IdempotencyState::Settled(reply);
    IdempotencyRecord { fingerprint: "f".into(), state, accepted_ms: 1_000, expires_ms }
}

pub fn reserved(reservation: &str, expires_ms: i64) -> IdempotencyRecord {
    let state = IdempotencyState::Reserved { reservation: reservation.into(), lease_until_ms: 2_000 };
    IdempotencyRecord { fingerprint: "f".into(), state, accepted_ms: 1_000, expires_ms }
}

pub fn event(id: &str, tenant: &str, kind: &str) -> NewEvent {
    NewEvent {
        id: id.into(),
        tenant: tenant.into(),
        kind: kind.into(),
        envelope: format!("{{\"id\":\"{id}\"}}").into_bytes(),
        public: true,
        at_ms: 1_000,
    }
}

pub fn events(events: Vec<NewEvent>) -> Transaction {
    Transaction { at_ms: 1_000, events, ..Transaction::default() }
}

pub fn subscription(id: &str, tenant: &str, events: &[&str]) -> Subscription {
    Subscription {
        id: id.into(),
        tenant: tenant.into(),
        url: "https://example.com/hook".into(),
        events: events.iter().map(|kind| (*kind).to_owned()).collect(),
        secrets: vec!["new".into(), "old".into()],
        state: SubscriptionState::Active,
        created_ms: 1_000,
    }
}

pub fn entry(operation: &str) -> AuditEntry {
    AuditEntry {
        at_ms: 1_000,
        tenant: "t1".into(),
        actor: "user:u1".into(),
        operation: operation.into(),
        outcome: "ok".into(),
        code: None,
        correlation_id: "c1".into(),
        detail: None,
    }
}

pub fn usage(id: &str, quantity: u64) -> UsageEvent {
    UsageEvent {
        id: id.into(),
        tenant: "t1".into(),
        dimension: "leads".into(),
        quantity,
        billable: true,
        operation: "leads.create".into(),
        actor: "user:u1".into(),
        correlation_id: "c1".into(),
        at_ms: 1_000,
    }
}
