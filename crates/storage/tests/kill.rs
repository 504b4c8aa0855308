//! Killed at any moment, the store loses nothing it has acknowledged (S0-100, S2-176, S2-179, S2-184).
//!
//! The test starts itself again as a process that writes under load and prints what was
//! acknowledged, kills it with SIGKILL at a random moment, and holds the file against what was
//! printed. Round after round on the same file; what was under way when the process died is sent
//! again by the next one, under the same keys.
//!
//! This shows what the death of the process does, not what the loss of power does: what was written
//! and not synced survives a process.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tenon_storage::engines::Sqlite;
use tenon_storage::{
    AuditEntry, CommitError, Engine, EventQuery, Expect, Found, IdempotencyKey, StoredEvent,
};
use tenon_storage::{
    IdempotencyRecord, IdempotencyState, ListQuery, NewEvent, Read, Record, RecordWrite, Store,
};
use tenon_storage::{StoredReply, Subscription, SubscriptionState, Transaction, UsageEvent, UsageQuery};
use tenon_storage::{conflict, verify_audit};

/// Says where the file is, and so that this process is one that writes.
const PATH: &str = "STORE_KILL_TEST_PATH";
/// From which number on each producer writes, with commas between.
const FROM: &str = "STORE_KILL_TEST_FROM";

const PRODUCERS: usize = 24;
const TIME_MAX: Duration = Duration::from_secs(12);
const ROUNDS_MIN: u32 = 10;

/// Number `n` of a producer: a record, its key, usage, audit and an event somebody waits for.
fn request(producer: usize, n: u64) -> Transaction {
    let id = format!("{producer:02}-{n:06}");
    let key = key(&id);
    let reply = StoredReply { status: 201, headers: Vec::new(), body: id.clone().into_bytes() };
    let outcome = IdempotencyRecord {
        fingerprint: "f".into(),
        state: IdempotencyState::Settled(reply),
        accepted_ms: 1_000,
        expires_ms: i64::MAX,
    };
    Transaction {
        at_ms: 1_000,
        expect: vec![Expect::KeyUnused(key.clone())],
        records: vec![RecordWrite {
            tenant: "t1".into(),
            collection: "leads".into(),
            id: id.clone(),
            expected_version: 0,
            body: Some(format!("body of {id}").into_bytes()),
            natural_key: Some(format!("natural {id}")),
            index: vec![("producer".into(), format!("{producer:02}"))],
            sequence: Some(n),
        }],
        idempotency: Some((key, outcome)),
        usage: vec![UsageEvent {
            id: id.clone(),
            tenant: "t1".into(),
            dimension: "leads".into(),
            quantity: 1,
            billable: true,
            operation: "leads.create".into(),
            actor: "user:u1".into(),
            correlation_id: id.clone(),
            at_ms: 1_000,
        }],
        audit: vec![AuditEntry {
            at_ms: 1_000,
            tenant: "t1".into(),
            actor: "user:u1".into(),
            operation: "leads.create".into(),
            outcome: "ok".into(),
            code: None,
            correlation_id: id.clone(),
            detail: None,
        }],
        events: vec![NewEvent {
            id,
            tenant: "t1".into(),
            kind: "lead.created".into(),
            envelope: b"{}".to_vec(),
            public: true,
            at_ms: 1_000,
        }],
        ..Transaction::default()
    }
}

fn key(id: &str) -> IdempotencyKey {
    IdempotencyKey { scope: "t1/u1".into(), operation: "leads.create".into(), key: id.into() }
}

