//! Who did what: an append-only chain in which every link holds the hash of the one before.

use std::fmt::Write as _;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

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
    /// SHA-256 of `previous` and the entry as canonical JSON, hex.
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

impl AuditLink {
    /// The hash before the first link.
    pub const FIRST_PREVIOUS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

    /// The link that puts `entry` at the end of a chain whose last link has this number and hash.
    #[must_use]
    pub fn after(last_seq: u64, last_hash: &str, entry: AuditEntry) -> Self {
        let hash = Self::hash_after(last_hash, &entry);
        Self { seq: last_seq + 1, previous: last_hash.to_owned(), hash, entry }
    }

    /// The hash of the link that puts `entry` after the one with `last_hash`: SHA-256 of that hash
    /// and the entry as canonical JSON (RFC 8785: members sorted, no spaces), so that others can
    /// verify a chain without this program.
    #[must_use]
    pub fn hash_after(last_hash: &str, entry: &AuditEntry) -> String {
        let mut text = String::with_capacity(512);
        text.push_str(last_hash);
        write_canonical(&mut text, entry);
        HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
    }
}

/// Follows a chain link by link, and says where it breaks.
#[derive(Debug)]
pub struct ChainVerifier {
    seq: u64,
    hash: String,
}

impl Default for ChainVerifier {
    fn default() -> Self {
        Self { seq: 0, hash: AuditLink::FIRST_PREVIOUS.to_owned() }
    }
}

impl ChainVerifier {
    /// The number of the last link that was followed.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Follows the next link.
    ///
    /// # Errors
    /// When it does not continue the chain.
    pub fn follow(&mut self, link: &AuditLink) -> Result<(), ChainBreak> {
        let expected = self.seq + 1;
        let broken = |problem: String| Err(ChainBreak { seq: expected, problem });
        if link.seq != expected {
            return broken(format!("the link is missing; the next one there is has number {}", link.seq));
        }
        if link.previous != self.hash {
            return broken("it does not hold the hash of the link before".to_owned());
        }
        if link.hash != AuditLink::hash_after(&link.previous, &link.entry) {
            return broken("its entry is not the one its hash was made of".to_owned());
        }
        self.seq = link.seq;
        self.hash.clone_from(&link.hash);
        Ok(())
    }

    /// Holds the end of the chain to what the store says its end is, so that links that were cut
    /// off are missed too.
    ///
    /// # Errors
    /// When the chain ends elsewhere.
    pub fn finish(&self, head_seq: u64, head_hash: &str) -> Result<(), ChainBreak> {
        if self.seq < head_seq {
            let problem = format!("the link is missing; the chain had {head_seq} links");
            return Err(ChainBreak { seq: self.seq + 1, problem });
        }
        if self.seq == head_seq && self.hash != head_hash {
            let problem = "it is the last link, and has another hash than the store knows".to_owned();
            return Err(ChainBreak { seq: self.seq, problem });
        }
        Ok(())
    }
}

fn write_canonical(out: &mut String, entry: &AuditEntry) {
    let members: [(&str, Value<'_>); 8] = [
        ("actor", Value::Text(&entry.actor)),
        ("at_ms", Value::Number(entry.at_ms)),
        ("code", Value::optional(entry.code.as_deref())),
        ("correlation_id", Value::Text(&entry.correlation_id)),
        ("detail", Value::optional(entry.detail.as_deref())),
        ("operation", Value::Text(&entry.operation)),
        ("outcome", Value::Text(&entry.outcome)),
        ("tenant", Value::Text(&entry.tenant)),
    ];
    for (position, (name, value)) in members.iter().enumerate() {
        out.push(if position == 0 { '{' } else { ',' });
        write_text(out, name);
        out.push(':');
        match value {
            Value::Text(text) => write_text(out, text),
            Value::Number(number) => out.push_str(&number.to_string()),
            Value::Null => out.push_str("null"),
        }
    }
    out.push('}');
}

enum Value<'a> {
    Text(&'a str),
    Number(i64),
    Null,
}

impl<'a> Value<'a> {
    fn optional(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
}

/// A JSON string with the fewest escapes, as RFC 8785 wants it.
fn write_text(out: &mut String, text: &str) {
    out.push('"');
    if !text.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
        out.push_str(text);
        out.push('"');
        return;
    }
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            control if control < ' ' => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}
