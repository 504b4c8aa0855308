//! What only the engine on SQLite has: a file, and everything that can be the matter with it.

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use tenon_storage::engines::Sqlite;
use tenon_storage::{AuditEntry, CommitError, Engine, Found, NewEvent, Read, RecordWrite, Store, StoreError};
use tenon_storage::{Expect, IdempotencyKey, IdempotencyRecord, IdempotencyState, StoredReply, UsageQuery};
use tenon_storage::{Transaction, verify_audit};

fn entry(operation: &str) -> AuditEntry {
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

fn audited(operation: &str) -> Transaction {
    Transaction { audit: vec![entry(operation)], ..Transaction::default() }
}

fn write(id: &str, body: Vec<u8>) -> Transaction {
    let record = RecordWrite {
        tenant: "t1".into(),
        collection: "leads".into(),
        id: id.into(),
        expected_version: 0,
        body: Some(body),
        natural_key: None,
        index: Vec::new(),
        sequence: None,
    };
    let event = NewEvent {
        id: id.into(),
        tenant: "t1".into(),
        kind: "x".into(),
        envelope: Vec::new(),
        public: true,
        at_ms: 1_000,
    };
    Transaction { records: vec![record], events: vec![event], ..audited(id) }
}

fn open(path: &Path) -> Sqlite {
    Sqlite::open(path).expect("it opens")
}

fn is_there(engine: &dyn Engine, id: &str) -> bool {
    let read = Read::Record { tenant: "t1".into(), collection: "leads".into(), id: id.into() };
    engine.read(&[read]).expect("it reads").remove(0) != Found::Record(None)
}

#[test]
fn one_gateway_writes_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let first = open(&path);
    // However it is named.
    let again = Sqlite::open(&folder.path().join(".").join("store.db")).unwrap_err();
    let process = format!("process {}", std::process::id());
    assert!(
        matches!(&again, StoreError::InUse { process: Some(found), .. } if *found == process),
        "{again:?}"
    );
    assert!(again.to_string().contains("in use by another process"), "{again}");
    drop(first);
    open(&path);
}

#[test]
fn another_reads_while_one_writes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let missing = Sqlite::open_to_read(&path).unwrap_err();
    assert!(missing.to_string().contains("there is no such file"), "{missing}");
    let writer = open(&path);
    writer.commit(&[write("a", b"x".to_vec())]);
    let reader = Sqlite::open_to_read(&path).unwrap();
    assert!(is_there(&reader, "a"));
    writer.commit(&[write("b", b"x".to_vec())]);
    assert!(is_there(&reader, "b"));
    let refused = reader.commit(&[write("c", Vec::new())]).remove(0).unwrap_err();
    assert!(matches!(refused, CommitError::Store(StoreError::Unsupported(_))), "{refused:?}");
}

#[test]
fn files_of_others_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "not a database, but long enough to be read as if it were one").unwrap();
    let tables = folder.path().join("tables.db");
    Connection::open(&tables).unwrap().execute_batch("CREATE TABLE x (y)").unwrap();
    let other = folder.path().join("other.db");
    let made = Connection::open(&other).unwrap();
    made.execute_batch("PRAGMA application_id = 17; CREATE TABLE x (y)").unwrap();
    drop(made);
    for (path, why) in [(text, "not an SQLite database"), (tables, "with other tables"), (other, "0x11")] {
        let before = std::fs::read(&path).unwrap();
        for error in [Sqlite::open(&path).unwrap_err(), Sqlite::open_to_read(&path).unwrap_err()] {
            assert!(
                matches!(error, StoreError::Foreign { .. }) && error.to_string().contains(why),
                "{error}"
            );
        }
        assert_eq!(std::fs::read(&path).unwrap(), before, "{}", path.display());
    }
    let nowhere = Sqlite::open(&folder.path().join("none").join("store.db")).unwrap_err();
    assert!(nowhere.to_string().contains("its folder is not there"), "{nowhere}");
    // An empty file is a new one.
    let empty = folder.path().join("empty.db");
    std::fs::write(&empty, "").unwrap();
    assert!(open(&empty).commit(&[audited("x")]).remove(0).is_ok());
}

