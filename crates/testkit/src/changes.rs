//! Two versions in memory, and the changes between them.

use tenon_compare::{Change, Settings, Spot, Versions, compare};
use tenon_graph::Graph;

use crate::case::{Case, ExpectedChange};
use crate::pipeline::{MemoryFiles, graph_of};

/// The changes between two versions, with the graphs of both.
#[must_use]
pub fn changes_of(previous: &MemoryFiles, files: &MemoryFiles) -> (Graph, Graph, Vec<Change>) {
    changes_with(previous, files, Settings::default())
}

/// The same under what a user decided.
#[must_use]
pub fn changes_with(
    previous: &MemoryFiles,
    files: &MemoryFiles,
    settings: Settings,
) -> (Graph, Graph, Vec<Change>) {
    let (old, _) = graph_of(previous);
    let (new, _) = graph_of(files);
    let changes = compare(&Versions { old: &old, new: &new, settings });
    (old, new, changes)
}

/// Runs a case with two versions: every change must be marked, every mark must be found.
///
/// # Errors
/// What differs, as text for a person.
pub fn run_change_case(case: &Case) -> Result<(), String> {
    let settings = Settings { today: case.today, ..Settings::default() };
    let (old, new, changes) = changes_with(&case.previous, &case.files, settings);
    let mut report = String::new();
    let mut found: Vec<(Vec<ExpectedChange>, &Change)> =
        changes.iter().map(|change| (places(&old, &new, change), change)).collect();
    for expected in &case.changes {
        let meets = |(places, change): &(Vec<ExpectedChange>, &Change)| {
            change.message.contains(&expected.words)
                && places.iter().any(|place| {
                    ExpectedChange { words: expected.words.clone(), ..place.clone() } == *expected
                })
        };
        match found.iter().position(meets) {
            Some(index) => drop(found.remove(index)),
            None => report.push_str(&format!("  missing: {expected}\n")),
        }
    }
    for (places, change) in &found {
        let place = places.last().map(ToString::to_string).unwrap_or_default();
        report.push_str(&format!("  not expected: {place}{}\n", change.message));
    }
    if report.is_empty() { Ok(()) } else { Err(format!("{}\n{report}", case.title)) }
}

/// Where a change stands, in the old version and in the new.
fn places(old: &Graph, new: &Graph, change: &Change) -> Vec<ExpectedChange> {
    let place = |graph: &Graph, spot: &Option<Spot>, previous: bool| {
        let spot = spot.as_ref()?;
        let file = graph.sources.get(spot.place.file)?;
        Some(ExpectedChange {
            file: file.path.clone(),
            line: file.locate(spot.place.span.start).line,
            previous,
            class: change.class,
            rule: change.rule.code.id.to_owned(),
            words: String::new(),
        })
    };
    [place(old, &change.old, true), place(new, &change.new, false)].into_iter().flatten().collect()
}