/// Not a test by itself: the process that is killed. Does nothing when run with the others.
#[test]
fn process_that_writes() {
    let (Some(path), Ok(from)) = (std::env::var_os(PATH), std::env::var(FROM)) else { return };
    let store = Arc::new(Store::new(Arc::new(Sqlite::open(Path::new(&path)).unwrap())).unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let producers: Vec<_> = from
        .split(',')
        .enumerate()
        .map(|(producer, from)| runtime.spawn(produce(Arc::clone(&store), producer, from.parse().unwrap())))
        .collect();
    for producer in producers {
        runtime.block_on(producer).unwrap();
    }
}

/// Writes until it is killed. One line per acknowledgement: what, the number of its event, or that
/// it was there before.
async fn produce(store: Arc<Store>, producer: usize, from: u64) {
    for n in from.. {
        let line = match store.commit(request(producer, n)).await {
            Ok(receipt) => format!("ack {producer} {n} {}\n", receipt.last_event),
            Err(CommitError::Conflict(conflict::IDEMPOTENCY_KEY)) => format!("replay {producer} {n} 0\n"),
            Err(error) => format!("error {producer} {n} {error}\n"),
        };
        // One call, so that lines of several threads never mix.
        std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
    }
}

/// What was acknowledged: for each producer, how far; and the number of the event where it was said.
#[derive(Default)]
struct Ledger {
    next: BTreeMap<usize, u64>,
    events: BTreeMap<String, u64>,
    replays: u64,
}

impl Ledger {
    fn note(&mut self, line: &str) {
        // What libtest itself prints stands before the first line of ours.
        let Some(start) = line.find("ack ").or_else(|| line.find("replay ")).or_else(|| line.find("error "))
        else {
            return;
        };
        let words: Vec<&str> = line[start..].split(' ').collect();
        let [kind, producer, n, event] = words[..] else { panic!("{line}") };
        let (producer, n): (usize, u64) = (producer.parse().unwrap(), n.parse().unwrap());
        let next = self.next.entry(producer).or_default();
        assert_eq!(*next, n, "each producer goes on where it was: {line}");
        *next = n + 1;
        match kind {
            "ack" => {
                let id = format!("{producer:02}-{n:06}");
                assert_eq!(self.events.insert(id, event.parse().unwrap()), None);
            }
            "replay" => self.replays += 1,
            _ => panic!("{line}"),
        }
    }

    fn from(&self) -> String {
        let next = |producer: usize| self.next.get(&producer).copied().unwrap_or(0).to_string();
        (0..PRODUCERS).map(next).collect::<Vec<_>>().join(",")
    }
}

fn round(path: &Path, ledger: &mut Ledger, alive: Duration) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "process_that_writes", "--nocapture", "--test-threads=1"])
        .env(PATH, path)
        .env(FROM, ledger.from())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut lines = Vec::new();
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        while output.read_until(b'\n', &mut line).unwrap() > 0 {
            // A line that was cut off by the end was not said.
            if line.ends_with(b"\n") {
                lines.push(String::from_utf8(line.clone()).unwrap().trim_end().to_owned());
            }
            line.clear();
        }
        lines
    });
    std::thread::sleep(alive);
    child.kill().unwrap();
    child.wait().unwrap();
    for line in reader.join().unwrap() {
        ledger.note(&line);
    }
}

#[test]
fn killed_at_any_moment_it_has_what_it_acknowledged_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    subscribe(&Sqlite::open(&path).unwrap());
    let started = Instant::now();
    let mut ledger = Ledger::default();
    let mut random = u64::from(std::process::id()) ^ 0x9e37_79b9_7f4a_7c15;
    let mut rounds = 0;
    while rounds < ROUNDS_MIN || started.elapsed() < TIME_MAX {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        round(&path, &mut ledger, Duration::from_millis(40 + random % 260));
        rounds += 1;
        // The lock has gone with the process, and the file is whole.
        hold(&Sqlite::open(&path).unwrap(), &ledger);
    }
    let acknowledged = ledger.events.len();
    println!("{rounds} rounds, {acknowledged} acknowledged, {} replays", ledger.replays);
    assert!(acknowledged > 500, "too little was written to show anything: {acknowledged}");
    assert!(ledger.replays > 0, "it was never killed between a commit and its acknowledgement");
}

fn subscribe(engine: &Sqlite) {
    let subscription = Subscription {
        id: "s1".into(),
        tenant: "t1".into(),
        url: "https://example.com/hook".into(),
        events: vec!["lead.created".into()],
        secrets: vec!["s".into()],
        state: SubscriptionState::Active,
        created_ms: 1_000,
    };
    let made = engine.commit(&[Transaction { subscriptions: vec![subscription], ..Transaction::default() }]);
    assert!(made[0].is_ok());
}