/// Tables as version 2 made them, with an expired, a settled and a reserved key, and usage.
const VERSION_2: &str = "
    CREATE TABLE migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL);
    INSERT INTO migrations VALUES (1, 'first'), (2, 'streams');
    INSERT INTO idempotency VALUES
        (3, sha('k1'), 'f1', NULL, NULL, 201, '[]', x'6f6e65', 1000, 2000),
        (7, sha('k2'), 'f2', NULL, NULL, 200, '[[\"etag\",\"1\"]]', x'74776f', 1000, 90000),
        (8, sha('k3'), 'f3', 'r1', 5000, NULL, NULL, NULL, 1000, 90000);
    INSERT INTO usage VALUES
        ('u1', 't1', 'leads', 3, 1, 'o', 'user:u1', 'c1', 1000),
        ('u2', 't1', 'leads', 4, 1, 'o', 'user:u1', 'c2', 1500);";

/// The digest of a key of scope `t1` and operation `o`, as SQL writes bytes.
fn sha(key: &str) -> String {
    use sha2::{Digest as _, Sha256};
    let mut hash = Sha256::new();
    for part in ["t1", "o", key] {
        hash.update(part.len().to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().fold("x'".to_owned(), |text, byte| format!("{text}{byte:02x}")) + "'"
}

#[test]
fn files_of_older_versions_are_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let old = Connection::open(&path).unwrap();
    old.pragma_update(None, "application_id", 0x5445_4e4f).unwrap();
    old.execute_batch(include_str!("../src/engines/sqlite/migrations/0001_first.sql")).unwrap();
    old.execute_batch(include_str!("../src/engines/sqlite/migrations/0002_streams.sql")).unwrap();
    let rows = ["k1", "k2", "k3"]
        .iter()
        .fold(VERSION_2.to_owned(), |sql, key| sql.replace(&format!("sha('{key}')"), &sha(key)));
    old.execute_batch(&rows).unwrap();
    drop(old);
    let refused = Sqlite::open_to_read(&path).unwrap_err();
    assert!(refused.to_string().contains("an older version"), "{refused}");
    let engine = open(&path);
    let key = |key: &str| IdempotencyKey { scope: "t1".into(), operation: "o".into(), key: key.into() };
    let found = |name: &str| engine.read(&[Read::Idempotency(key(name))]).unwrap().remove(0);
    let Found::Idempotency(Some(settled)) = found("k2") else { panic!("{:?}", found("k2")) };
    let reply =
        StoredReply { status: 200, headers: vec![("etag".into(), "1".into())], body: b"two".to_vec() };
    assert_eq!(
        (settled.fingerprint.as_str(), settled.state),
        ("f2", IdempotencyState::Settled(reply.clone()))
    );
    let Found::Idempotency(Some(reserved)) = found("k3") else { panic!("{:?}", found("k3")) };
    let state = IdempotencyState::Reserved { reservation: "r1".into(), lease_until_ms: 5_000 };
    assert_eq!(reserved.state, state);
    assert_eq!(found("k4"), Found::Idempotency(None));
    // Known keys are known to the writer too; one that has run out is used again.
    let settle = |name: &str| {
        let state = IdempotencyState::Settled(reply.clone());
        let outcome =
            IdempotencyRecord { fingerprint: "f".into(), state, accepted_ms: 3_000, expires_ms: 9_000 };
        let expect = vec![Expect::KeyUnused(key(name))];
        let written = Some((key(name), outcome));
        let transaction =
            Transaction { at_ms: 3_000, expect, idempotency: written, ..Transaction::default() };
        engine.commit(&[transaction]).remove(0)
    };
    assert!(matches!(settle("k2"), Err(CommitError::Conflict(_))));
    assert!(matches!(settle("k3"), Err(CommitError::Conflict(_))));
    assert!(settle("k1").is_ok() && settle("k4").is_ok());
    let ever = UsageQuery { until_ms: i64::MAX, ..UsageQuery::default() };
    let Found::Usage(totals) = engine.read(&[Read::Usage(ever)]).unwrap().remove(0) else { panic!() };
    assert_eq!(totals.iter().map(|total| (total.quantity, total.events)).collect::<Vec<_>>(), [(7, 2)]);
}

#[test]
fn files_of_newer_versions_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    drop(open(&path));
    let future = "INSERT INTO migrations VALUES (99, 'future')";
    Connection::open(&path).unwrap().execute(future, []).unwrap();
    let error = Sqlite::open(&path).unwrap_err();
    let StoreError::Newer { file, found: 99, known: 2.. } = &error else { panic!("{error:?}") };
    assert_eq!(*file, path.canonicalize().unwrap().display().to_string());
    assert!(error.to_string().contains("made by a newer version"), "{error}");
    assert!(matches!(Sqlite::open_to_read(&path), Err(StoreError::Newer { .. })));
}

