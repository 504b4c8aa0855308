//! How often each caller called: all the rate policy remembers.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use parking_lot::Mutex;
use tenon_policies::rate::{self, RateClass, RateState, RateStep};

/// Parts the table is in, a count: callers of different parts never wait for each other.
const SHARDS: usize = 64;

/// Callers that are remembered in one part, a count; past it those who may call freely again are
/// forgotten. A million in all, at a hundred bytes each.
const CALLERS_MAX: usize = 16_384;

/// What is remembered of every caller in every class.
#[derive(Debug)]
pub(crate) struct Rates {
    shards: Vec<Mutex<HashMap<String, RateState>>>,
    hasher: RandomState,
}

impl Default for Rates {
    fn default() -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self { shards, hasher: RandomState::new() }
    }
}

impl Rates {
    /// Counts one call of a caller.
    pub(crate) fn step(&self, class: &RateClass, tenant: &str, actor: &str, now_ms: i64) -> Option<RateStep> {
        // Names hold no control characters, so that no two callers are written alike.
        let key = format!("{}\u{1f}{tenant}\u{1f}{actor}", class.name);
        let index = usize::try_from(self.hasher.hash_one(&key)).unwrap_or_default() % SHARDS;
        let mut shard = self.shards.get(index)?.lock();
        if shard.len() >= CALLERS_MAX {
            let now_ns = now_ms.saturating_mul(1_000_000);
            shard.retain(|_, state| state.0 > now_ns);
        }
        let state = shard.entry(key).or_default();
        let step = rate::decide(class, *state, now_ms);
        *state = step.state;
        Some(step)
    }
}
