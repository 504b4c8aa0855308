//! What an examination came to, for programs and for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::kinds::Kind;

/// Something that is not as the contract says.
#[derive(Debug, Clone)]
pub struct Found {
    /// What kind.
    pub kind: &'static Kind,
    /// The operation; empty where it is about none.
    pub operation: String,
    /// File and line of the operation.
    pub place: Option<(String, u32)>,
    /// In a sentence.
    pub message: String,
    /// The request that shows it, as a line for a shell.
    pub curl: String,
    /// The status it is answered with.
    pub status: u16,
    /// The beginning of the answer's body.
    pub body: String,
}

/// Something that could not be tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The operation.
    pub operation: String,
    /// What.
    pub what: String,
    /// Why.
    pub why: String,
}

/// What an examination came to.
#[derive(Debug, Clone, Default)]
pub struct Examination {
    /// What was found, by kind and operation.
    pub found: Vec<Found>,
    /// What could not be tried.
    pub left_out: Vec<LeftOut>,
    /// Requests, a count.
    pub requests: u32,
    /// Whether it ended at a bound of count or time.
    pub exhausted: bool,
    /// Why nobody answers, where that ended it.
    pub silent: Option<String>,
    /// What was tried how often.
    pub tried: BTreeMap<&'static str, u32>,
    /// The seed.
    pub seed: u64,
}

impl Examination {
    /// Whether everything was tried and nothing found. What was not tried is no pass.
    #[must_use]
    pub fn overall(&self) -> bool {
        self.found.is_empty() && self.left_out.is_empty() && !self.exhausted && self.silent.is_none()
    }

    /// As JSON.
    #[must_use]
    pub fn to_json(&self, contract: &str, against: &str) -> Value {
        let found = |one: &Found| {
            json!({
                "rule": one.kind.id,
                "name": one.kind.name,
                "operation": one.operation,
                "file": one.place.as_ref().map(|(file, _)| file),
                "line": one.place.as_ref().map(|(_, line)| line),
                "message": one.message,
                "curl": one.curl,
                "status": one.status,
                "body": one.body,
            })
        };
        let left_out =
            |one: &LeftOut| json!({ "operation": one.operation, "what": one.what, "why": one.why });
        json!({
            "version": 1,
            "kind": "conformance",
            "overall": self.overall(),
            "contract": contract,
            "against": against,
            "seed": self.seed,
            "summary": {
                "findings": self.found.len(),
                "left_out": self.left_out.len(),
                "requests": self.requests,
                "exhausted": self.exhausted,
                "tried": self.tried,
            },
            "findings": self.found.iter().map(found).collect::<Vec<_>>(),
            "left_out": self.left_out.iter().map(left_out).collect::<Vec<_>>(),
        })
    }

    /// For people.
    #[must_use]
    pub fn to_text(&self, contract: &str, against: &str) -> String {
        let mut out = String::new();
        // Writing to a text cannot fail.
        let _ = writeln!(out, "{contract} against {against}, seed {}", self.seed);
        for one in &self.found {
            let _ = writeln!(out, "  {} {}  {}", one.kind.id, one.kind.name, one.message);
            if let Some((file, line)) = &one.place {
                let _ = writeln!(out, "        {} ({file}:{line})", one.operation);
            }
            let _ = writeln!(out, "        {}", one.curl);
            let body: String = one.body.chars().take(300).collect();
            let _ = writeln!(out, "        {} {body}", one.status);
        }
        for one in &self.left_out {
            let _ = writeln!(out, "  left out  {}: {}: {}", one.operation, one.what, one.why);
        }
        let tried: Vec<String> = self.tried.iter().map(|(what, count)| format!("{what} {count}")).collect();
        let _ = writeln!(out, "tried: {}", tried.join(", "));
        if self.exhausted {
            let _ = writeln!(out, "stopped at a bound: give it more with `--requests` or `--seconds`");
        }
        let _ = writeln!(
            out,
            "{} findings, {} left out, {} requests: {}",
            self.found.len(),
            self.left_out.len(),
            self.requests,
            if self.overall() { "passed" } else { "failed" }
        );
        out
    }
}
