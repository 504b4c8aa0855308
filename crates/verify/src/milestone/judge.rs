//! A milestone and a repository to a verdict, with the documents that follow from it.
//!
//! Documents show ticks, and ticks may ask for documents. What they show is therefore judged as if
//! every document were written; then what is there is compared with that, and judged as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::documents;
use super::found::{Finder, Log, Seen};
use super::model::{Bound, Item, Measure, Metric, Milestone, Name, Status};
use super::order::{self, Mention, Plan};
use super::repository::{Block, Facts, Repository};
use super::tables::{self, Source};
use super::verdict::{Count, Part, Verdict};
use crate::evidence::manifest::sha256;

/// Most reasons that one part gives, a count: the checks have them all.
const REASONS_MAX: usize = 8;

/// A verdict with what led to it.
#[derive(Debug)]
pub struct Judged {
    /// What was found out.
    pub verdict: Verdict,
    /// Commands and scenarios that ran.
    pub log: Log,
    /// The contracts of the milestone itself.
    pub facts: Option<Arc<Facts>>,
    /// The documents as they would be written, by path.
    pub documents: BTreeMap<String, String>,
}

/// Judges a milestone.
#[must_use]
pub fn judge(milestone: &Milestone, repository: &dyn Repository) -> Judged {
    let mut finder = Finder::new(milestone, repository);
    let written: BTreeSet<String> =
        milestone.documents.iter().map(|document| document.path.text.clone()).collect();
    let assumed = Seen { written: &written, drifted: None };
    let ideal = Judge { milestone, plan: Plan::of(milestone) }.verdict(&mut finder, &assumed, Vec::new());
    let (documents, problems) = documents::render(milestone, &ideal, &finder);
    let drifted = documents::drift(milestone, repository, &documents, &problems);
    let none = BTreeSet::new();
    let seen = Seen { written: &none, drifted: Some(&drifted) };
    let verdict = Judge { milestone, plan: Plan::of(milestone) }.verdict(&mut finder, &seen, drifted.clone());
    let facts = finder.own_facts().ok();
    Judged { verdict, log: finder.into_log(), facts, documents }
}

/// One table or text of a milestone that was judged, by name.
///
/// # Errors
/// When there is none, in words.
pub fn show(
    milestone: &Milestone,
    repository: &dyn Repository,
    judged: &Judged,
    name: &str,
) -> Result<Block, String> {
    let finder = Finder::new(milestone, repository);
    let written = BTreeSet::new();
    let outputs = judged.documents.iter();
    let outputs = outputs.map(|(path, text)| (path.clone(), sha256(text.as_bytes()))).collect();
    let seen = Seen { written: &written, drifted: Some(&judged.verdict.documents) };
    Source { milestone, verdict: &judged.verdict, finder: &finder, seen, outputs }.block(name)
}

struct Judge<'j> {
    milestone: &'j Milestone,
    plan: Plan,
}

