//! The store: many callers, one writer.

mod sequences;
mod verify;
mod writer;

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};

use parking_lot::{Mutex, RwLock};
use tokio::sync::{oneshot, watch};

use crate::limits::{COMMITS_WAITING_MAX, DEAD_KEPT_MS, DELIVERED_KEPT_MS, ENQUEUED_WAITING_MAX};
use crate::limits::{EVENTS_KEPT_MS, PRUNE_ROWS_MAX, STREAMS_KEPT_MS};
use crate::{CommitError, Delivery, DueQuery, Engine, Found, Heads, PruneUntil, Pruned, Read, Receipt};
use crate::{StoreError, Transaction};
use sequences::Sequences;
pub use verify::{AuditReport, verify_audit};
use writer::{Job, Writer};

/// Groups the commits of many callers into few durable writes, on a thread of its own.
///
/// ```
/// # use std::sync::Arc;
/// # use tenon_storage::{engines::Memory, Store, Transaction};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let store = Store::new(Arc::new(Memory::new()))?;
/// let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// runtime.block_on(store.commit(Transaction { at_ms: 1, ..Transaction::default() }))?;
/// runtime.block_on(store.close());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Store {
    engine: Arc<dyn Engine>,
    /// Gone when the store is closed.
    jobs: RwLock<Option<SyncSender<Job>>>,
    thread: Mutex<Option<std::thread::JoinHandle<()>>>,
    closed: watch::Receiver<bool>,
    events: watch::Receiver<u64>,
    sequences: Sequences,
    counts: Arc<Counts>,
}

/// What the store and its writer count together.
#[derive(Debug, Default)]
struct Counts {
    /// Transactions nobody waits for that are not committed yet.
    enqueued: AtomicUsize,
    /// Those that never will be.
    dropped: AtomicU64,
}

