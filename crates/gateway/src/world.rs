//! What the gateway asks the world for: the time and randomness. A simulation puts its own here.

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

/// The machine's randomness.
#[derive(Debug, Clone, Copy)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn uuid(&self, now_ms: i64) -> String {
        let seconds = u64::try_from(now_ms / 1000).unwrap_or_default();
        let nanos = u32::try_from(now_ms.rem_euclid(1000)).unwrap_or_default().saturating_mul(1_000_000);
        let stamp = uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanos);
        uuid::Uuid::new_v7(stamp).to_string()
    }

    fn fill(&self, bytes: &mut [u8]) {
        let filled = rustls::crypto::aws_lc_rs::default_provider().secure_random.fill(bytes);
        crate::never::check(filled.is_ok(), "the machine has no randomness");
    }
}
