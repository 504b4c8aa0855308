//! Stable JSON, version 1: the members of design.md first, then what else is known.

use std::io::{self, Write};

use serde::Serialize;
use tenon_compare::{Change, Class, Spot};
use tenon_graph::Tier;
use tenon_source::{Finding, LineColumn, Sources};

use super::judge::{Accepted, Judged, JudgedChange, place_of};
use crate::render::Findings;

#[derive(Serialize)]
struct Output<'r> {
    version: u32,
    summary: Summary<'r>,
    changes: Vec<Item<'r>>,
    findings: Findings<'r>,
}

/// The counts of a comparison.
#[derive(Serialize)]
pub struct Summary<'r> {
    breaking: usize,
    behaviour: usize,
    additive: usize,
    docs: usize,
    semver: &'r str,
    accepted: usize,
    failing: usize,
    old: &'r str,
    new: &'r str,
}

impl<'r> Summary<'r> {
    /// Of a comparison.
    pub fn of(judged: &'r Judged) -> Self {
        let is_failing = |finding: &&Finding| finding.level == tenon_source::Level::Error;
        let [old, new] = &judged.names;
        Self {
            breaking: judged.count(Class::Breaking),
            behaviour: judged.count(Class::Behaviour),
            additive: judged.count(Class::Additive),
            docs: judged.count(Class::Docs),
            semver: judged.step(),
            accepted: judged.accepted(),
            failing: judged.stated.iter().filter(is_failing).count(),
            old,
            new,
        }
    }
}

#[derive(Serialize)]
struct Item<'r> {
    rule: &'r str,
    class: &'r str,
    message: &'r str,
    file: Option<&'r str>,
    line: Option<u32>,
    column: Option<u32>,
    old_pointer: Option<&'r str>,
    new_pointer: Option<&'r str>,
    operation: Option<&'r str>,
    aliases: Vec<&'r str>,
    name: &'r str,
    level: &'r str,
    tier: Option<&'static str>,
    direction: Option<&'r str>,
    subject: &'r str,
    fingerprint: &'r str,
    end_line: Option<u32>,
    end_column: Option<u32>,
    old_file: Option<&'r str>,
    old_line: Option<u32>,
    old_column: Option<u32>,
    old_end_line: Option<u32>,
    old_end_column: Option<u32>,
    reach: Reach<'r>,
    undecided: Option<&'r str>,
    /// JSON as a text, so that a counter-example that is `null` is not taken for none.
    counter_example: Option<&'r str>,
    help: Option<&'r str>,
    accepted: Option<AcceptedItem<'r>>,
}

#[derive(Serialize)]
struct Reach<'r> {
    count: usize,
    operations: &'r [String],
}

#[derive(Serialize)]
struct AcceptedItem<'r> {
    by: &'r str,
    reason: &'r str,
    owner: Option<&'r str>,
    expires: Option<String>,
}

/// Where a place starts and ends, and in which file.
struct Where<'r> {
    file: &'r str,
    start: LineColumn,
    end: LineColumn,
}

impl<'r> Where<'r> {
    fn of(sources: &'r Sources, spot: Option<&Spot>) -> Option<Self> {
        let place = spot?.place;
        let file = sources.get(place.file)?;
        Some(Self {
            file: &file.path,
            start: file.locate(place.span.start),
            end: file.locate(place.span.end),
        })
    }
}

/// Writes the changes.
pub fn write(judged: &Judged, out: &mut dyn Write) -> io::Result<()> {
    let sources = &judged.graph.sources;
    let changes =
        judged.changes.iter().zip(&judged.stated).map(|(change, stated)| item(change, stated, sources));
    let output = Output {
        version: 1,
        summary: Summary::of(judged),
        changes: changes.collect(),
        findings: Findings::new(&judged.findings, sources),
    };
    serde_json::to_writer_pretty(&mut *out, &output)?;
    writeln!(out)
}

fn item<'r>(judged: &'r JudgedChange, stated: &'r Finding, sources: &'r Sources) -> Item<'r> {
    let change = &judged.change;
    let code = &change.rule.code;
    let at = Where::of(sources, place_of(change));
    let old = Where::of(sources, change.old.as_ref());
    Item {
        rule: code.id,
        class: change.class.as_str(),
        message: &change.message,
        file: at.as_ref().map(|at| at.file),
        line: at.as_ref().map(|at| at.start.line),
        column: at.as_ref().map(|at| at.start.column),
        old_pointer: change.old.as_ref().map(|spot| spot.pointer.as_str()),
        new_pointer: change.new.as_ref().map(|spot| spot.pointer.as_str()),
        operation: change.operation.as_deref(),
        aliases: aliases(change),
        name: code.name,
        level: stated.level.as_str(),
        tier: judged.tier.map(tier_name),
        direction: change.direction.map(tenon_compare::Direction::as_str),
        subject: &change.subject,
        fingerprint: &change.fingerprint,
        end_line: at.as_ref().map(|at| at.end.line),
        end_column: at.as_ref().map(|at| at.end.column),
        old_file: old.as_ref().map(|at| at.file),
        old_line: old.as_ref().map(|at| at.start.line),
        old_column: old.as_ref().map(|at| at.start.column),
        old_end_line: old.as_ref().map(|at| at.end.line),
        old_end_column: old.as_ref().map(|at| at.end.column),
        reach: Reach { count: change.reach.count, operations: &change.reach.names },
        undecided: change.undecided.as_deref(),
        counter_example: change.counter_example.as_deref(),
        help: change.help.as_deref(),
        accepted: judged.accepted.as_ref().map(accepted),
    }
}

/// The names a change has in other tools: those that fit it, or else those of its rule.
fn aliases(change: &Change) -> Vec<&str> {
    if change.aliases.is_empty() { change.rule.code.aliases.to_vec() } else { change.aliases.clone() }
}

fn accepted(accepted: &Accepted) -> AcceptedItem<'_> {
    AcceptedItem {
        by: accepted.by,
        reason: &accepted.reason,
        owner: accepted.owner.as_deref(),
        expires: accepted.expires.map(|day| day.to_string()),
    }
}

/// The name of a tier.
pub fn tier_name(tier: Tier) -> &'static str {
    match tier {
        Tier::Stable => "stable",
        Tier::Experimental => "experimental",
        Tier::Internal => "internal",
    }
}
