//! Requests on connections that are kept, as fast as they are answered or at a given rate.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use super::{Failure, Words};

/// Stands in a request for something that is different in each, shaped like a UUID.
const UNIQUE: &[u8] = b"{unique}";

/// How long one answer may take.
const ANSWER_MAX: Duration = Duration::from_secs(20);

/// How long the one who says when a request is due rests between two looks at the clock, in
/// instructions that leave the processor to its other half: where two processors share a core, who
/// only waits must not take from the server what it is to be measured with.
const RESTS: u32 = 16;

/// What is sent, and how.
pub(super) struct Load {
    pub(super) to: String,
    pub(super) request: Vec<u8>,
    pub(super) connections: u64,
    /// Ends after this many requests; 0 is no end.
    pub(super) count: u64,
    pub(super) time: Duration,
    /// Requests a second at which they are sent; 0 is as fast as they are answered.
    pub(super) per_second: u64,
}

/// What came of it.
#[derive(Default)]
pub(super) struct Done {
    pub(super) took: Vec<Duration>,
    pub(super) failures: u64,
    pub(super) first_failure: Option<String>,
}

/// Warms up, measures, prints.
pub(super) async fn run(words: &Words) -> Result<(), Failure> {
    let mut load = Load {
        to: words.text("to")?.to_owned(),
        request: std::fs::read(words.text("request")?)?,
        connections: words.number("connections", 32)?,
        count: 0,
        time: Duration::from_secs(words.number("warm", 1)?),
        per_second: words.number("per_second", 0)?,
    };
    if !load.time.is_zero() {
        send(&load).await?;
    }
    load.count = words.number("count", 0)?;
    load.time = Duration::from_secs(words.number("seconds", 3)?);
    let pid = words.number("pid", 0)?;
    let (started, cpu_before) = (Instant::now(), cpu(pid));
    let mut done = send(&load).await?;
    let (wall, cpu) = (started.elapsed(), cpu(pid).saturating_sub(cpu_before));
    done.took.sort_unstable();
    let answered = done.took.len().max(1) as f64;
    let at = |share: f64| {
        let index = (done.took.len() as f64 * share) as usize;
        done.took.get(index).copied().unwrap_or_default().as_secs_f64() * 1e6
    };
    println!(
        "{}",
        json!({
            "answered": done.took.len(), "failures": done.failures, "first_failure": done.first_failure,
            "seconds": wall.as_secs_f64(), "per_second": answered / wall.as_secs_f64(),
            "cpu_us": cpu.as_secs_f64() * 1e6 / answered, "p50_us": at(0.5), "p99_us": at(0.99),
        })
    );
    Ok(())
}

/// Sends on all connections until the time or the count is up.
pub(super) async fn send(load: &Load) -> Result<Done, Failure> {
    let number = Arc::new(AtomicU64::new(0));
    let mut streams = Vec::new();
    for _ in 0..load.connections {
        let stream = TcpStream::connect(&load.to).await?;
        stream.set_nodelay(true)?;
        streams.push(stream);
    }
    let started = Instant::now();
    let pace = (load.per_second > 0).then(|| Pace {
        due: Arc::new(Semaphore::new(0)),
        every: Duration::from_secs_f64(1.0 / load.per_second as f64),
    });
    if let Some(pace) = &pace {
        tokio::spawn(pace.clone().keep(started, load.time));
    }
    let mut tasks = Vec::new();
    for stream in streams {
        let count = if load.count == 0 { u64::MAX } else { load.count };
        tasks.push(tokio::spawn(talk(
            stream,
            load.request.clone(),
            number.clone(),
            count,
            started,
            load.time,
            pace.clone(),
        )));
    }
    let mut all = Done::default();
    for task in tasks {
        let done = task.await??;
        all.took.extend(done.took);
        all.failures += done.failures;
        all.first_failure = all.first_failure.or(done.first_failure);
    }
    Ok(all)
}

/// When requests are due, however long those before them take.
#[derive(Clone)]
struct Pace {
    /// Requests that are due and not sent.
    due: Arc<Semaphore>,
    every: Duration,
}

