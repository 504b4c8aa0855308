//! Which idempotency keys the file cannot have. Nearly every request brings a key nobody has used, and
//! looking it up means reading again whatever the last commit changed; here it is told at once.
//!
//! A Bloom filter: it never says that a key is not there that is. The more keys it has been told of,
//! the more often it says that one may be there that is not, which then is looked up in the file.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::Connection;

use super::values::Digest;
use crate::StoreError;

/// Bits of the filter, a power of two: 4 MB. Told of four million keys since the start, it takes one in
/// forty others for one that may be there, told of twenty million most.
const BITS: u64 = 1 << 25;

/// Bits a key sets, a count.
const BITS_PER_KEY: u32 = 4;

/// Words that are made together, a count: a page of memory, made when a key first falls into it.
const WORDS_PER_PART: usize = 512;

#[derive(Debug)]
pub(super) struct Seen {
    parts: Vec<OnceLock<Box<[AtomicU64]>>>,
}

impl Seen {
    fn new() -> Self {
        let parts = BITS.div_ceil(64 * WORDS_PER_PART as u64);
        Self { parts: (0..parts).map(|_| OnceLock::new()).collect() }
    }

    /// Knows every key that is in the file.
    pub(super) fn read(connection: &Connection) -> Result<Self, StoreError> {
        let seen = Self::new();
        // The index alone has all that is needed.
        let mut statement = connection.prepare("SELECT start FROM idempotency")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            seen.add_start(row.get(0)?);
        }
        Ok(seen)
    }

    /// Told before the key is committed, so that whoever does not find it here cannot find it there.
    pub(super) fn add(&self, digest: &Digest) {
        self.add_start(digest.start());
    }

    /// Whether a key may be in the file.
    pub(super) fn may_have(&self, digest: &Digest) -> bool {
        places(digest.start()).all(|(word, bit)| {
            let Some(part) = self.parts.get(word / WORDS_PER_PART) else { return true };
            let word = part.get().and_then(|words| words.get(word % WORDS_PER_PART));
            word.is_some_and(|word| word.load(Ordering::Acquire) & bit != 0)
        })
    }

    fn add_start(&self, start: i64) {
        for (word, bit) in places(start) {
            let Some(part) = self.parts.get(word / WORDS_PER_PART) else { continue };
            let words = part.get_or_init(|| (0..WORDS_PER_PART).map(|_| AtomicU64::new(0)).collect());
            if let Some(word) = words.get(word % WORDS_PER_PART) {
                word.fetch_or(bit, Ordering::Release);
            }
        }
    }
}

/// Words and bits of a key. The start of a digest is random: its halves make any number of places.
fn places(start: i64) -> impl Iterator<Item = (usize, u64)> {
    let start = start.cast_unsigned();
    let (first, step) = (start, (start >> 32) | 1);
    (0..u64::from(BITS_PER_KEY)).map(move |n| {
        let place = first.wrapping_add(step.wrapping_mul(n)) % BITS;
        (usize::try_from(place / 64).unwrap_or(0), 1 << (place % 64))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(key: u64) -> Digest {
        let key =
            crate::IdempotencyKey { scope: "t".to_owned(), operation: "o".to_owned(), key: key.to_string() };
        Digest::of(&key)
    }

    #[test]
    fn what_it_was_told_of_it_never_denies_and_little_else_it_has() {
        let seen = Seen::new();
        assert!(!seen.may_have(&digest(0)));
        (0..20_000).for_each(|key| seen.add(&digest(key)));
        assert!((0..20_000).all(|key| seen.may_have(&digest(key))));
        let others = (20_000..40_000).filter(|key| seen.may_have(&digest(*key))).count();
        assert!(others < 20, "{others}");
    }
}
