//! What people are told of generated files.

use serde_json::{Value, json};

use super::Format;
use super::files::{Drift, How, Written};
use super::plan::{Placed, Plan};
use crate::Exit;
use crate::disk;
use crate::failure::Outcome;
use crate::render::counted;
use crate::terminal::Terminal;

/// Files of one folder that are named one by one, a count: of more only the number is told.
const FILES_NAMED_MAX: usize = 8;

/// Version of the JSON that `--check --format json` prints.
const JSON_VERSION: u32 = 1;

/// What could not be said in a format, and targets that were left out.
pub fn notes(plan: &Plan, terminal: &Terminal) {
    let word = terminal.paint_help("note");
    for (target, lacks) in &plan.left_out {
        terminal.complain(&format!("{word}: left out `{target}`: there is no {lacks}\n"));
    }
    for entry in &plan.entries {
        for note in &entry.emission.notes {
            terminal.complain(&format!("{word}: {}: {note}\n", entry.target));
        }
        if entry.output.is_none() && !entry.emission.numbers.is_empty() {
            let text = "numbers were given to fields that have none, and nothing keeps them: `--output` \
                        writes them into `tenon.lock`, so that they never move";
            terminal.complain(&format!("{word}: {text}\n"));
        }
    }
}

/// What was written.
pub fn written(written: &Written, outputs: &[Placed<'_>], terminal: &Terminal) {
    let mut told: Vec<&str> = Vec::new();
    for path in &written.files {
        let folder = outputs.iter().filter(|one| !one.entry.is_file).find_map(|one| {
            let folder = disk::shown(one.entry.output.as_deref()?);
            path.strip_prefix(&folder)?.starts_with('/').then_some(folder)
        });
        let within =
            |folder: &String| written.files.iter().filter(|path| path.starts_with(folder.as_str())).count();
        match folder.filter(|folder| within(folder) > FILES_NAMED_MAX) {
            Some(folder) if told.iter().any(|known| *known == folder) => {}
            Some(folder) => {
                terminal.complain(&format!("wrote {folder}: {}\n", counted(within(&folder), "file")));
                told.push(path.get(..folder.len()).unwrap_or_default());
            }
            None => terminal.complain(&format!("wrote {path}\n")),
        }
    }
    for path in &written.removed {
        terminal.complain(&format!("removed {path}: nothing writes it any more\n"));
    }
    if let Some(lock) = &written.lock {
        terminal.complain(&format!("wrote {lock}\n"));
    }
    if written.files.is_empty() && written.removed.is_empty() && written.lock.is_none() {
        terminal.complain(&format!("{} up to date\n", counted(outputs.len(), "file")));
    }
}

/// What drifted.
pub fn drifts(drifts: &[Drift], outputs: &[Placed<'_>], format: Format, terminal: &Terminal) -> Outcome {
    match format {
        Format::Pretty => {
            for drift in drifts {
                terminal.print(|out| writeln!(out, "{}", sentence(drift)))?;
            }
            let summary = match drifts.len() {
                0 => format!("{} up to date\n", counted(outputs.len(), "file")),
                1 => "1 file differs from what the contracts say\n".to_owned(),
                count => format!("{count} files differ from what the contracts say\n"),
            };
            terminal.complain(&summary);
        }
        Format::Json => {
            let list: Vec<Value> = drifts.iter().map(value).collect();
            let report = json!({
                "version": JSON_VERSION,
                "summary": { "files": outputs.len(), "drifts": drifts.len() },
                "drifts": list,
            });
            terminal.print(|out| writeln!(out, "{report:#}"))?;
        }
    }
    Ok(if drifts.is_empty() { Exit::Clean } else { Exit::Findings })
}

fn value(drift: &Drift) -> Value {
    json!({
        "target": drift.target,
        "file": drift.path,
        "line": drift.line,
        "how": drift.how.as_str(),
        "message": sentence(drift),
    })
}

/// One line: where, what, and what to do.
fn sentence(drift: &Drift) -> String {
    let place = match drift.line {
        Some(line) => format!("{}:{line}", drift.path),
        None => drift.path.clone(),
    };
    let what = match drift.how {
        How::Missing => "is not there; `tenon gen` writes it",
        How::Behind => "is not what the contracts say any more; write it anew with `tenon gen`",
        How::Edited => "was changed by hand; change the contract instead, then run `tenon gen`",
        How::Different => "is not what the contracts say; write it anew with `tenon gen`",
        How::Stale => "is not written any more; `tenon gen` removes it",
        How::Unpinned => "is right, but its hash is not that of `tenon.lock`; run `tenon gen`",
    };
    format!("{place}: {} {what}", drift.target)
}