impl Store {
    /// A store on this engine, with its writer running.
    ///
    /// # Errors
    /// When the engine cannot be read, or the system has no thread left.
    pub fn new(engine: Arc<dyn Engine>) -> Result<Self, StoreError> {
        let (jobs, waiting) = sync_channel(COMMITS_WAITING_MAX);
        let (events_sender, events) = watch::channel(engine.heads()?.last_event);
        let (closed_sender, closed) = watch::channel(false);
        let counts = Arc::new(Counts::default());
        let writer = Writer::new(Arc::clone(&engine), waiting, events_sender, Arc::clone(&counts));
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || {
                writer.run();
                // Nobody may be left who wants to know.
                let _ = closed_sender.send(true);
            })
            .map_err(|error| StoreError::Engine(format!("the writer cannot be started: {error}")))?;
        let (jobs, thread) = (RwLock::new(Some(jobs)), Mutex::new(Some(thread)));
        Ok(Self { engine, jobs, thread, closed, events, sequences: Sequences::default(), counts })
    }

    /// What the store is and where, for people.
    #[must_use]
    pub fn describe(&self) -> String {
        self.engine.describe()
    }

    /// Reads several things at one moment, answers in the same order. Meant to be called where one
    /// is: it takes microseconds, but for lists and sums of very much.
    ///
    /// # Errors
    /// When the engine cannot read.
    pub fn read(&self, reads: &[Read]) -> Result<Vec<Found>, StoreError> {
        self.engine.read(reads)
    }

    /// Commits a transaction. It waits for the writer from the moment of the call, and is committed
    /// even where the future is dropped; the receipt comes when it is durable.
    ///
    /// # Errors
    /// [`CommitError::Conflict`] when what it expects does not hold, [`CommitError::Store`] when the
    /// store failed, too many wait, or it is closed. After a failure of the engine the transaction
    /// is nearly always not there, but may be: read, or rely on an idempotency key.
    pub fn commit(
        &self,
        transaction: Transaction,
    ) -> impl Future<Output = Result<Receipt, CommitError>> + Send + use<> {
        let (reply, answer) = oneshot::channel();
        let sent = self.send(Job::Commit { transaction, reply });
        async move {
            sent?;
            // A writer that is gone without an answer has lost its engine.
            answer.await.unwrap_or(Err(CommitError::Store(StoreError::Closed)))
        }
    }

    /// Commits a transaction some time soon, and says nothing about it. What finds no room, or is
    /// in conflict, is dropped and counted; what meets a failing engine is tried again.
    pub fn enqueue(&self, transaction: Transaction) {
        let waiting = self.counts.enqueued.fetch_add(1, Ordering::Relaxed);
        let is_sent = waiting < ENQUEUED_WAITING_MAX && self.send(Job::Enqueue { transaction }).is_ok();
        if !is_sent {
            self.counts.enqueued.fetch_sub(1, Ordering::Relaxed);
            self.counts.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many enqueued transactions were dropped since the start.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.counts.dropped.load(Ordering::Relaxed)
    }

    /// The next number of a collection's sequence, each given once while the store is open. It
    /// lasts when a record is committed with it, see [`crate::RecordWrite::sequence`]; one that is
    /// given and never committed leaves a gap, or is given again after a restart.
    ///
    /// # Errors
    /// When the engine cannot say where the sequence stands.
    pub fn next_in_sequence(&self, tenant: &str, collection: &str) -> Result<u64, StoreError> {
        self.sequences.next(tenant, collection, &*self.engine)
    }

    /// The number of the last committed event, as it grows.
    #[must_use]
    pub fn events(&self) -> watch::Receiver<u64> {
        self.events.clone()
    }

    /// How far events and the audit chain have come.
    ///
    /// # Errors
    /// When the engine cannot read.
    pub fn heads(&self) -> Result<Heads, StoreError> {
        self.engine.heads()
    }

    /// Deliveries to try, those that wait longest first.
    ///
    /// # Errors
    /// When the engine cannot read.
    pub fn due_deliveries(&self, query: &DueQuery) -> Result<Vec<Delivery>, StoreError> {
        self.engine.due_deliveries(query)
    }

    /// Removes some of what is kept no longer at `now_ms`, see [`crate::limits`]. There may be more
    /// while it removes anything.
    ///
    /// # Errors
    /// When the store failed, too many wait, or it is closed.
    pub fn prune(&self, now_ms: i64) -> impl Future<Output = Result<Pruned, StoreError>> + Send + use<> {
        let until = PruneUntil {
            keys_ms: now_ms,
            delivered_ms: now_ms.saturating_sub(DELIVERED_KEPT_MS),
            dead_ms: now_ms.saturating_sub(DEAD_KEPT_MS),
            events_ms: now_ms.saturating_sub(EVENTS_KEPT_MS),
            streams_ms: now_ms.saturating_sub(STREAMS_KEPT_MS),
            limit: PRUNE_ROWS_MAX,
        };
        let (reply, answer) = oneshot::channel();
        let sent = self.send(Job::Prune { until, reply });
        async move {
            sent?;
            answer.await.unwrap_or(Err(StoreError::Closed))
        }
    }

    /// Follows the whole audit chain. Takes time: some hundred thousand links a second.
    ///
    /// # Errors
    /// When the engine cannot read.
    pub fn verify_audit(&self) -> Result<AuditReport, StoreError> {
        verify_audit(&*self.engine)
    }

    /// Writes a copy of everything that is committed to a new file, while others read and write.
    /// Takes time.
    ///
    /// # Errors
    /// When there is such a file, it cannot be written, or the engine has no files.
    pub fn backup(&self, to: &Path) -> Result<(), StoreError> {
        self.engine.backup(to)
    }

    /// Commits what waits, and takes nothing more. Reading goes on.
    pub fn close(&self) -> impl Future<Output = ()> + Send + use<> {
        drop(self.jobs.write().take());
        let mut closed = self.closed.clone();
        async move {
            // The sender is gone only when the thread is.
            let _ = closed.wait_for(|is_closed| *is_closed).await;
        }
    }

    fn send(&self, job: Job) -> Result<(), StoreError> {
        match &*self.jobs.read() {
            None => Err(StoreError::Closed),
            Some(jobs) => jobs.try_send(job).map_err(|error| match error {
                TrySendError::Full(_) => StoreError::Overloaded,
                TrySendError::Disconnected(_) => StoreError::Closed,
            }),
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        drop(self.jobs.write().take());
        if let Some(thread) = self.thread.lock().take() {
            // A writer that panicked has answered nobody, and has said so already.
            let _ = thread.join();
        }
    }
}
