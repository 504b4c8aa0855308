//! What the gateway asks the world for: the time and randomness. A simulation puts its own here.

use std::cell::RefCell;
use std::sync::Arc;

/// Tells the time.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Milliseconds since 1970.
    fn now_ms(&self) -> i64;
}

/// Makes what nobody can foresee.
pub trait Entropy: Send + Sync + std::fmt::Debug {
    /// A new id, a UUID of version 7: ids made later sort later.
    fn uuid(&self, now_ms: i64) -> String;

    /// Fills bytes that keep a secret.
    fn fill(&self, bytes: &mut [u8]);
}

/// The world the gateway runs in. Cheap to copy.
#[derive(Debug, Clone)]
pub struct World {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

impl World {
    /// The machine's own.
    #[must_use]
    pub fn system() -> Self {
        Self { clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy) }
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// A new id.
    #[must_use]
    pub fn uuid(&self) -> String {
        self.entropy.uuid(self.clock.now_ms())
    }
}

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }
}

/// Random bytes of a UUID of version 7, a count.
const UUID_RANDOM_BYTES: usize = 10;

/// Random bytes that are fetched at once for ids, a count: of some hundred ids.
const POOL_BYTES: usize = 1_024;

thread_local! {
    static POOL: RefCell<Pool> = const { RefCell::new(Pool { bytes: [0; POOL_BYTES], used: POOL_BYTES }) };
}

/// Random bytes for ids, fetched many at once: asking the machine for a few takes as long.
struct Pool {
    bytes: [u8; POOL_BYTES],
    used: usize,
}

impl Pool {
    fn take(&mut self, entropy: &dyn Entropy, out: &mut [u8]) {
        if self.used + out.len() > POOL_BYTES {
            entropy.fill(&mut self.bytes);
            self.used = 0;
        }
        if let Some(next) = self.bytes.get_mut(self.used..self.used + out.len()) {
            out.copy_from_slice(next);
            // No id can be told from what is left here of others.
            next.fill(0);
        }
        self.used += out.len();
    }
}

/// The machine's randomness.
#[derive(Debug, Clone, Copy)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn uuid(&self, now_ms: i64) -> String {
        let mut random = [0; UUID_RANDOM_BYTES];
        POOL.with_borrow_mut(|pool| pool.take(self, &mut random));
        let millis = u64::try_from(now_ms).unwrap_or_default();
        let id = uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
        let mut text = uuid::Uuid::encode_buffer();
        id.hyphenated().encode_lower(&mut text).to_owned()
    }

    fn fill(&self, bytes: &mut [u8]) {
        let filled = rustls::crypto::aws_lc_rs::default_provider().secure_random.fill(bytes);
        crate::never::check(filled.is_ok(), "the machine has no randomness");
    }
}
