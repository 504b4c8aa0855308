//! The files of an evidence folder, in memory.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::envelope;
use super::key::SigningKey;
use super::manifest::{self, Manifest, entry, sha256};
use super::statement::{self, Run};
use crate::milestone::{Judged, Milestone, report};

/// The manifest of hashes.
pub const MANIFEST: &str = "manifest.json";

/// The statement about the files.
pub const STATEMENT: &str = "statement.intoto.json";

/// The signed statement.
pub const ENVELOPE: &str = "statement.dsse.json";

/// The verdict.
pub const RESULT: &str = "result.json";

/// Everything the evidence of a milestone holds, by path.
#[must_use]
pub fn files(milestone: &Milestone, judged: &Judged) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut put = |path: String, value: &Value| {
        files.insert(path, text(value).into_bytes());
    };
    put(RESULT.to_owned(), &report::to_json(milestone, &judged.verdict));
    put("commands.json".to_owned(), &commands(judged));
    put("assertions.json".to_owned(), &assertions(judged));
    let facts = judged.facts.as_deref();
    for name in ["schemas", "contract", "auth", "events"] {
        let found = facts.and_then(|facts| facts.validations.get(name)).cloned();
        let found =
            found.unwrap_or_else(|| json!({ "ran": false, "why": "the contracts cannot be checked" }));
        put(format!("validations/{name}.json"), &found);
    }
    let mut stores = Map::new();
    for (check, file, played) in &judged.log.scenarios {
        let said = match played {
            Ok(played) => {
                stores.insert(check.clone(), played.store.clone());
                json!({ "scenario": file, "passed": played.passed, "said": played.said, "output": played.output })
            }
            Err(said) => json!({ "scenario": file, "passed": false, "said": [said] }),
        };
        put(format!("scenarios/{check}.json"), &said);
    }
    put("store.json".to_owned(), &json!({ "version": 1, "stores": stores }));
    for (check, command, ran) in &judged.log.commands {
        let mut out = format!("$ {}\n", command.join(" "));
        match ran {
            Err(said) => out.push_str(&format!("[did not run: {said}]\n")),
            Ok(ran) => {
                out.push_str(&masked(&ran.stdout));
                if !ran.stderr.is_empty() {
                    out.push_str("[stderr]\n");
                    out.push_str(&masked(&ran.stderr));
                }
                let status = ran.status.map_or_else(|| "a signal".to_owned(), |status| status.to_string());
                out.push_str(&format!("[exit {status}]\n"));
            }
        }
        files.insert(format!("commands/{check}.txt"), out.into_bytes());
    }
    for (path, text) in &judged.documents {
        files.insert(format!("documents/{path}"), text.clone().into_bytes());
    }
    files
}

/// Adds the manifest, the statement and, with a key, the signed statement.
#[must_use]
pub fn seal(
    mut files: BTreeMap<String, Vec<u8>>,
    run: &Run,
    key: Option<&SigningKey>,
) -> BTreeMap<String, Vec<u8>> {
    let manifest: Manifest = files.iter().map(|(path, bytes)| (path.clone(), entry(bytes))).collect();
    let bytes = text(&manifest::to_json(&manifest)).into_bytes();
    let mut subjects = manifest;
    subjects.insert(MANIFEST.to_owned(), entry(&bytes));
    files.insert(MANIFEST.to_owned(), bytes);
    let statement = text(&statement::statement(&subjects, run)).into_bytes();
    if let Some(key) = key {
        files.insert(ENVELOPE.to_owned(), text(&envelope::sign(&statement, key)).into_bytes());
    }
    files.insert(STATEMENT.to_owned(), statement);
    files
}

fn commands(judged: &Judged) -> Value {
    let ran = judged.log.commands.iter().map(|(check, command, ran)| {
        let status = ran.as_ref().ok().and_then(|ran| ran.status);
        let output = ran.as_ref().ok().map(|ran| {
            json!({ "stdout_sha256": sha256(masked(&ran.stdout).as_bytes()),
                "stderr_sha256": sha256(masked(&ran.stderr).as_bytes()) })
        });
        let why = ran.as_ref().err();
        json!({ "check": check, "command": command, "status": status, "output": output, "why": why,
            "file": format!("commands/{check}.txt") })
    });
    let looked = judged.verdict.checks.iter().map(|check| json!({ "check": check.id, "what": check.what }));
    json!({ "version": 1, "commands": ran.collect::<Vec<_>>(), "looked_at": looked.collect::<Vec<_>>() })
}

fn assertions(judged: &Judged) -> Value {
    let checks = judged.verdict.checks.iter().map(|check| {
        json!({ "assertion": check.id, "what": check.what, "passed": check.passed, "said": check.said })
    });
    json!({ "version": 1, "assertions": checks.collect::<Vec<_>>() })
}

/// A value as the evidence writes it: indented, a line end at its end.
fn text(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

/// A text in which durations are masked: they differ from run to run and show nothing.
fn masked(text: &str) -> String {
    let pattern = regex::Regex::new(r"\b[0-9]+(\.[0-9]+)? ?(ms|µs|s)\b");
    let text =
        pattern.map_or_else(|_| text.to_owned(), |pattern| pattern.replace_all(text, "[time]").into_owned());
    let pattern = regex::Regex::new(r#""elapsed_ms": ?[0-9.]+"#);
    pattern
        .map_or_else(|_| text.clone(), |pattern| pattern.replace_all(&text, "\"elapsed_ms\": 0").into_owned())
}
