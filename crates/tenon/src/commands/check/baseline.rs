//! `--baseline`: the findings that are already known, in a file that changes little.

use std::collections::BTreeSet;
use std::path::Path;

use serde::{Deserialize, Serialize};
use tenon_checks::report::{Baseline, fingerprints};

use super::pass::Checked;
use super::plan::Plan;
use crate::Exit;
use crate::disk;
use crate::failure::{Failure, Outcome};
use crate::terminal::Terminal;

/// Version of the file's form.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    findings: Vec<Known>,
}

/// What people read beside the fingerprint; only the fingerprint counts.
#[derive(Serialize, Deserialize)]
struct Known {
    fingerprint: String,
    #[serde(default)]
    rule: String,
    #[serde(default)]
    file: String,
    #[serde(default)]
    message: String,
}

/// The baseline the plan names, if any.
pub fn read(plan: &Plan) -> Result<Option<Baseline>, Failure> {
    // What is about to be written is everything, not what is new.
    let Some(path) = plan.baseline.as_ref().filter(|_| plan.write_baseline.is_none()) else {
        return Ok(None);
    };
    let shown = disk::relative_to_current(path);
    let make = "`tenon check --write-baseline FILE` writes one";
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::file(&shown, "read", &error).with_help(make))?;
    let file: File = serde_json::from_str(&text)
        .map_err(|error| Failure::usage(format!("{shown} is no baseline: {error}"), make))?;
    if file.version != VERSION {
        let message = format!("{shown} has version {}; version {VERSION} is read", file.version);
        return Err(Failure::usage(message, make));
    }
    let fingerprints = file.findings.into_iter().map(|known| known.fingerprint).collect::<BTreeSet<_>>();
    Ok(Some(Baseline { fingerprints }))
}

/// Writes what was found as the baseline.
pub fn write(path: &Path, checked: &Checked, terminal: &Terminal) -> Outcome {
    let prints = fingerprints(&checked.findings, &checked.paths);
    let known = |(finding, fingerprint): (&tenon_source::Finding, String)| Known {
        fingerprint,
        rule: finding.code.id.to_owned(),
        file: checked.paths.get(finding.place.file.0 as usize).cloned().unwrap_or_default(),
        message: finding.message.clone(),
    };
    let findings: Vec<Known> = checked.findings.iter().zip(prints).map(known).collect();
    let count = findings.len();
    let mut text = serde_json::to_string_pretty(&File { version: VERSION, findings })
        .map_err(|error| Failure::bug(error.to_string()))?;
    text.push('\n');
    disk::write(path, text.as_bytes())?;
    let shown = disk::relative_to_current(path);
    let noun = if count == 1 { "finding" } else { "findings" };
    terminal.complain(&format!("wrote {count} known {noun} to {shown}\n"));
    Ok(if checked.exit == Exit::Unusable { Exit::Unusable } else { Exit::Clean })
}