impl Pace {
    async fn keep(self, started: Instant, time: Duration) {
        let mut told = 0;
        while started.elapsed() < time {
            let due = (started.elapsed().as_secs_f64() / self.every.as_secs_f64()) as usize;
            self.due.add_permits(due.saturating_sub(told));
            told = told.max(due);
            (0..RESTS).for_each(|_| std::hint::spin_loop());
            tokio::task::yield_now().await;
        }
        self.due.close();
    }
}

async fn talk(
    mut stream: TcpStream,
    request: Vec<u8>,
    number: Arc<AtomicU64>,
    count: u64,
    started: Instant,
    time: Duration,
    pace: Option<Pace>,
) -> Result<Done, Failure> {
    let unique: Vec<usize> = request
        .windows(UNIQUE.len())
        .enumerate()
        .filter(|(_, part)| *part == UNIQUE)
        .map(|(at, _)| at)
        .collect();
    let mut buffer = Vec::with_capacity(16 * 1024);
    let mut done = Done::default();
    let salt = std::process::id();
    loop {
        if let Some(pace) = &pace {
            let Ok(due) = pace.due.acquire().await else { return Ok(done) };
            due.forget();
        }
        let n = number.fetch_add(1, Ordering::Relaxed);
        if n >= count || started.elapsed() >= time {
            return Ok(done);
        }
        // What is late counts from when it was due, or a slow server would be asked less often.
        let begun =
            pace.as_ref().map_or_else(Instant::now, |pace| started + pace.every.mul_f64((n + 1) as f64));
        if unique.is_empty() {
            stream.write_all(&request).await?;
        } else {
            let id = format!("{:08x}-0000-4000-8000-{n:012x}", salt ^ started.elapsed().subsec_nanos());
            stream.write_all(&filled(&request, &unique, id.as_bytes())).await?;
        }
        let status = tokio::time::timeout(ANSWER_MAX, answer(&mut stream, &mut buffer)).await??;
        done.took.push(begun.elapsed());
        if !(200..300).contains(&status) {
            done.failures += 1;
            done.first_failure.get_or_insert_with(|| String::from_utf8_lossy(&buffer).into_owned());
        }
        buffer.clear();
    }
}

fn filled(request: &[u8], at: &[usize], id: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(request.len() + at.len() * id.len());
    let mut from = 0;
    for index in at {
        out.extend_from_slice(request.get(from..*index).unwrap_or_default());
        out.extend_from_slice(id);
        from = index + UNIQUE.len();
    }
    out.extend_from_slice(request.get(from..).unwrap_or_default());
    out
}

/// Reads one answer, whole; gives its status.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<u16, Failure> {
    loop {
        if let Some(status) = whole(buffer) {
            return Ok(status);
        }
        if stream.read_buf(buffer).await? == 0 {
            return Err("the server ended the connection".into());
        }
    }
}

/// The status, once all of the answer is there.
fn whole(buffer: &[u8]) -> Option<u16> {
    let head = buffer.windows(4).position(|part| part == b"\r\n\r\n")?;
    let body = buffer.get(head + 4..)?;
    let head = std::str::from_utf8(buffer.get(..head)?).ok()?;
    let status = head.get(9..12)?.parse().ok()?;
    let field = |wanted: &str| {
        head.lines().skip(1).find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case(wanted).then(|| value.trim())
        })
    };
    let there = match field("content-length").and_then(|length| length.parse::<usize>().ok()) {
        Some(length) => body.len() >= length,
        None if field("transfer-encoding").is_some() => body.ends_with(b"0\r\n\r\n"),
        None => true,
    };
    there.then_some(status)
}

/// Processor time of a process so far, of all its threads.
pub(super) fn cpu(pid: u64) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let ticks = stat.rsplit(") ").next().unwrap_or_default().split(' ').skip(11).take(2);
    // A tick is a hundredth of a second on every Linux we know.
    Duration::from_millis(ticks.filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>() * 10)
}
