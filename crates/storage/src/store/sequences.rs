//! Numbers of sequences, given once each.

use std::collections::BTreeMap;

use parking_lot::Mutex;

use crate::{Engine, StoreError};

/// The last number given, by tenant and collection.
#[derive(Debug, Default)]
pub(super) struct Sequences {
    last: Mutex<BTreeMap<(String, String), u64>>,
}

impl Sequences {
    /// The next number; the first time from where the engine stands.
    pub(super) fn next(
        &self,
        tenant: &str,
        collection: &str,
        engine: &dyn Engine,
    ) -> Result<u64, StoreError> {
        let place = (tenant.to_owned(), collection.to_owned());
        let mut last = self.last.lock();
        let number = match last.get(&place) {
            Some(number) => *number,
            None => engine.sequence(tenant, collection)?,
        };
        last.insert(place, number + 1);
        Ok(number + 1)
    }
}
