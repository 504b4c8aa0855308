//! Who did what: an append-only chain in which every link holds the hash of the one before.

/// One entry, before it is chained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// Whose it is.
    pub tenant: String,
    /// Who called, as `type:id`; `anonymous` where it is not known.
    pub actor: String,
    /// The operation.
    pub operation: String,
    /// What came of it: `ok`, `replay`, `refused`, `granted`, and the like.
    pub outcome: String,
    /// The reason code of a refusal.
    pub code: Option<String>,
    /// The correlation id of the call.
    pub correlation_id: String,
    /// What else belongs to it, as JSON; values of the request never stand here.
    pub detail: Option<String>,
}

/// An entry in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLink {
    /// Its number, from 1, without gaps.
    pub seq: u64,
    /// The hash of the link before, hex; 64 zeros for the first.
    pub previous: String,
    /// SHA-256 of `previous` and the entry, hex.
    pub hash: String,
    /// The entry.
    pub entry: AuditEntry,
}

/// The first link at which a chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainBreak {
    /// Its number.
    pub seq: u64,
    /// What is wrong with it.
    pub problem: String,
}