/// Holds the file against what was acknowledged.
fn hold(engine: &Sqlite, ledger: &Ledger) {
    let records = records(engine);
    let events = events(engine);
    let count = u64::try_from(records.len()).unwrap();
    let ids: BTreeSet<&str> = records.iter().map(|record| record.id.as_str()).collect();

    // Everything acknowledged is there, whole, and was done once.
    for record in &records {
        assert_eq!(
            (record.version, record.body.as_slice()),
            (1, format!("body of {}", record.id).as_bytes())
        );
    }
    for (producer, next) in &ledger.next {
        for n in 0..*next {
            let id = format!("{producer:02}-{n:06}");
            assert!(ids.contains(id.as_str()), "{id} was acknowledged and is not there");
        }
        // At most one more is there: what was committed and never acknowledged.
        let more = format!("{producer:02}-{:06}", next + 1);
        assert!(!ids.contains(more.as_str()), "{more} was never sent");
    }

    // Events: one for each record, numbered without a gap, by the numbers that were said.
    let numbers: Vec<u64> = events.iter().map(|event| event.seq).collect();
    assert_eq!(numbers, (1..=count).collect::<Vec<_>>());
    let by_id: BTreeMap<&str, u64> =
        events.iter().map(|event| (event.event.id.as_str(), event.seq)).collect();
    assert_eq!(by_id.keys().copied().collect::<BTreeSet<_>>(), ids);
    for (id, seq) in &ledger.events {
        assert_eq!(by_id.get(id.as_str()), Some(seq), "{id}");
    }

    // S0-100: a delivery waits for each event.
    let due = engine.due_deliveries(&tenon_storage::DueQuery::all(1_000, u32::MAX)).unwrap();
    let delivered: BTreeSet<u64> = due.iter().map(|delivery| delivery.event.seq).collect();
    assert_eq!((due.len(), delivered.len()), (events.len(), events.len()));

    // S2-176: usage once each. S2-184: audit once each, and the chain holds.
    let query = UsageQuery { until_ms: i64::MAX, ..UsageQuery::default() };
    let Found::Usage(totals) = engine.read(&[Read::Usage(query)]).unwrap().remove(0) else { panic!() };
    let sum = totals.iter().fold((0, 0), |sum, total| (sum.0 + total.quantity, sum.1 + total.events));
    assert_eq!(sum, (count, count));
    let report = verify_audit(engine).unwrap();
    assert_eq!((report.links, report.broken), (count, None));

    // S2-179: the key of every effect is settled, and so refuses a second one; the key of none is.
    for (producer, next) in &ledger.next {
        for n in next.saturating_sub(3)..next + 2 {
            let id = format!("{producer:02}-{n:06}");
            let Found::Idempotency(found) = engine.read(&[Read::Idempotency(key(&id))]).unwrap().remove(0)
            else {
                panic!()
            };
            assert_eq!(found.is_some(), ids.contains(id.as_str()), "{id}");
        }
    }
    let highest = records.iter().filter_map(|record| record.id[3..].parse::<u64>().ok()).max().unwrap_or(0);
    assert_eq!(engine.sequence("t1", "leads").unwrap(), highest);
}

fn records(engine: &Sqlite) -> Vec<Record> {
    let query = ListQuery {
        tenant: "t1".into(),
        collection: "leads".into(),
        limit: u32::MAX,
        ..ListQuery::default()
    };
    match engine.read(&[Read::List(query)]).unwrap().remove(0) {
        Found::Records(records) => records,
        other => panic!("{other:?}"),
    }
}

fn events(engine: &Sqlite) -> Vec<StoredEvent> {
    let query = EventQuery { limit: u32::MAX, ..EventQuery::default() };
    match engine.read(&[Read::Events(query)]).unwrap().remove(0) {
        Found::Events(events) => events,
        other => panic!("{other:?}"),
    }
}
