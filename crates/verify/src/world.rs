//! What a run asks of whoever started it: tokens, and a clock where the gateway is its own.

use serde_json::{Map, Value};

/// Gives credentials to actors.
pub trait Tokens: Send + Sync {
    /// A token that was given for an actor by name, where there is one.
    fn given(&self, actor: &str) -> Option<String>;

    /// A token of claims; `iat` and `exp` stand in them, issuer and audience do not.
    ///
    /// # Errors
    /// Says what is missing to make one.
    fn mint(&self, claims: &Map<String, Value>) -> Result<String, String>;
}

/// The time, and whether it goes when it is told to.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970, as whatever is asked sees them.
    fn now_ms(&self) -> i64;

    /// Sets it forward; `false` where the clock is nobody's to set.
    fn advance(&self, ms: u64) -> bool;
}

/// Tokens that were given, and none that could be made.
#[derive(Debug, Default)]
pub struct NoTokens;

impl Tokens for NoTokens {
    fn given(&self, _: &str) -> Option<String> {
        None
    }

    fn mint(&self, _: &Map<String, Value>) -> Result<String, String> {
        Err("no key to sign tokens with was given".to_owned())
    }
}
