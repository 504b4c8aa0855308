//! Changes as findings, and the formats that show findings.

use std::time::Duration;

use tenon_checks::report::{Scope, Suppressed, Suppression};
use tenon_compare::{Change, Class, Direction};
use tenon_source::{FileId, Finding, Level, Place, Span};

use super::judge::{Judged, JudgedChange, place_of};
use super::{Arguments, Format, changelog, json, stat};
use crate::failure::Failure;
use crate::render::{self, Prints, Report, counted, print_key};
use crate::terminal::Terminal;

/// A change as a finding.
pub fn finding_of(judged: &JudgedChange) -> Finding {
    let change = &judged.change;
    // What nothing is left of and nothing was there of has no place; no comparison makes such.
    let nowhere = Place { file: FileId(0), span: Span::default() };
    let place = place_of(change).map_or(nowhere, |spot| spot.place);
    let mut finding = Finding::new(&change.rule.code, place, change.message.clone());
    finding.level = if judged.accepted.is_some() { judged.level.min(Level::Info) } else { judged.level };
    finding.pointer = place_of(change).map(|spot| spot.pointer.clone());
    finding.operation.clone_from(&change.operation);
    finding.help.clone_from(&change.help);
    if let (Some(old), Some(_)) = (&change.old, &change.new) {
        finding = finding.with_related(old.place, "before");
    }
    finding.notes = notes(judged);
    finding
}

fn notes(judged: &JudgedChange) -> Vec<String> {
    let change = &judged.change;
    let whose = match change.direction {
        Some(Direction::Request) => " in requests",
        Some(Direction::Response) => " in responses",
        Some(Direction::Both) => " in requests and responses",
        None => "",
    };
    let mut notes = vec![format!("{}{whose}: {}", change.class.as_str(), judged.why)];
    if let Some(why) = &change.undecided {
        notes.push(format!("it cannot be told whether this breaks: {why}"));
    }
    if let Some(example) = &change.counter_example {
        notes.push(format!("counter-example: {example}"));
    }
    notes.extend(reach(change));
    if let Some((owner, day)) = &judged.expired {
        notes.push(format!("the approval by {owner} ended on {day}"));
    }
    if change.class <= Class::Behaviour {
        notes.push(format!("fingerprint {}", change.fingerprint));
    }
    notes
}

/// The operations a change reaches, in a sentence; nothing where that is the one it is about.
pub fn reach(change: &Change) -> Option<String> {
    let reach = &change.reach;
    if reach.count == 0 || (reach.count == 1 && change.operation.is_some()) {
        return None;
    }
    let names = reach.names.join(", ");
    let rest = reach.count.saturating_sub(reach.names.len());
    let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    Some(format!("reaches {}: {names}{rest}", counted(reach.count, "operation")))
}

/// What the comparison found, in one sentence.
pub fn summary(judged: &Judged) -> String {
    let counts: Vec<String> = Class::ALL
        .iter()
        .map(|class| (judged.count(*class), class.as_str()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{count} {name}"))
        .collect();
    let [old, new] = &judged.names;
    if counts.is_empty() && !judged.findings.is_empty() {
        return format!("{} from {old} to {new}", counted(judged.findings.len(), "finding"));
    }
    if counts.is_empty() {
        return format!("no change from {old} to {new}");
    }
    let accepted = match judged.accepted() {
        0 => String::new(),
        count => format!(" ({count} accepted)"),
    };
    format!("{}{accepted} from {old} to {new}: {}", counts.join(", "), step(judged))
}

/// The step of the version number, in words.
pub fn step(judged: &Judged) -> String {
    match judged.step() {
        "none" => "the version number may stay".to_owned(),
        step => format!("asks for a {step} version"),
    }
}

/// Prints what was found.
///
/// # Errors
/// When the output cannot be written.
pub fn print(
    arguments: &Arguments,
    judged: &Judged,
    shown_max: usize,
    elapsed: Duration,
    terminal: &Terminal,
) -> Result<(), Failure> {
    if arguments.stat {
        return terminal.print(|out| stat::write(judged, arguments.format, out));
    }
    let format = match arguments.format {
        Format::Json => return terminal.print(|out| json::write(judged, out)),
        Format::Markdown => return terminal.print(|out| changelog::write(judged, out)),
        Format::Pretty => render::Format::Pretty,
        Format::Sarif => render::Format::Sarif,
        Format::Junit => render::Format::Junit,
        Format::Github => render::Format::Github,
        Format::Gitlab => render::Format::Gitlab,
    };
    let mut findings: Vec<Finding> = judged.findings.clone();
    let mut suppressed = Vec::new();
    let mut suppressions = Vec::new();
    let mut prints = Prints::new();
    for (judged, finding) in judged.changes.iter().zip(&judged.stated) {
        prints.insert(print_key(finding), judged.change.fingerprint.clone());
        match &judged.accepted {
            None => findings.push(finding.clone()),
            Some(accepted) => {
                let by = suppressions.len();
                let owner = accepted.owner.as_ref().map(|owner| format!(" ({owner})")).unwrap_or_default();
                suppressions.push(Suppression {
                    rule: finding.code.id,
                    scope: Scope::Line { file: finding.place.file, line: 0 },
                    reason: format!("{}: {}{owner}", accepted.by, accepted.reason),
                    place: finding.place,
                    inline: accepted.inline,
                });
                suppressed
                    .push(Suppressed { finding: Finding { level: judged.level, ..finding.clone() }, by });
            }
        }
    }
    findings.sort_by(|a, b| (a.place, a.code.id, &a.message).cmp(&(b.place, b.code.id, &b.message)));
    let summary = summary(judged);
    let graph = &judged.graph;
    let report = Report {
        suppressed: &suppressed,
        suppressions: &suppressions,
        prints: Some(&prints),
        summary: Some(&summary),
        elapsed,
        shown_max,
        shown_option: "--max-changes",
        ..Report::plain(graph, &findings, terminal.color)
    };
    terminal.print(|out| format.write(&report, out))
}