impl Judge<'_> {
    fn verdict(
        &self,
        finder: &mut Finder<'_>,
        seen: &Seen<'_>,
        documents: Vec<(String, Option<String>)>,
    ) -> Verdict {
        let milestone = self.milestone;
        let checks = milestone.checks.iter().map(|check| finder.check(check, seen)).collect();
        let mut verdict = Verdict {
            decisions: milestone
                .decisions
                .iter()
                .map(|decision| (decision.id.text.clone(), decision.status))
                .collect(),
            inputs: milestone
                .inputs
                .iter()
                .map(|path| (path.text.clone(), finder.matches(path, seen).is_ok()))
                .collect(),
            checks,
            documents,
            order: self.plan.order.clone(),
            ..Verdict::default()
        };
        verdict.baseline = self.baseline(finder, seen);
        verdict.artifacts = milestone
            .artifacts
            .iter()
            .map(|artifact| {
                // Which package brings it says nothing about whether it is there.
                let bound = Bound { packages: Vec::new(), ..artifact.bound.clone() };
                self.bound(&artifact.name, &bound, &verdict, finder, seen)
            })
            .collect();
        verdict.packages = self.packages(&verdict, finder, seen);
        verdict.dependencies = milestone
            .dependencies
            .iter()
            .map(|dependency| self.bound(&dependency.id, &dependency.bound, &verdict, finder, seen))
            .collect();
        for handoff in &milestone.handoffs {
            let (part, requires) = self.handoff(handoff, &verdict, finder, seen);
            verdict.handoffs.push(part);
            verdict.requires.push(requires);
        }
        verdict.lists = milestone
            .lists
            .iter()
            .map(|(list, items)| {
                let parts = items.iter().map(|item| self.item(item, &verdict, finder, seen)).collect();
                (*list, parts)
            })
            .collect();
        verdict.deliverables = milestone
            .deliverables
            .iter()
            .map(|(path, _)| (path.text.clone(), finder.matches(path, seen).is_ok()))
            .collect();
        verdict.metrics =
            milestone.metrics.iter().map(|metric| self.metric(metric, &verdict, finder, seen)).collect();
        verdict.overall = verdict.holds();
        verdict
    }

    /// Each area with its state now and at the start.
    fn baseline(&self, finder: &Finder<'_>, seen: &Seen<'_>) -> Vec<(String, String, String)> {
        self.milestone
            .baseline
            .iter()
            .map(|area| {
                let there = area.files.iter().all(|path| finder.matches(path, seen).is_ok());
                let now = if there { &area.present } else { &area.absent };
                (area.title.clone(), now.clone(), area.was.clone())
            })
            .collect()
    }

    fn item(&self, item: &Item, verdict: &Verdict, finder: &Finder<'_>, seen: &Seen<'_>) -> Part {
        self.bound(&item.id, &item.bound, verdict, finder, seen)
    }

    /// Whether all that something is bound to holds.
    fn bound(
        &self,
        id: &Name,
        bound: &Bound,
        verdict: &Verdict,
        finder: &Finder<'_>,
        seen: &Seen<'_>,
    ) -> Part {
        let mut why = Vec::new();
        let mut evidence = BTreeSet::new();
        if bound.is_empty() {
            why.push("it is bound to nothing that could show it".to_owned());
        }
        for name in &bound.checks {
            match verdict.check(&name.text) {
                Some(check) if check.passed => evidence.extend(check.evidence.iter().cloned()),
                Some(check) => {
                    let first = check.said.first().map(|said| format!(": {said}")).unwrap_or_default();
                    why.push(format!("check `{}` fails{first}", name.text));
                }
                None => why.push(format!("there is no check `{}`", name.text)),
            }
        }
        for name in &bound.decisions {
            let found = verdict.decisions.iter().find(|(id, _)| *id == name.text);
            match found {
                Some((_, Status::Approved)) => {
                    let decision =
                        self.milestone.decisions.iter().find(|decision| decision.id.text == name.text);
                    let reference = decision.map(|decision| decision.reference.clone()).unwrap_or_default();
                    evidence.insert(if reference.is_empty() {
                        format!("decision:{}", name.text)
                    } else {
                        reference
                    });
                }
                Some((_, status)) => why.push(format!("decision `{}`: {}", name.text, status.words())),
                None => why.push(format!("there is no decision `{}`", name.text)),
            }
        }
        for (names, parts, what) in [
            (&bound.artifacts, &verdict.artifacts, "artifact"),
            (&bound.packages, &verdict.packages, "work package"),
        ] {
            for name in names {
                match parts.iter().find(|part| part.id == name.text) {
                    Some(part) if part.holds => evidence.extend(part.evidence.iter().cloned()),
                    Some(_) => why.push(format!("{what} `{}` is not there", name.text)),
                    None => why.push(format!("there is no {what} `{}`", name.text)),
                }
            }
        }
        for path in &bound.files {
            match finder.matches(path, seen) {
                Ok(files) => evidence.extend(files),
                Err(said) => why.push(said),
            }
        }
        why.truncate(REASONS_MAX);
        Part { id: id.text.clone(), holds: why.is_empty(), why, evidence: evidence.into_iter().collect() }
    }

    /// Packages in the order they can be done in: one that waits for what is not done is not done.
    fn packages(&self, verdict: &Verdict, finder: &Finder<'_>, seen: &Seen<'_>) -> Vec<Part> {
        let packages = &self.milestone.packages;
        let lacking: Vec<&str> =
            verdict.inputs.iter().filter(|(_, there)| !there).map(|(path, _)| path.as_str()).collect();
        let mut done: BTreeMap<usize, Part> = BTreeMap::new();
        for index in &self.plan.order {
            let Some(package) = packages.get(*index) else { continue };
            let mut part = self.bound(&package.id, &package.bound, verdict, finder, seen);
            if !lacking.is_empty() {
                part.why.insert(0, format!("it may not start: {} is missing", lacking.join(", ")));
            }
            for before in self.plan.waits.get(*index).into_iter().flatten() {
                if let Some(other) = done.get(before).filter(|other| !other.holds) {
                    part.why.push(format!("it waits for `{}`", other.id));
                }
            }
            part.holds = part.why.is_empty();
            done.insert(*index, part);
        }
        done.into_values().collect()
    }

    fn handoff(
        &self,
        handoff: &super::model::Handoff,
        verdict: &Verdict,
        finder: &Finder<'_>,
        seen: &Seen<'_>,
    ) -> (Part, Vec<Part>) {
        let requires: Vec<Part> =
            handoff.requires.iter().map(|item| self.item(item, verdict, finder, seen)).collect();
        let mut why: Vec<String> = requires
            .iter()
            .filter(|part| !part.holds)
            .map(|part| format!("`{}` is not there: {}", part.id, part.why.join("; ")))
            .collect();
        let mut evidence: BTreeSet<String> =
            requires.iter().flat_map(|part| part.evidence.iter().cloned()).collect();
        let ids = order::ids(&self.milestone.packages);
        for name in &handoff.consumes {
            let parts: Vec<&Part> = match order::mention(&ids, &name.text) {
                Mention::Packages(list) => {
                    let ids = list.iter().filter_map(|index| self.milestone.packages.get(*index));
                    ids.filter_map(|package| verdict.packages.iter().find(|part| part.id == package.id.text))
                        .collect()
                }
                Mention::External(text) => verdict.artifacts.iter().filter(|part| part.id == text).collect(),
            };
            if parts.is_empty() {
                match finder.matches(name, seen) {
                    Ok(files) => evidence.extend(files),
                    Err(said) => why.push(said),
                }
            }
            for part in parts {
                evidence.extend(part.evidence.iter().cloned());
                if !part.holds {
                    why.push(format!("`{}` is not done", part.id));
                }
            }
        }
        if handoff.consumes.is_empty() && handoff.requires.is_empty() {
            why.push("it names nothing that is handed over".to_owned());
        }
        let id = handoff.id.text.clone();
        (Part { id, holds: why.is_empty(), why, evidence: evidence.into_iter().collect() }, requires)
    }

    fn metric(&self, metric: &Metric, verdict: &Verdict, finder: &mut Finder<'_>, seen: &Seen<'_>) -> Count {
        let members: Result<Vec<(String, bool)>, String> = match &metric.of {
            Measure::Operations { kind, rules } => finder.clean_operations(kind, rules),
            Measure::Covered => finder.own_facts().map(|facts| {
                let criteria = self.milestone.list("criteria");
                let covered = |operation| criteria.iter().any(|item| tables::covers(item, operation));
                let operations = facts.operations.iter();
                operations.map(|operation| (operation.id.clone(), covered(operation))).collect()
            }),
            Measure::Items { list, group } => Ok(self
                .milestone
                .list(list)
                .iter()
                .zip(verdict.list(list))
                .filter(|(item, _)| group.is_empty() || item.group == *group)
                .map(|(_, part)| (part.id.clone(), part.holds))
                .collect()),
            Measure::Decisions(names) => Ok(names
                .iter()
                .map(|name| {
                    let found = verdict.decisions.iter().find(|(id, _)| *id == name.text);
                    (name.text.clone(), found.is_some_and(|(_, status)| *status == Status::Approved))
                })
                .collect()),
            Measure::Dependencies => {
                Ok(verdict.dependencies.iter().map(|part| (part.id.clone(), part.holds)).collect())
            }
            Measure::Deliverables => Ok(verdict.deliverables.clone()),
            Measure::Documents => Ok(finder.documents(seen)),
        };
        count(metric, members)
    }
}

fn count(metric: &Metric, members: Result<Vec<(String, bool)>, String>) -> Count {
    let title = metric.title.text.clone();
    let (members, problem) = match members {
        Ok(members) => (members, None),
        Err(said) => (Vec::new(), Some(said)),
    };
    let denominator = members.len();
    let numerator = members.iter().filter(|(_, holds)| *holds).count();
    let part = if denominator == 0 { 0.0 } else { exact(numerator) / exact(denominator) };
    let percent = (part * 1000.0).floor() / 10.0;
    let mut missing: Vec<String> =
        members.into_iter().filter(|(_, holds)| !holds).map(|(id, _)| id).collect();
    missing.extend(problem);
    if denominator == 0 && missing.is_empty() {
        missing.push("there is nothing to count".to_owned());
    }
    let met = denominator > 0 && percent >= metric.target;
    Count { title, numerator, denominator, percent, target: metric.target, met, missing }
}

/// A count as a number with a fraction; counts here are far below what that can hold.
fn exact(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}
