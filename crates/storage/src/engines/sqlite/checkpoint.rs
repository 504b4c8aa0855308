//! Moving what was written from the write-ahead log to its place in the file.
//!
//! A connection of its own does most of it while the writer goes on, so that no commit waits for
//! it. The log can start over only when a commit finds all of it moved, which never happens by
//! itself under load; so when the log has grown long, the writer moves what little is left between
//! two commits.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use rusqlite::Connection;

use super::{open, write::Writer};
use crate::StoreError;

/// Pages the log grows by before some are moved, a count: 16 MB.
const PAGES_PER_CHECKPOINT: usize = 4_096;

/// Pages of the log at which the writer itself moves the rest, a count: 64 MB, which is soon read
/// again after a crash.
const LOG_PAGES_MAX: usize = 16_384;

#[derive(Debug)]
pub(super) struct Checkpoints {
    /// Gone when the thread is to end.
    wanted: Option<SyncSender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
    /// Pages the log had when it was last looked after.
    seen: AtomicUsize,
}

impl Checkpoints {
    pub(super) fn start(path: &Path) -> Result<Self, StoreError> {
        let connection = open::checkpointer(path)?;
        // One that is wanted while another waits is the same one.
        let (wanted, asked) = sync_channel(1);
        let thread = std::thread::Builder::new()
            .name("store-checkpoint".to_owned())
            .spawn(move || run(&connection, &asked))
            .map_err(|error| StoreError::Engine(format!("checkpoints cannot be started: {error}")))?;
        Ok(Self { wanted: Some(wanted), thread: Some(thread), seen: AtomicUsize::new(0) })
    }

    /// Looks after the log when a commit has made it long enough.
    pub(super) fn after_commit(&self, writer: &mut Writer) {
        let pages = writer.log_pages();
        let seen = self.seen.load(Ordering::Relaxed);
        if pages < seen {
            // The log has started over.
            self.seen.store(0, Ordering::Relaxed);
        }
        if pages < seen.saturating_add(PAGES_PER_CHECKPOINT) {
            return;
        }
        self.seen.store(pages, Ordering::Relaxed);
        if pages >= LOG_PAGES_MAX {
            passive(writer.connection());
        } else if let Some(wanted) = &self.wanted {
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

fn run(connection: &Connection, asked: &Receiver<()>) {
    while asked.recv().is_ok() {
        passive(connection);
    }
}

/// Moves what can be moved without anybody waiting.
fn passive(connection: &Connection) {
    // What is not moved now stays in the log, which is as durable; the next time moves it. A disk
    // that fails shows in the next commit.
    let _ = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get::<_, i64>(0));
}
