//! Streams of events, all of which are told of everything.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::generate::{Load, cpu, send};
use super::{Failure, Words};

/// How long it may take until every stream has everything.
const TIME_MAX: Duration = Duration::from_secs(60);

/// Begins every event of a stream, and nothing else.
const EVENT: &[u8] = b"\ndata:";

/// Opens the streams, makes the events, waits until every stream has all of them.
pub(super) async fn run(words: &Words) -> Result<(), Failure> {
    let (to, streams) = (words.text("to")?.to_owned(), words.number("streams", 50)?);
    let (count, pid) = (words.number("count", 1_000)?, words.number("pid", 0)?);
    let head = std::fs::read(words.text("stream")?)?;
    let seen = Arc::new(AtomicU64::new(0));
    let mut tasks = Vec::new();
    for _ in 0..streams {
        let mut stream = TcpStream::connect(&to).await?;
        stream.write_all(&head).await?;
        tasks.push(tokio::spawn(listen(stream, seen.clone())));
    }
    // The streams are open before the first event is made.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let request = std::fs::read(words.text("request")?)?;
    let load = Load { to, request, connections: 32, count, time: TIME_MAX, per_second: 0 };
    let (started, cpu_before) = (Instant::now(), cpu(pid));
    let done = send(&load).await?;
    let made = started.elapsed();
    let wanted = streams * count;
    while seen.load(Ordering::Relaxed) < wanted && started.elapsed() < TIME_MAX {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let (wall, cpu) = (started.elapsed(), cpu(pid).saturating_sub(cpu_before));
    let seen = seen.load(Ordering::Relaxed);
    for task in tasks {
        task.abort();
    }
    println!(
        "{}",
        json!({
            "events": seen, "missing": wanted.saturating_sub(seen), "failures": done.failures,
            "first_failure": done.first_failure, "seconds": wall.as_secs_f64(), "made_seconds": made.as_secs_f64(),
            "per_second": seen as f64 / wall.as_secs_f64(),
            "cpu_us": cpu.as_secs_f64() * 1e6 / (seen.max(1) as f64),
        })
    );
    Ok(())
}

async fn listen(mut stream: TcpStream, seen: Arc<AtomicU64>) -> Result<(), Failure> {
    let mut buffer = Vec::with_capacity(64 * 1024);
    while stream.read_buf(&mut buffer).await? > 0 {
        let found = buffer.windows(EVENT.len()).filter(|part| *part == EVENT).count();
        seen.fetch_add(found as u64, Ordering::Relaxed);
        // What may be the beginning of one stays.
        let kept = buffer.len().min(EVENT.len() - 1);
        buffer.drain(..buffer.len() - kept);
    }
    Ok(())
}
