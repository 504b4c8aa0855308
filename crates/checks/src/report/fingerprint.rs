//! What a finding is, wherever its line has moved to: rule, file, value and message.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use tenon_source::Finding;

/// Bytes of a fingerprint: a collision among the findings of one project is out of reach.
const FINGERPRINT_BYTES: usize = 16;

/// A fingerprint for each finding, in hexadecimal. It stays the same when lines move. Findings
/// that are equal in all but their place are told apart by their order. `paths` names each file, by
/// its id, in a way that does not depend on the current folder.
#[must_use]
pub fn fingerprints(findings: &[Finding], paths: &[String]) -> Vec<String> {
    let mut seen: BTreeMap<[u8; FINGERPRINT_BYTES], u32> = BTreeMap::new();
    findings
        .iter()
        .map(|finding| {
            let path = paths.get(finding.place.file.0 as usize).map_or("", String::as_str);
            let pointer = finding.pointer.as_deref().unwrap_or("");
            let mut hash = digest(&[finding.code.id, path, pointer, &finding.message]);
            let count = seen.entry(hash).or_default();
            if *count > 0 {
                hash = digest(&[finding.code.id, path, pointer, &finding.message, &count.to_string()]);
            }
            *count += 1;
            HEXLOWER.encode(&hash)
        })
        .collect()
}

fn digest(parts: &[&str]) -> [u8; FINGERPRINT_BYTES] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_bytes());
        // A separator that no part has, so that two parts never read as one.
        hasher.update([0xFF]);
    }
    let full = hasher.finalize();
    let mut short = [0; FINGERPRINT_BYTES];
    for (to, from) in short.iter_mut().zip(full.iter()) {
        *to = *from;
    }
    short
}

/// The findings that were known before, by fingerprint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Their fingerprints.
    pub fingerprints: std::collections::BTreeSet<String>,
}

impl Baseline {
    /// Tells new findings (first) from known ones.
    #[must_use]
    pub fn split(&self, findings: Vec<Finding>, paths: &[String]) -> (Vec<Finding>, Vec<Finding>) {
        let prints = fingerprints(&findings, paths);
        let (known, new): (Vec<_>, Vec<_>) =
            findings.into_iter().zip(prints).partition(|(_, print)| self.fingerprints.contains(print));
        let findings = |list: Vec<(Finding, String)>| list.into_iter().map(|(finding, _)| finding).collect();
        (findings(new), findings(known))
    }
}