#[test]
fn commits_are_durable_and_logged_ahead() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let engine = open(&path);
    engine.commit(&[write("a", b"x".to_vec())]);
    // A copy of the files as they are now, as after a crash: everything acknowledged is in them.
    let crashed = folder.path().join("crashed.db");
    for suffix in ["", "-wal"] {
        let name = |name: &str| folder.path().join(format!("{name}{suffix}"));
        std::fs::copy(name("store.db"), name("crashed.db")).unwrap();
    }
    let after = open(&crashed);
    assert!(is_there(&after, "a"));
    assert_eq!(verify_audit(&after).unwrap().links, 1);
}

#[test]
fn a_backup_is_whole_while_others_write() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Store::new(Arc::new(open(&folder.path().join("store.db")))).unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(store.commit(write("first", Vec::new()))).unwrap();
    let writing = Arc::clone(&store);
    let writer = runtime.spawn(async move {
        for n in 0..400 {
            writing.commit(write(&n.to_string(), vec![b'x'; 3_000])).await.unwrap();
        }
    });
    for n in 0..3 {
        let copy = folder.path().join(format!("copy-{n}.db"));
        store.backup(&copy).unwrap();
        let copied = open(&copy);
        let heads = copied.heads().unwrap();
        let report = verify_audit(&copied).unwrap();
        // One moment: as many events as audit links, and every record of them.
        assert_eq!((report.links, report.broken), (heads.audit_seq, None));
        assert_eq!(heads.last_event, heads.audit_seq);
        assert!(is_there(&copied, "first"));
        let problem = store.backup(&copy).unwrap_err();
        assert!(problem.to_string().contains("never overwrites"), "{problem}");
    }
    runtime.block_on(writer).unwrap();
    runtime.block_on(store.close());
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().flatten().map(|file| file.file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains(".part")), "{left:?}");
}

/// Six links, then somebody changes the file. The first link that does not hold is named.
fn tampered(sql: &str) -> Option<(u64, String)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let engine = open(&path);
    for n in 1..=6 {
        engine.commit(&[audited(&n.to_string())]);
    }
    drop(engine);
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    let report = verify_audit(&open(&path)).unwrap();
    report.broken.map(|broken| (broken.seq, broken.problem))
}

