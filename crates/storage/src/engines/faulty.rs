//! An engine that fails as disks do, on purpose and by a seed: for simulators and tests.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;

use crate::{CommitError, Delivery, DueQuery, Engine, Found, Heads, PruneUntil, Pruned, Read, Receipt};
use crate::{StoreError, Transaction, conflict};

/// How often what goes wrong, each in a thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Faults {
    /// A read that fails.
    pub read_fails: u32,
    /// A group that fails and is not there.
    pub commit_fails_before: u32,
    /// A group that is there, and is said to have failed: what nobody can rule out.
    pub commit_fails_after: u32,
    /// A transaction of a group that is refused for a conflict nobody caused.
    pub conflict: u32,
    /// A group that takes long.
    pub slow: u32,
    /// How long, in milliseconds.
    pub slow_ms: u64,
}

/// Another engine, and what goes wrong with it. The same seed and the same calls give the same faults.
pub struct Faulty {
    inner: Arc<dyn Engine>,
    faults: Mutex<Faults>,
    random: Mutex<Random>,
    pause: Box<dyn Fn(Duration) + Send + Sync>,
    injected: AtomicU64,
}

impl Faulty {
    /// An engine with these faults, by this seed.
    #[must_use]
    pub fn new(inner: Arc<dyn Engine>, seed: u64, faults: Faults) -> Self {
        Self {
            inner,
            faults: Mutex::new(faults),
            random: Mutex::new(Random(seed)),
            pause: Box::new(std::thread::sleep),
            injected: AtomicU64::new(0),
        }
    }

    /// Waits in another way where it is slow, such as on a simulated clock.
    #[must_use]
    pub fn with_pause(self, pause: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        Self { pause: Box::new(pause), ..self }
    }

    /// Other faults from now on; none where they are the default.
    pub fn set(&self, faults: Faults) {
        *self.faults.lock() = faults;
    }

    /// How many faults there were.
    #[must_use]
    pub fn injected(&self) -> u64 {
        self.injected.load(Ordering::Relaxed)
    }

    /// Whether something that happens so often in a thousand happens now.
    fn happens(&self, in_thousand: u32) -> bool {
        let happens = self.random.lock().next() % 1_000 < u64::from(in_thousand);
        if happens {
            self.injected.fetch_add(1, Ordering::Relaxed);
        }
        happens
    }

    fn reading(&self) -> Result<(), StoreError> {
        let faults = *self.faults.lock();
        if self.happens(faults.read_fails) { Err(failure("reading")) } else { Ok(()) }
    }

    /// Commits those that meet no made-up conflict, and puts the answers in their places.
    fn commit_some(&self, group: &[Transaction], in_thousand: u32) -> Vec<Result<Receipt, CommitError>> {
        let refused: Vec<bool> = group.iter().map(|_| self.happens(in_thousand)).collect();
        if !refused.contains(&true) {
            return self.inner.commit(group);
        }
        let kept: Vec<Transaction> = group
            .iter()
            .zip(&refused)
            .filter(|(_, refused)| !**refused)
            .map(|(one, _)| one.clone())
            .collect();
        let mut results = if kept.is_empty() { Vec::new() } else { self.inner.commit(&kept) }.into_iter();
        let mut answer = |refused: &bool| match refused {
            true => Err(CommitError::Conflict(conflict::RECORD)),
            false => results.next().unwrap_or_else(|| Err(failure("answering").into())),
        };
        refused.iter().map(&mut answer).collect()
    }
}

impl Engine for Faulty {
    fn describe(&self) -> String {
        format!("{} with faults", self.inner.describe())
    }

    fn read(&self, reads: &[Read]) -> Result<Vec<Found>, StoreError> {
        self.reading()?;
        self.inner.read(reads)
    }

    fn commit(&self, group: &[Transaction]) -> Vec<Result<Receipt, CommitError>> {
        let faults = *self.faults.lock();
        let all_failed = |what: &str| group.iter().map(|_| Err(failure(what).into())).collect();
        if self.happens(faults.slow) {
            (self.pause)(Duration::from_millis(faults.slow_ms));
        }
        if self.happens(faults.commit_fails_before) {
            return all_failed("before the commit");
        }
        let results = self.commit_some(group, faults.conflict);
        if self.happens(faults.commit_fails_after) {
            return all_failed("after the commit");
        }
        results
    }

    fn heads(&self) -> Result<Heads, StoreError> {
        self.reading()?;
        self.inner.heads()
    }

    fn sequence(&self, tenant: &str, collection: &str) -> Result<u64, StoreError> {
        self.reading()?;
        self.inner.sequence(tenant, collection)
    }

    fn due_deliveries(&self, query: &DueQuery) -> Result<Vec<Delivery>, StoreError> {
        self.reading()?;
        self.inner.due_deliveries(query)
    }

    fn prune(&self, until: &PruneUntil) -> Result<Pruned, StoreError> {
        self.inner.prune(until)
    }

    fn backup(&self, to: &Path) -> Result<(), StoreError> {
        self.inner.backup(to)
    }
}

impl std::fmt::Debug for Faulty {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Faulty").field("inner", &self.inner).field("faults", &*self.faults.lock()).finish()
    }
}

fn failure(what: &str) -> StoreError {
    StoreError::Engine(format!("a fault was injected {what}"))
}

/// SplitMix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
