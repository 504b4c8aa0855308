//! What a change is recognised by, wherever it has moved to: rule, subject, and what it says.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::Change;

/// Bytes of a fingerprint: short enough to type, long enough that the changes of one project do
/// not meet.
const FINGERPRINT_BYTES: usize = 8;

/// Sets the fingerprint of each change. It depends on no path and no line. Changes that are equal
/// but for their place are told apart by their order.
pub(crate) fn set(changes: &mut [Change]) {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for change in changes {
        let parts = [change.rule.code.id, &change.subject, &change.message];
        let mut print = digest(&parts, 0);
        let count = seen.entry(print.clone()).or_default();
        if *count > 0 {
            print = digest(&parts, *count);
        }
        *count += 1;
        change.fingerprint = print;
    }
}

fn digest(parts: &[&str], count: u32) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_bytes());
        // A separator that no part has, so that two parts never read as one.
        hasher.update([0xFF]);
    }
    hasher.update(count.to_be_bytes());
    let hash = hasher.finalize();
    HEXLOWER.encode(hash.get(..FINGERPRINT_BYTES).unwrap_or(&hash))
}
