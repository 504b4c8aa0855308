//! The port of every engine.

use std::path::Path;

use crate::{CommitError, Delivery, DueQuery, Found, Read, Receipt, StoreError, Transaction};

/// What an engine can do. Calls block; [`crate::Store`] decides on which thread.
pub trait Engine: Send + Sync + std::fmt::Debug {
    /// What it is and where, for people: `sqlite:/var/lib/x.db`.
    fn describe(&self) -> String;

    /// Reads several things at one moment, answers in the same order.
    ///
    /// # Errors
    /// When the engine cannot read.
    fn read(&self, reads: &[Read]) -> Result<Vec<Found>, StoreError>;

    /// Commits a group of transactions with one durable write. Each stands or falls alone: a
    /// conflict in one changes nothing for the others. When the durable write itself fails, every
    /// one of them has failed.
    fn commit(&self, group: &[Transaction]) -> Vec<Result<Receipt, CommitError>>;

    /// How far events and the audit chain have come.
    ///
    /// # Errors
    /// When the engine cannot read.
    fn heads(&self) -> Result<Heads, StoreError>;

    /// The highest number of a collection's sequence that was ever committed; 0 where none was.
    ///
    /// # Errors
    /// When the engine cannot read.
    fn sequence(&self, tenant: &str, collection: &str) -> Result<u64, StoreError>;

    /// Deliveries to try, those that wait longest first.
    ///
    /// # Errors
    /// When the engine cannot read.
    fn due_deliveries(&self, query: &DueQuery) -> Result<Vec<Delivery>, StoreError>;

    /// Removes what is kept no longer, a bounded number of rows in one call.
    ///
    /// # Errors
    /// When the engine cannot write.
    fn prune(&self, until: &PruneUntil) -> Result<Pruned, StoreError>;

    /// Writes a copy of everything that is committed to a new file, while others read and write.
    ///
    /// # Errors
    /// When there is such a file, it cannot be written, or the engine has no files.
    fn backup(&self, to: &Path) -> Result<(), StoreError>;
}

/// How far events and the audit chain have come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heads {
    /// The number of the last event; 0 where there was none.
    pub last_event: u64,
    /// The number of the last audit link; 0 where there is none.
    pub audit_seq: u64,
    /// The hash of the last audit link.
    pub audit_hash: String,
}

/// Until when things are removed, each in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PruneUntil {
    /// Idempotency keys that ran out at this moment or before.
    pub keys_ms: i64,
    /// Deliveries that were accepted at this moment or before.
    pub delivered_ms: i64,
    /// Deliveries that were given up at this moment or before.
    pub dead_ms: i64,
    /// Events of this moment or before that no remaining delivery needs.
    pub events_ms: i64,
    /// Entries of streams that last grew at this moment or before.
    pub streams_ms: i64,
    /// How many rows of each kind at most.
    pub limit: u32,
}

/// What was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pruned {
    /// Idempotency keys.
    pub keys: u64,
    /// Deliveries.
    pub deliveries: u64,
    /// Events.
    pub events: u64,
    /// Entries of streams.
    pub entries: u64,
}
