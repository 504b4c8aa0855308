//! How fast the store is, beside SQLite used by hand on the same disk in the same run. Prints a
//! Markdown table; `cargo xtask bench store` builds and runs it. An argument picks the cases whose
//! name contains it.

use std::io::{Seek as _, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tenon_storage::engines::Sqlite;
use tenon_storage::{AuditEntry, Expect, IdempotencyKey, IdempotencyRecord, IdempotencyState, NewEvent};
use tenon_storage::{Read, RecordWrite, Store, StoredReply, Transaction, UsageEvent};
use tokio::sync::oneshot;

/// How long one measurement of one case takes.
const SLICE: Duration = Duration::from_millis(1_500);

/// How many times each case is measured, in turns with the others; the median is printed.
const ROUNDS: usize = 3;

/// Bytes of the record; the reply that is kept under the key has them too, and so has the event.
const BODY_BYTES: usize = 300;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What one measurement came to.
#[derive(Clone, Copy)]
struct Figures {
    per_second: f64,
    cpu_us: f64,
    p50: Duration,
    p99: Duration,
}

type Case = (&'static str, fn(&Path) -> Result<Figures, Failure>);

const CASES: [Case; 10] = [
    ("4 KiB written over and `fdatasync`", disk),
    ("SQLite by hand: one row of the same bytes, one commit each", by_hand),
    ("SQLite by hand, group commit, 16 producers", |folder| by_hand_grouped(folder, 16)),
    ("SQLite by hand, group commit, 64 producers", |folder| by_hand_grouped(folder, 64)),
    ("SQLite by hand, group commit, 256 producers", |folder| by_hand_grouped(folder, 256)),
    ("store, 1 producer", |folder| store(folder, 1)),
    ("store, 16 producers", |folder| store(folder, 16)),
    ("store, 64 producers", |folder| store(folder, 64)),
    ("store, 256 producers", |folder| store(folder, 256)),
    ("store, reads of a record and a key, one thread", reads),
];

fn main() -> Result<(), Failure> {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let cases: Vec<&Case> = CASES.iter().filter(|(name, _)| name.contains(&wanted)).collect();
    let mut measured: Vec<Vec<Figures>> = cases.iter().map(|_| Vec::new()).collect();
    for _ in 0..ROUNDS {
        for ((name, case), figures) in cases.iter().zip(&mut measured) {
            eprintln!("{name}…");
            let folder = tempfile::tempdir()?;
            figures.push(case(folder.path())?);
        }
    }
    println!("| | per second | CPU each | p50 | p99 |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    for ((name, _), figures) in cases.iter().zip(&measured) {
        let rate = median(figures.iter().map(|one| one.per_second));
        let cpu = median(figures.iter().map(|one| one.cpu_us));
        let p50 = median(figures.iter().map(|one| one.p50.as_secs_f64() * 1e3));
        let p99 = median(figures.iter().map(|one| one.p99.as_secs_f64() * 1e3));
        println!("| {name} | {rate:.0} | {cpu:.1} µs | {p50:.2} ms | {p99:.2} ms |");
    }
    Ok(())
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// Processor time of this process so far, of all its threads.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.rsplit(") ").next().unwrap_or_default().split(' ').skip(11).take(2);
    // A tick is a hundredth of a second on every Linux we know.
    Duration::from_millis(ticks.filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>() * 10)
}

/// Runs `work` again and again for one slice on this thread.
fn alone(mut work: impl FnMut(u64) -> Result<(), Failure>) -> Result<Figures, Failure> {
    let (started, cpu_before) = (Instant::now(), cpu());
    let mut taken = Vec::new();
    while started.elapsed() < SLICE {
        let before = Instant::now();
        work(taken.len() as u64)?;
        taken.push(before.elapsed());
    }
    Ok(figures(taken, started.elapsed(), cpu() - cpu_before))
}

fn figures(mut taken: Vec<Duration>, wall: Duration, cpu: Duration) -> Figures {
    taken.sort();
    let at = |percent: usize| taken.get(taken.len() * percent / 100).copied().unwrap_or_default();
    let count = f64::from(u32::try_from(taken.len().max(1)).unwrap_or(u32::MAX));
    Figures {
        per_second: count / wall.as_secs_f64(),
        cpu_us: cpu.as_secs_f64() * 1e6 / count,
        p50: at(50),
        p99: at(99),
    }
}

fn disk(folder: &Path) -> Result<Figures, Failure> {
    let mut file = std::fs::File::create(folder.join("file"))?;
    let page = [7_u8; 4096];
    alone(|_| {
        file.rewind()?;
        file.write_all(&page)?;
        Ok(file.sync_data()?)
    })
}

fn raw(folder: &Path) -> Result<Connection, Failure> {
    let connection = Connection::open(folder.join("raw.db"))?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch("CREATE TABLE rows (n INTEGER PRIMARY KEY, id TEXT UNIQUE, body BLOB)")?;
    Ok(connection)
}

/// The bytes of a whole request in one row.
fn insert(connection: &Connection, n: u64) -> Result<(), Failure> {
    let body = vec![b'x'; BODY_BYTES * 3 + 250];
    let sql = "INSERT INTO rows (id, body) VALUES (?1, ?2)";
    connection.prepare_cached(sql)?.execute((id(0, n), body))?;
    Ok(())
}

fn by_hand(folder: &Path) -> Result<Figures, Failure> {
    let connection = raw(folder)?;
    alone(|n| insert(&connection, n))
}

fn by_hand_grouped(folder: &Path, producers: usize) -> Result<Figures, Failure> {
    let connection = raw(folder)?;
    let (sender, waiting) = sync_channel::<oneshot::Sender<()>>(16_384);
    let writer = std::thread::spawn(move || write_groups(&connection, &waiting));
    let result = together(producers, move |_, _| {
        let (reply, answer) = oneshot::channel();
        let sent = sender.try_send(reply);
        async move {
            sent?;
            Ok(answer.await?)
        }
    });
    writer.join().map_err(|_| "the writer panicked")??;
    result
}

fn write_groups(connection: &Connection, waiting: &Receiver<oneshot::Sender<()>>) -> Result<(), Failure> {
    let mut n = 0;
    while let Ok(first) = waiting.recv() {
        let group: Vec<_> = std::iter::once(first).chain(waiting.try_iter().take(255)).collect();
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for _ in &group {
            insert(connection, n)?;
            n += 1;
        }
        connection.execute_batch("COMMIT")?;
        for reply in group {
            let _ = reply.send(());
        }
    }
    Ok(())
}

/// Producers that each wait for the answer before they go on, for one slice.
fn together<F>(
    producers: usize,
    work: impl Fn(usize, u64) -> F + Send + Sync + 'static,
) -> Result<Figures, Failure>
where
    F: Future<Output = Result<(), Failure>> + Send + 'static,
{
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
    let work = Arc::new(work);
    let (started, cpu_before) = (Instant::now(), cpu());
    let tasks: Vec<_> = (0..producers)
        .map(|producer| {
            let work = Arc::clone(&work);
            runtime.spawn(async move {
                let mut taken = Vec::new();
                while started.elapsed() < SLICE {
                    let before = Instant::now();
                    work(producer, taken.len() as u64).await?;
                    taken.push(before.elapsed());
                }
                Ok::<_, Failure>(taken)
            })
        })
        .collect();
    drop(work);
    let mut taken = Vec::new();
    for task in tasks {
        taken.extend(runtime.block_on(task)??);
    }
    Ok(figures(taken, started.elapsed(), cpu() - cpu_before))
}

fn store(folder: &Path, producers: usize) -> Result<Figures, Failure> {
    let store = Store::new(Arc::new(Sqlite::open(&folder.join("store.db"))?))?;
    together(producers, move |producer, n| {
        let committed = store.commit(request(producer, n));
        async move {
            committed.await?;
            Ok(())
        }
    })
}

fn reads(folder: &Path) -> Result<Figures, Failure> {
    let store = Store::new(Arc::new(Sqlite::open(&folder.join("store.db"))?))?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    for n in 0..5_000 {
        drop(store.commit(request(0, n)));
    }
    runtime.block_on(store.commit(Transaction::default()))?;
    alone(|n| {
        let id = id(0, n % 5_000);
        let key = key(&id);
        let record = Read::Record { tenant: "tenant-1".into(), collection: "leads".into(), id };
        store.read(&[record, Read::Idempotency(key)])?;
        Ok(())
    })
}

/// Ids grow with time, as those of UUID version 7 do.
fn id(producer: usize, n: u64) -> String {
    format!("019a{n:08x}-7000-8000-{producer:012x}")
}

/// Keys are anywhere, as those of clients are.
fn key(id: &str) -> IdempotencyKey {
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    IdempotencyKey {
        scope: "tenant-1/user:u1".into(),
        operation: "leads.create".into(),
        key: format!("{hash:016x}-{id}"),
    }
}

/// What the gateway commits for one durable write: the record with its key, usage, audit and event.
fn request(producer: usize, n: u64) -> Transaction {
    let at_ms = 1_700_000_000_000;
    let id = id(producer, n);
    let key = key(&id);
    let (tenant, operation, actor): (String, String, String) =
        ("tenant-1".into(), "leads.create".into(), "user:u1".into());
    let body = vec![b'x'; BODY_BYTES];
    let reply = StoredReply { status: 201, headers: Vec::new(), body: body.clone() };
    let outcome = IdempotencyRecord {
        fingerprint: "0".repeat(64),
        state: IdempotencyState::Settled(reply),
        accepted_ms: at_ms,
        expires_ms: at_ms + 86_400_000,
    };
    Transaction {
        at_ms,
        expect: vec![Expect::KeyUnused(key.clone())],
        records: vec![RecordWrite {
            tenant: tenant.clone(),
            collection: "leads".into(),
            id: id.clone(),
            expected_version: 0,
            body: Some(body.clone()),
            natural_key: None,
            index: vec![("platform".into(), "web".into())],
            sequence: None,
        }],
        idempotency: Some((key, outcome)),
        usage: vec![UsageEvent {
            id: format!("usage-{id}"),
            tenant: tenant.clone(),
            dimension: "leads".into(),
            quantity: 1,
            billable: true,
            operation: operation.clone(),
            actor: actor.clone(),
            correlation_id: id.clone(),
            at_ms,
        }],
        audit: vec![AuditEntry {
            at_ms,
            tenant: tenant.clone(),
            actor,
            operation,
            outcome: "ok".into(),
            code: None,
            correlation_id: id.clone(),
            detail: None,
        }],
        events: vec![NewEvent {
            id,
            tenant,
            kind: "lead.created".into(),
            envelope: body,
            public: true,
            at_ms,
        }],
        ..Transaction::default()
    }
}
