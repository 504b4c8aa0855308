//! Moving what was written from the write-ahead log to its place in the file.
//!
//! A connection of its own does most of it while the writer goes on, so that no commit waits for
//! it. The log can start over only when a commit finds all of it moved, which never happens by
//! itself under load; so when the log has grown long and little of it is left to move, the writer moves
//! that between two commits. Everybody waits for as long, so it must be little.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use parking_lot::Mutex;
use rusqlite::Connection;

use super::{open, write::Writer};
use crate::StoreError;

/// Pages the log grows by before some are moved, a count: 16 MB.
const PAGES_PER_CHECKPOINT: usize = 4_096;

/// Pages of the log from which on it is to start over, a count: 64 MB, which is soon read again after a
/// crash.
const LOG_PAGES_LONG: usize = 16_384;

/// Pages of the log at which it starts over however many of them the writer has to move, a count: 72 MB.
const LOG_PAGES_MAX: usize = 18_432;

/// Pages the writer moves itself, a count: 4 MB, some milliseconds.
const WRITER_PAGES_MAX: usize = 1_024;

#[derive(Debug)]
pub(super) struct Checkpoints {
    /// Gone when the thread is to end.
    wanted: Option<SyncSender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
    /// Pages the log had when it was last looked after.
    seen: AtomicUsize,
    /// Pages of the log that are moved; held while some are being moved.
    moved: Arc<Mutex<usize>>,
}

impl Checkpoints {
    pub(super) fn start(path: &Path) -> Result<Self, StoreError> {
        let connection = open::checkpointer(path)?;
        // One that is wanted while another waits is the same one.
        let (wanted, asked) = sync_channel(1);
        let moved = Arc::new(Mutex::new(0));
        let shared = Arc::clone(&moved);
        let thread = std::thread::Builder::new()
            .name("store-checkpoint".to_owned())
            .spawn(move || run(&connection, &asked, &shared))
            .map_err(|error| StoreError::Engine(format!("checkpoints cannot be started: {error}")))?;
        Ok(Self { wanted: Some(wanted), thread: Some(thread), seen: AtomicUsize::new(0), moved })
    }

    /// Looks after the log when a commit has made it long enough.
    pub(super) fn after_commit(&self, writer: &mut Writer) {
        let pages = writer.log_pages();
        let seen = self.seen.load(Ordering::Relaxed);
        if pages < seen {
            // The log has started over.
            self.seen.store(0, Ordering::Relaxed);
            if let Some(mut moved) = self.moved.try_lock() {
                *moved = 0;
            }
        }
        if pages >= LOG_PAGES_LONG {
            self.end_log(writer, pages);
        } else if pages >= seen.saturating_add(PAGES_PER_CHECKPOINT) {
            self.seen.store(pages, Ordering::Relaxed);
            self.ask();
        }
    }

    /// Has the log start over: asks until little is left to move, then moves that.
    fn end_log(&self, writer: &Writer, pages: usize) {
        let must = pages >= LOG_PAGES_MAX;
        let moved = if must { Some(self.moved.lock()) } else { self.moved.try_lock() };
        // Some are being moved now; the next commit finds fewer left.
        let Some(mut moved) = moved else { return };
        let left = pages.saturating_sub(*moved);
        if !must && left > WRITER_PAGES_MAX {
            self.ask();
            return;
        }
        // One who reads for long keeps the log from starting over, and it is not tried at every commit.
        if pages >= self.seen.load(Ordering::Relaxed).saturating_add(WRITER_PAGES_MAX) {
            *moved = passive(writer.connection());
            self.seen.store(pages, Ordering::Relaxed);
        }
    }

    fn ask(&self) {
        if let Some(wanted) = &self.wanted {
            // Full: one is wanted already.
            let _ = wanted.try_send(());
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.wanted = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(connection: &Connection, asked: &Receiver<()>, moved: &Mutex<usize>) {
    while asked.recv().is_ok() {
        let mut moved = moved.lock();
        *moved = passive(connection);
    }
}

/// Moves what can be moved without anybody waiting; gives how many pages of the log are moved.
fn passive(connection: &Connection) -> usize {
    // What is not moved now stays in the log, which is as durable; the next time moves it. A disk
    // that fails shows in the next commit.
    let moved = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get::<_, i64>(2));
    moved.ok().and_then(|pages| usize::try_from(pages).ok()).unwrap_or(0)
}
