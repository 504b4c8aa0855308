//! The port of every engine, and the store that groups commits.

use crate::{CommitError, Found, Read, Receipt, StoreError, Transaction};

/// What an engine can do. Calls block; [`Store`] decides on which thread.
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
}

/// Groups the commits of many callers.
#[derive(Debug)]
pub struct Store;
