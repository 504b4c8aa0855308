//! What was generated from contracts, as the lock remembers it.

use std::collections::BTreeMap;

use crate::canonical_hash;

/// What one target wrote.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Output {
    /// The target.
    pub target: String,
    /// Its file or folder, from the folder of the lock.
    pub path: String,
    /// The SHA-256 of each file by its path from the folder of the lock.
    pub files: BTreeMap<String, String>,
}

/// Numbers of fields and enum values by the full name of their message or enum. A number that was
/// given once belongs to its name for good, though the name be gone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Numbers {
    /// Message or enum to name to number.
    pub of: BTreeMap<String, BTreeMap<String, i32>>,
}

impl Numbers {
    /// Whether no number was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// The hash of all numbers: what somebody changed by hand does not fit it.
    #[must_use]
    pub fn hash(&self) -> String {
        canonical_hash(&serde_json::json!(self.of))
    }
}
