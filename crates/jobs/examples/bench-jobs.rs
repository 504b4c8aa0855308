//! How fast jobs are, beside starting the same process by hand on the same machine in the same run.
//! Prints a Markdown table; `cargo xtask bench jobs` builds and runs it. An argument picks the cases
//! whose name contains it.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};
use tenon_jobs::{Job, Runtime, Settings, Submit};
use tenon_storage::engines::{Memory, Sqlite};
use tenon_storage::{Append, Engine, NewEntry, Store, Transaction};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// That of the shipped program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Processes started in one measurement of a case.
const PROCESSES: usize = 3_000;
/// How many run at once by hand.
const AT_ONCE: usize = 8;
/// Places for jobs: one is taken while the disk keeps its beginning and its end, too.
const PLACES: usize = 32;
/// How many times each case is measured, in turns with the others; the median is printed.
const ROUNDS: usize = 3;
/// Lines a job prints to be followed.
const LINES: usize = 200_000;
/// Lines of the job that a thousand follow.
const LINES_OF_MANY: usize = 1_000;
const FOLLOWERS: usize = 1_000;
/// Events of the stream that is resumed.
const EVENTS: usize = 1_000_000;
const RESUMES: u64 = 2_000;

/// One figure of a case: what it is, and its unit.
type Figures = Vec<(&'static str, f64)>;
type Case = (&'static str, fn(&Path) -> Result<Figures, Failure>);

const CASES: [Case; 7] = [
    ("`echo` started by hand, output read", by_hand),
    ("no-op skill, submit to done, store in memory", |folder| no_op(folder, Kind::Memory, false)),
    ("no-op skill, submit to done, SQLite", |folder| no_op(folder, Kind::Sqlite, false)),
    ("the same, and its five files asked for, SQLite", |folder| no_op(folder, Kind::Sqlite, true)),
    ("events of one stream, printed, kept in SQLite, followed by one", |folder| talk(folder, LINES, 1)),
    ("events of one stream, followed by 1,000, received in all", |folder| {
        talk(folder, LINES_OF_MANY, FOLLOWERS)
    }),
    ("resume anywhere in a million events, SQLite", resume),
];

#[derive(Clone, Copy)]
enum Kind {
    Memory,
    Sqlite,
}

fn main() -> Result<(), Failure> {
    if std::env::args().nth(1).as_deref() == Some("--warden") {
        std::process::exit(i32::from(tenon_jobs::warden::main() != std::process::ExitCode::SUCCESS));
    }
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let cases: Vec<&Case> = CASES.iter().filter(|(name, _)| name.contains(&wanted)).collect();
    let mut measured: Vec<Vec<Figures>> = cases.iter().map(|_| Vec::new()).collect();
    // Removed at the end: some file systems are slow to make files after many were removed.
    let mut folders = Vec::new();
    for _ in 0..ROUNDS {
        for ((name, case), figures) in cases.iter().zip(&mut measured) {
            eprintln!("{name}…");
            let folder = tempfile::tempdir()?;
            figures.push(case(folder.path())?);
            folders.push(folder);
        }
    }
    println!("| | | |");
    println!("| --- | ---: | --- |");
    for ((name, _), rounds) in cases.iter().zip(&measured) {
        let Some(first) = rounds.first() else { continue };
        for (place, (unit, _)) in first.iter().enumerate() {
            let figure = median(rounds.iter().filter_map(|round| round.get(place).map(|(_, value)| *value)));
            println!("| {name} | {figure:.1} | {unit} |");
        }
    }
    share(&measured);
    Ok(())
}

/// The no-op skill beside the process started by hand.
fn share(measured: &[Vec<Figures>]) {
    let rate = |place: usize| {
        let rounds = measured.get(place)?.iter();
        Some(median(rounds.filter_map(|round| round.first().map(|(_, value)| *value))))
    };
    if let (Some(by_hand), Some(memory), Some(sqlite)) = (rate(0), rate(1), rate(2))
        && measured.len() == CASES.len()
        && by_hand > 0.0
    {
        println!("| share of by hand, store in memory | {:.0} | % |", 100.0 * memory / by_hand);
        println!("| share of by hand, SQLite | {:.0} | % |", 100.0 * sqlite / by_hand);
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

fn by_hand(_: &Path) -> Result<Figures, Failure> {
    let begun = Instant::now();
    let threads: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            std::thread::spawn(|| {
                for _ in 0..PROCESSES / AT_ONCE {
                    let output = Command::new("echo").arg("{\"ok\":true}").stdin(Stdio::null()).output();
                    if !output.is_ok_and(|output| output.status.success()) {
                        return false;
                    }
                }
                true
            })
        })
        .collect();
    let ended = threads.into_iter().all(|thread| thread.join().unwrap_or(false));
    let rate = count(PROCESSES) / begun.elapsed().as_secs_f64();
    if ended { Ok(vec![("per second", rate)]) } else { Err("a process did not end well".into()) }
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn skill(folder: &Path, command: &[&str]) -> Result<(), Failure> {
    let registry = folder.join("registry");
    std::fs::create_dir_all(&registry)?;
    std::fs::write(registry.join("any.json"), "{}")?;
    let manifest = json!({
        "tool_id": "bench", "version": "1.0.0", "title": "bench", "kind": "skill", "description": "bench",
        "input_schema_ref": "any.json", "output_schema_ref": "any.json", "executor_backend": "process",
        "run": {
            "command": command,
            "env": ["PATH"],
            "limits": { "output_bytes_max": 1 << 30, "wall_ms_max": 600_000 },
        },
    });
    Ok(std::fs::write(registry.join("bench.skill.json"), manifest.to_string())?)
}

async fn start(folder: &Path, kind: Kind) -> Result<(Arc<Runtime>, Arc<Store>), Failure> {
    let engine: Arc<dyn Engine> = match kind {
        Kind::Memory => Arc::new(Memory::new()),
        Kind::Sqlite => Arc::new(Sqlite::open(&folder.join("store.db"))?),
    };
    let store = Arc::new(Store::new(engine)?);
    let warden = vec![std::env::current_exe()?.into(), "--warden".into()];
    let (registry, artifacts) = (folder.join("registry"), folder.join("artifacts"));
    let mut settings = Settings::new(registry, artifacts, warden, "bench", Arc::new(now_ms));
    settings.running_max = PLACES;
    settings.tenant_running_max = PLACES;
    let runtime = Runtime::start(settings, Arc::clone(&store)).await;
    let runtime = runtime.map_err(|problems| format!("{problems:?}"))?;
    Ok((runtime, store))
}

async fn submit(runtime: &Runtime, store: &Store, number: u64) -> Result<Job, Failure> {
    let order = Submit {
        tenant: "t1".to_owned(),
        actor: "bench".to_owned(),
        skill_id: "bench".to_owned(),
        profile: String::new(),
        idempotency_key: format!("key-{number}"),
        task: json!({}),
        constraints: Value::Null,
        correlation_id: "bench".to_owned(),
        id: String::new(),
        now_ms: now_ms(),
    };
    let (job, transaction) = runtime.prepare_submit(order)?;
    store.commit(transaction).await?;
    runtime.committed(&job);
    Ok(job)
}

fn runtime_of_tokio() -> Result<tokio::runtime::Runtime, Failure> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

fn no_op(folder: &Path, kind: Kind, asks_for_files: bool) -> Result<Figures, Failure> {
    skill(folder, &["echo", "{\"ok\":true}"])?;
    runtime_of_tokio()?.block_on(async {
        let (runtime, store) = start(folder, kind).await?;
        let client = Client { runtime, store, asks_for_files };
        // A gateway has its wardens from its first jobs on.
        client.rush(0..PLACES as u64 * 2).await?;
        let begun = Instant::now();
        let mut taken = client.rush(1_000_000..1_000_000 + PROCESSES as u64).await?;
        let rate = count(PROCESSES) / begun.elapsed().as_secs_f64();
        taken.sort();
        let p99 = taken.get(taken.len() * 99 / 100).copied().unwrap_or_default();
        client.runtime.close(Duration::ZERO).await;
        Ok(vec![("per second", rate), ("ms, p99 from submit to done", p99.as_secs_f64() * 1e3)])
    })
}

#[derive(Clone)]
struct Client {
    runtime: Arc<Runtime>,
    store: Arc<Store>,
    asks_for_files: bool,
}

impl Client {
    /// Twice as many clients as places, each of which submits, waits for the end, and submits again.
    async fn rush(&self, numbers: std::ops::Range<u64>) -> Result<Vec<Duration>, Failure> {
        let next = Arc::new(AtomicU64::new(numbers.start));
        let clients: Vec<_> = (0..PLACES * 2)
            .map(|_| {
                let (client, next) = (self.clone(), Arc::clone(&next));
                tokio::spawn(async move {
                    let mut taken = Vec::new();
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= numbers.end {
                            return Ok::<_, Failure>(taken);
                        }
                        let before = Instant::now();
                        client.one(number).await?;
                        taken.push(before.elapsed());
                    }
                })
            })
            .collect();
        let mut taken = Vec::new();
        for client in clients {
            taken.extend(client.await??);
        }
        Ok(taken)
    }

    async fn one(&self, number: u64) -> Result<(), Failure> {
        let job = submit(&self.runtime, &self.store, number).await?;
        let mut reader = self.runtime.reader("t1", &job.job_id, 1, true)?;
        let mut is_ended = false;
        while !is_ended {
            let events = reader.next().await?;
            is_ended = events.last().is_none_or(tenon_jobs::JobEvent::is_last);
        }
        if self.asks_for_files && self.runtime.status("t1", &job.job_id)?.artifacts.len() != 5 {
            return Err("a job has not left its files".into());
        }
        Ok(())
    }
}

/// A job that prints, and who follows it.
fn talk(folder: &Path, lines: usize, followers: usize) -> Result<Figures, Failure> {
    // It waits until all are there.
    let script = format!("while ! test -e go; do sleep 0.01; done; seq 1 {lines} >&2; echo '{{}}'");
    skill(folder, &["sh", "-c", &script])?;
    runtime_of_tokio()?.block_on(async {
        let (runtime, store) = start(folder, Kind::Sqlite).await?;
        let job = submit(&runtime, &store, 0).await?;
        let tasks: Vec<_> = (0..followers)
            .map(|_| {
                let (runtime, job_id) = (Arc::clone(&runtime), job.job_id.clone());
                tokio::spawn(async move {
                    let mut reader = runtime.reader("t1", &job_id, 0, true)?;
                    let mut received = 0;
                    loop {
                        let events = reader.next().await?;
                        if events.is_empty() {
                            return Ok::<usize, Failure>(received);
                        }
                        received += events.len();
                    }
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(300)).await;
        let begun = Instant::now();
        std::fs::write(folder.join("registry/go"), "")?;
        let mut received = 0;
        for task in tasks {
            let one = task.await??;
            if one != lines + 3 {
                return Err(format!("{one} events of {}", lines + 3).into());
            }
            received += one;
        }
        let rate = count(received) / begun.elapsed().as_secs_f64();
        runtime.close(Duration::from_secs(1)).await;
        Ok(vec![("events per second", rate)])
    })
}

/// From any number on, to the first events that follow it.
fn resume(folder: &Path) -> Result<Figures, Failure> {
    skill(folder, &["echo", "{}"])?;
    runtime_of_tokio()?.block_on(async {
        let (runtime, store) = start(folder, Kind::Sqlite).await?;
        let job = submit(&runtime, &store, 0).await?;
        let stream = format!("job/{}", job.job_id);
        for batch in 0..EVENTS / 1_000 {
            let line =
                |number| format!("l{{\"stream\":\"stderr\",\"attempt\":1,\"line\":\"line {number}\"}}");
            let entries = (batch * 1_000..(batch + 1) * 1_000)
                .map(|number| NewEntry { at_ms: 1, body: line(number).into_bytes() })
                .collect();
            let append = Append { tenant: "t1".to_owned(), stream: stream.clone(), entries };
            store.commit(Transaction { appends: vec![append], ..Transaction::default() }).await?;
        }
        let mut taken = Vec::new();
        for turn in 0..RESUMES {
            let since = turn.wrapping_mul(0x9e37_79b9_7f4a_7c15) % (EVENTS as u64 - 1);
            let before = Instant::now();
            let mut reader = runtime.reader("t1", &job.job_id, since, true)?;
            let events = reader.next().await?;
            taken.push(before.elapsed());
            if events.first().map(|event| event.seq) != Some(since + 1) {
                return Err("the stream went on at another place".into());
            }
        }
        taken.sort();
        let at = |percent: usize| taken.get(taken.len() * percent / 100).copied().unwrap_or_default();
        runtime.close(Duration::from_secs(1)).await;
        Ok(vec![("ms, p50", at(50).as_secs_f64() * 1e3), ("ms, p99", at(99).as_secs_f64() * 1e3)])
    })
}
