//! What is known of repeated calls.

/// Names one idempotency key within the scope its contract gives it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IdempotencyKey {
    /// Whose keys these are, such as tenant and actor, joined by the caller.
    pub scope: String,
    /// The operation.
    pub operation: String,
    /// The key as the client sent it, without quotes.
    pub key: String,
}

/// What stands under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyRecord {
    /// Hash of method, operation and canonical body.
    pub fingerprint: String,
    /// Reserved, or settled with a reply.
    pub state: IdempotencyState,
    /// When it was first accepted, in milliseconds since 1970.
    pub accepted_ms: i64,
    /// From when on it counts no more, in milliseconds since 1970.
    pub expires_ms: i64,
}

/// How far the first call under a key has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdempotencyState {
    /// Acting outside the store; the outcome is not known yet.
    Reserved {
        /// Tells this reservation from any other.
        reservation: String,
        /// From when on the one who reserved is taken for dead, in milliseconds since 1970.
        lease_until_ms: i64,
    },
    /// Done.
    Settled(StoredReply),
}

/// A reply as it is sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredReply {
    /// HTTP status.
    pub status: u16,
    /// Header fields that belong to the reply.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}
