//! Everything in maps under one lock: for tests and for trying things out. It is also what the
//! other engines are held to, so it is written to be plainly right, not fast.

mod commit;
mod read;
mod state;

use std::path::Path;

use parking_lot::RwLock;

use crate::{CommitError, Delivery, DueQuery, Engine, Found, Heads, PruneUntil, Pruned, Read, Receipt};
use crate::{StoreError, Transaction};
use state::State;

/// An engine that forgets everything when it is dropped.
#[derive(Debug, Default)]
pub struct Memory {
    state: RwLock<State>,
}

impl Memory {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Engine for Memory {
    fn describe(&self) -> String {
        "memory".to_owned()
    }

    fn read(&self, reads: &[Read]) -> Result<Vec<Found>, StoreError> {
        let state = self.state.read();
        Ok(reads.iter().map(|read| state.find(read)).collect())
    }

    fn commit(&self, group: &[Transaction]) -> Vec<Result<Receipt, CommitError>> {
        let mut state = self.state.write();
        group.iter().map(|transaction| state.commit(transaction)).collect()
    }

    fn heads(&self) -> Result<Heads, StoreError> {
        Ok(self.state.read().heads())
    }

    fn sequence(&self, tenant: &str, collection: &str) -> Result<u64, StoreError> {
        let place = (tenant.to_owned(), collection.to_owned());
        Ok(self.state.read().sequences.get(&place).copied().unwrap_or(0))
    }

    fn due_deliveries(&self, query: &DueQuery) -> Result<Vec<Delivery>, StoreError> {
        Ok(self.state.read().due(query))
    }

    fn prune(&self, until: &PruneUntil) -> Result<Pruned, StoreError> {
        Ok(self.state.write().prune(until))
    }

    fn backup(&self, _to: &Path) -> Result<(), StoreError> {
        Err(StoreError::Unsupported("a store in memory has no backup; serve with `--store sqlite:FILE`"))
    }
}
