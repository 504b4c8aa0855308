//! Tokens that were verified. A token is looked for by a hash with a secret key, and compared whole.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use parking_lot::RwLock;

use super::authenticator::Claims;
use super::{CACHED_TOKENS_MAX, LEEWAY_MS};

/// Locks, a count: threads that verify at once seldom meet at one.
const SHARDS: usize = 16;

/// Tokens a generation of a shard. Two generations: when the young one is full, the old one goes.
const GENERATION_MAX: usize = CACHED_TOKENS_MAX / SHARDS / 2;

/// A hash nobody outside can foresee: tokens cannot be made to meet. Of two that meet by chance the
/// later one is kept.
type TokenHash = u64;

/// A token that was good.
#[derive(Debug, Clone)]
pub(super) struct Cached {
    /// The token.
    pub text: Arc<str>,
    /// What it says.
    pub claims: Arc<Claims>,
    /// Which issuer signed it.
    pub issuer: usize,
    /// The issuer's keys at that time: when they change, it is verified again.
    pub keys_version: u64,
}

impl Cached {
    pub(super) fn is_expired(&self, now_ms: i64) -> bool {
        self.claims.expires_ms.is_some_and(|end| now_ms >= end.saturating_add(LEEWAY_MS))
    }
}

#[derive(Debug, Default)]
struct Shard {
    young: HashMap<TokenHash, Cached>,
    old: HashMap<TokenHash, Cached>,
}

#[derive(Debug)]
pub(super) struct Cache {
    shards: [RwLock<Shard>; SHARDS],
    hasher: RandomState,
}

impl Cache {
    pub(super) fn new() -> Self {
        Self { shards: std::array::from_fn(|_| RwLock::default()), hasher: RandomState::new() }
    }

    pub(super) fn get(&self, text: &str) -> Option<Cached> {
        let hash = self.hasher.hash_one(text);
        let same = |found: &&Cached| *found.text == *text;
        let shard = self.shard(hash)?.read();
        if let Some(found) = shard.young.get(&hash).filter(same) {
            return Some(found.clone());
        }
        let found = shard.old.get(&hash).filter(same).cloned()?;
        drop(shard);
        // It is used, so it stays for one more generation.
        self.insert(found.clone());
        Some(found)
    }

    pub(super) fn insert(&self, cached: Cached) {
        let hash = self.hasher.hash_one(&*cached.text);
        let Some(shard) = self.shard(hash) else { return };
        let mut shard = shard.write();
        if shard.young.len() >= GENERATION_MAX {
            shard.old = std::mem::take(&mut shard.young);
        }
        shard.young.insert(hash, cached);
    }

    pub(super) fn remove(&self, text: &str) {
        let hash = self.hasher.hash_one(text);
        let Some(shard) = self.shard(hash) else { return };
        let mut shard = shard.write();
        shard.young.remove(&hash);
        shard.old.remove(&hash);
    }

    /// Tokens held.
    pub(super) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.read()).map(|shard| shard.young.len() + shard.old.len()).sum()
    }

    fn shard(&self, hash: TokenHash) -> Option<&RwLock<Shard>> {
        // The map itself begins at the other end of the hash.
        self.shards.get(usize::from((hash >> 56) as u8) % SHARDS)
    }
}