/// S2-184: the record of who did what cannot be changed without that being seen.
#[test]
fn tampering_with_the_audit_chain_shows() {
    assert_eq!(tampered("SELECT 1"), None);
    let cases = [
        ("UPDATE audit SET outcome = 'refused' WHERE seq = 3", 3, "not the one its hash was made of"),
        ("UPDATE audit SET detail = '' WHERE seq = 1", 1, "not the one its hash was made of"),
        ("UPDATE audit SET at_ms = at_ms + 1 WHERE seq = 6", 6, "not the one its hash was made of"),
        ("UPDATE audit SET hash = upper(hash) WHERE seq = 2", 2, "not the one its hash was made of"),
        ("UPDATE audit SET previous = hash WHERE seq = 4", 4, "the hash of the link before"),
        ("DELETE FROM audit WHERE seq = 1", 1, "missing; the next one there is has number 2"),
        ("DELETE FROM audit WHERE seq IN (3, 4)", 3, "missing; the next one there is has number 5"),
        ("DELETE FROM audit WHERE seq > 4", 5, "the chain had 6 links"),
        ("DELETE FROM audit", 1, "the chain had 6 links"),
        (
            "DELETE FROM audit WHERE seq = 3; UPDATE audit SET seq = seq - 1 WHERE seq > 3",
            3,
            "the link before",
        ),
        (
            "UPDATE audit SET seq = 70 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3;
             UPDATE audit SET seq = 3 WHERE seq = 70",
            2,
            "the hash of the link before",
        ),
        ("UPDATE heads SET audit_hash = hex(zeroblob(32))", 6, "another hash than the store knows"),
    ];
    for (sql, seq, problem) in cases {
        let broken = tampered(sql);
        let is_expected = broken.as_ref().is_some_and(|found| found.0 == seq && found.1.contains(problem));
        assert!(is_expected, "{sql}: {broken:?}");
    }
}

fn with_trigger(action: &str) -> (tempfile::TempDir, Sqlite) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    drop(open(&path));
    let trigger = format!(
        "CREATE TRIGGER fault BEFORE INSERT ON audit WHEN new.operation = 'fault'
         BEGIN SELECT RAISE({action}, 'the disk is full'); END"
    );
    Connection::open(&path).unwrap().execute_batch(&trigger).unwrap();
    let engine = open(&path);
    (folder, engine)
}

/// A transaction that fails by itself fails alone.
#[test]
fn a_failure_of_one_is_not_the_others() {
    let (_folder, engine) = with_trigger("ABORT");
    let fault = Transaction { audit: vec![entry("fault")], ..write("bad", Vec::new()) };
    let results = engine.commit(&[write("a", Vec::new()), fault, write("b", Vec::new())]);
    assert!(results[0].is_ok() && results[2].is_ok(), "{results:?}");
    let Err(CommitError::Store(StoreError::Engine(why))) = &results[1] else { panic!("{results:?}") };
    assert!(why.contains("the disk is full"), "{why}");
    assert!(!is_there(&engine, "bad"));
    assert_eq!(engine.heads().unwrap().last_event, 2);
}

/// Where the durable write fails, everybody has failed; and the next one finds everything in order.
#[test]
fn a_failure_of_the_write_is_everybodys() {
    let (_folder, engine) = with_trigger("ROLLBACK");
    engine.commit(&[write("a", Vec::new())]);
    let fault = Transaction { audit: vec![entry("fault")], ..write("bad", Vec::new()) };
    let results = engine.commit(&[write("b", Vec::new()), fault, write("c", Vec::new())]);
    assert!(results.iter().all(|result| matches!(result, Err(CommitError::Store(_)))), "{results:?}");
    assert!(!is_there(&engine, "b") && !is_there(&engine, "c"));
    let after = engine.commit(&[write("b", Vec::new())]).remove(0).unwrap();
    assert_eq!(after.last_event, 2);
    let report = verify_audit(&engine).unwrap();
    assert_eq!((report.links, report.broken), (2, None));
}

/// However much is written, the log does not grow without end: the writer sees to it, for under load
/// nobody else can.
#[test]
fn the_log_stays_bounded_under_load() {
    const LOG_BYTES_MAX: u64 = 90_000_000;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let engine = open(&path);
    let log = folder.path().join("store.db-wal");
    let mut written = 0;
    for n in 0..40 {
        let group: Vec<_> = (0..8).map(|m| write(&format!("{n}-{m}"), vec![b'x'; 500_000])).collect();
        assert!(engine.commit(&group).iter().all(Result::is_ok));
        written += 8 * 500_000_u64;
        let length = std::fs::metadata(&log).unwrap().len();
        assert!(length < LOG_BYTES_MAX, "{length} bytes of log after {written}");
    }
    assert!(written > LOG_BYTES_MAX);
    drop(engine);
    // Closed in order, it leaves nothing behind but the file and its lock.
    assert!(!log.exists());
    assert!(is_there(&open(&path), "39-7"));
}
