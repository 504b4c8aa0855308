//! The verification record of a delivered contract: the table of its scans, bound to the file by
//! its hash (seed 004, mandatory output format).

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// What stands in front of the hash.
const HASH_LABEL: &str = "sha256: ";

/// The record of a file, as Markdown.
#[must_use]
pub fn record(name: &str, bytes: &[u8], table: &str) -> String {
    format!("# Verification of {name}\n\n{HASH_LABEL}{}\n\n{table}", hash(bytes))
}

/// Why a record does not stand for a file with these bytes and this table; `None` where it does.
#[must_use]
pub fn problem(record: &str, bytes: &[u8], table: &str) -> Option<&'static str> {
    let Some(said) = record.lines().find_map(|line| line.strip_prefix(HASH_LABEL)) else {
        return Some("the verification table is missing");
    };
    if said.trim() != hash(bytes) {
        return Some("the table is of another file: the hashes differ");
    }
    (!record.ends_with(table)).then_some("the table is not what the scans say today")
}

fn hash(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::{problem, record};

    /// S4-14: a delivery without its table, or with that of another file, is rejected.
    #[test]
    fn a_record_stands_for_one_file_and_one_table() {
        let table = "| Scan |\n";
        let written = record("a.json", b"{}", table);
        assert_eq!(problem(&written, b"{}", table), None);
        assert_eq!(problem("", b"{}", table), Some("the verification table is missing"));
        assert!(problem(&written, b"[]", table).is_some_and(|problem| problem.contains("hashes differ")));
        assert!(problem(&written, b"{}", "| Other |\n").is_some_and(|problem| problem.contains("today")));
    }
}
