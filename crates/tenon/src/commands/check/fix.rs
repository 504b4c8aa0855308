//! `--fix`: mends what can be mended mechanically, and nothing else of a file.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use tenon_graph::Graph;
use tenon_source::{Edit, FileId, Finding, Level, SourceFile, apply_edits};

use super::pass::{self, Checked};
use super::plan::Plan;
use crate::Exit;
use crate::disk;
use crate::failure::Outcome;
use crate::terminal::Terminal;

/// Most rounds of mending and checking again, a count: a fix may make room for another, and two
/// rules that undo each other must end.
const ROUNDS_MAX: usize = 10;

/// Lines around a change that a difference shows.
const DIFF_CONTEXT_LINES: usize = 3;

/// One thing that was mended.
struct Mended {
    path: String,
    line: u32,
    rule: &'static str,
    title: String,
}

/// Mends, then reports what is left.
pub fn run(plan: &Plan, started: Instant, terminal: &Terminal) -> Outcome {
    let mut changed: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut before: BTreeMap<String, String> = BTreeMap::new();
    let mut mended = Vec::new();
    let mut checked = pass::check_with(plan, &changed, terminal)?;
    for _ in 0..ROUNDS_MAX {
        let round = mend(&checked);
        if round.texts.is_empty() {
            break;
        }
        for (path, text) in round.texts {
            if let Some(file) = checked.graph.sources.find(&path).and_then(|id| checked.graph.sources.get(id))
            {
                before.entry(path.clone()).or_insert_with(|| file.text().to_owned());
            }
            changed.insert(path, text.into_bytes());
        }
        mended.extend(round.mended);
        checked = pass::check_with(plan, &changed, terminal)?;
    }
    if plan.dry_run {
        return show(&before, &changed, &mended, &checked, terminal);
    }
    for (path, bytes) in &changed {
        disk::write(Path::new(path), bytes)?;
    }
    terminal.complain(&summary(&mended, changed.len(), "fixed"));
    super::report(plan, &checked, started, terminal)
}

#[derive(Default)]
struct Round {
    texts: BTreeMap<String, String>,
    mended: Vec<Mended>,
}

/// The files after every fix that fits beside those before it. A fix is applied whole or not at
/// all.
fn mend(checked: &Checked) -> Round {
    let mut by_file: BTreeMap<FileId, Vec<&Finding>> = BTreeMap::new();
    for finding in checked.findings.iter().filter(|finding| finding.fix.is_some()) {
        by_file.entry(finding.place.file).or_default().push(finding);
    }
    let mut round = Round::default();
    for (id, findings) in by_file {
        let Some(file) = checked.graph.sources.get(id) else { continue };
        let mut edits: Vec<Edit> = Vec::new();
        let mut mended = Vec::new();
        for finding in findings {
            let Some(fix) = &finding.fix else { continue };
            let mut together = edits.clone();
            together.extend(fix.edits.iter().cloned());
            if fix.edits.iter().any(|edit| touches(&edits, edit))
                || apply_edits(file.text(), &together).is_err()
            {
                continue;
            }
            edits = together;
            mended.push(Mended {
                path: file.path.clone(),
                line: file.locate(finding.place.span.start).line,
                rule: finding.code.id,
                title: fix.title.clone(),
            });
        }
        let Ok(text) = apply_edits(file.text(), &edits) else { continue };
        if text != file.text() && still_reads(&checked.graph, id, &text) {
            round.texts.insert(file.path.clone(), text);
            round.mended.extend(mended);
        }
    }
    round
}

/// Whether an edit lies where another one does; equal edits of two fixes are one.
fn touches(edits: &[Edit], edit: &Edit) -> bool {
    edits
        .iter()
        .any(|other| other != edit && other.span.start <= edit.span.end && edit.span.start <= other.span.end)
}

/// Whether the text after the fixes is no worse to parse than before.
fn still_reads(graph: &Graph, id: FileId, text: &str) -> bool {
    let Some(file) = graph.sources.get(id) else { return false };
    let errors = |text: &str| {
        let (_, findings) = SourceFile::parse(id, &file.path, text.as_bytes().to_vec());
        findings.iter().filter(|finding| finding.level == Level::Error).count()
    };
    errors(text) <= errors(file.text())
}

/// Says what was mended, one line each.
fn summary(mended: &[Mended], files: usize, did: &str) -> String {
    let mut out = String::new();
    for fix in mended {
        let _ = writeln!(out, "{did} {}:{}: {} {}", fix.path, fix.line, fix.rule, fix.title);
    }
    let count =
        |count: usize, noun: &str| if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") };
    if mended.is_empty() {
        let _ = writeln!(out, "nothing that can be fixed mechanically");
    } else {
        let _ = writeln!(out, "{did} {} in {}", count(mended.len(), "finding"), count(files, "file"));
    }
    out
}

/// Shows what would change.
fn show(
    before: &BTreeMap<String, String>,
    changed: &BTreeMap<String, Vec<u8>>,
    mended: &[Mended],
    checked: &Checked,
    terminal: &Terminal,
) -> Outcome {
    terminal.print(|out| {
        for (path, bytes) in changed {
            let old = before.get(path).map_or("", String::as_str);
            let new = String::from_utf8_lossy(bytes);
            let diff = similar::TextDiff::from_lines(old, new.as_ref());
            let shown = diff
                .unified_diff()
                .context_radius(DIFF_CONTEXT_LINES)
                .header(&format!("a/{path}"), &format!("b/{path}"))
                .to_string();
            out.write_all(shown.as_bytes())?;
        }
        Ok(())
    })?;
    terminal.complain(&summary(mended, changed.len(), "would fix"));
    Ok(match checked.exit {
        Exit::Clean if !mended.is_empty() => Exit::Findings,
        exit => exit,
    })
}
