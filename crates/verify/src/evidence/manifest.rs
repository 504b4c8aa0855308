//! The manifest of hashes: every file of an evidence folder with its SHA-256 and its size.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// One file of an evidence folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// SHA-256 of its bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// Its length in bytes.
    pub bytes: u64,
}

/// The files of an evidence folder by path, with `/` between the parts.
pub type Manifest = BTreeMap<String, Entry>;

/// SHA-256 of some bytes, in lower-case hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// What the manifest says of one file.
#[must_use]
pub fn entry(bytes: &[u8]) -> Entry {
    Entry { sha256: sha256(bytes), bytes: bytes.len() as u64 }
}

/// The manifest as a file: one entry a path, in the order of their names.
#[must_use]
pub fn to_json(manifest: &Manifest) -> Value {
    let files: serde_json::Map<String, Value> = manifest
        .iter()
        .map(|(path, entry)| (path.clone(), json!({ "sha256": entry.sha256, "bytes": entry.bytes })))
        .collect();
    json!({ "version": 1, "files": files })
}
