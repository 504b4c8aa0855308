//! Names in a milestone lead somewhere, paths stay below its root, approvals are signed.

use std::collections::BTreeSet;

use tenon_source::Finding;

use super::globs::Globs;
use super::model::{Bound, How, Item, Measure, Milestone, Name, Status};
use super::tables;
use crate::codes;

/// What is wrong with the names of a milestone.
#[must_use]
pub fn check(milestone: &Milestone) -> Vec<Finding> {
    let mut names = Names::of(milestone);
    names.bindings(milestone);
    names.lists(milestone);
    names.documents(milestone);
    let mut out = names.out;
    out.extend(vacant(milestone));
    decisions(milestone, &mut out);
    dependencies(milestone, &mut out);
    paths(milestone, &mut out);
    out
}

/// A milestone that says nothing holds whatever happens, which shows nothing.
fn vacant(milestone: &Milestone) -> Option<Finding> {
    let says_something = !milestone.checks.is_empty()
        || !milestone.decisions.is_empty()
        || !milestone.inputs.is_empty()
        || !milestone.dependencies.is_empty()
        || !milestone.artifacts.is_empty()
        || !milestone.packages.is_empty()
        || !milestone.deliverables.is_empty()
        || !milestone.documents.is_empty()
        || !milestone.metrics.is_empty()
        || milestone.lists.iter().any(|(_, items)| !items.is_empty());
    (!says_something).then(|| {
        Finding::new(&codes::INVALID, milestone.place, "there is nothing in it that could hold or fail")
            .with_help("add `checks` and `criteria`, see docs/milestones.md")
    })
}

struct Names<'m> {
    checks: BTreeSet<&'m str>,
    decisions: BTreeSet<&'m str>,
    artifacts: BTreeSet<&'m str>,
    packages: BTreeSet<&'m str>,
    tables: BTreeSet<&'m str>,
    documents: BTreeSet<&'m str>,
    out: Vec<Finding>,
}

impl<'m> Names<'m> {
    fn of(milestone: &'m Milestone) -> Self {
        let own = milestone.tables.iter().map(|(name, _)| name.text.as_str());
        Self {
            checks: milestone.checks.iter().map(|check| check.id.text.as_str()).collect(),
            decisions: milestone.decisions.iter().map(|decision| decision.id.text.as_str()).collect(),
            artifacts: milestone.artifacts.iter().map(|artifact| artifact.name.text.as_str()).collect(),
            packages: milestone.packages.iter().map(|package| package.id.text.as_str()).collect(),
            tables: own
                .chain(tables::NAMES.iter().copied())
                .chain(tables::GRAPH_NAMES.iter().copied())
                .collect(),
            documents: milestone.documents.iter().map(|document| document.path.text.as_str()).collect(),
            out: Vec::new(),
        }
    }

    fn bindings(&mut self, milestone: &Milestone) {
        for dependency in &milestone.dependencies {
            self.bound(&dependency.bound);
        }
        for artifact in &milestone.artifacts {
            self.bound(&artifact.bound);
        }
        for package in &milestone.packages {
            self.bound(&package.bound);
        }
        for item in milestone.lists.iter().flat_map(|(_, items)| items) {
            self.bound(&item.bound);
        }
        for handoff in &milestone.handoffs {
            handoff.requires.iter().for_each(|item: &Item| self.bound(&item.bound));
            let ids = super::order::ids(&milestone.packages);
            for name in &handoff.consumes {
                let inside =
                    matches!(super::order::mention(&ids, &name.text), super::order::Mention::Packages(_));
                if !inside && !self.documents.contains(name.text.as_str()) {
                    resolve(&self.artifacts, "work package, artifact or document", name, &mut self.out);
                }
            }
        }
    }

    fn bound(&mut self, bound: &Bound) {
        for (known, what, names) in [
            (&self.checks, "check", &bound.checks),
            (&self.decisions, "decision", &bound.decisions),
            (&self.artifacts, "artifact", &bound.artifacts),
            (&self.packages, "work package", &bound.packages),
        ] {
            names.iter().for_each(|name| resolve(known, what, name, &mut self.out));
        }
    }

    fn lists(&mut self, milestone: &Milestone) {
        for metric in &milestone.metrics {
            match &metric.of {
                Measure::Decisions(names) => {
                    names.iter().for_each(|name| resolve(&self.decisions, "decision", name, &mut self.out));
                }
                Measure::Items { list, group }
                    if !group.is_empty() && !milestone.list(list).iter().any(|item| item.group == *group) =>
                {
                    let message = format!("no item of `{list}` stands in the group `{group}`");
                    self.out.push(Finding::new(&codes::UNKNOWN_NAME, metric.title.place, message));
                }
                _ => {}
            }
        }
    }

    fn documents(&mut self, milestone: &Milestone) {
        for document in &milestone.documents {
            let sections = document.sections.iter().filter_map(|section| section.table.as_ref());
            for name in sections.chain(document.rows.iter().map(|(name, _)| name)) {
                // `criteria:Technical` is the table of one group.
                let base = name.text.split_once(':').map_or(name.text.as_str(), |(base, _)| base);
                if !self.tables.contains(base) {
                    let whole = Name { text: base.to_owned(), place: name.place };
                    resolve(&self.tables, "table", &whole, &mut self.out);
                }
            }
        }
    }
}

fn resolve(known: &BTreeSet<&str>, what: &str, name: &Name, out: &mut Vec<Finding>) {
    if known.contains(name.text.as_str()) {
        return;
    }
    let near = tenon_source::nearest(&name.text, known.iter().copied());
    let message = format!("there is no {what} `{}`", name.text);
    let finding = Finding::new(&codes::UNKNOWN_NAME, name.place, message);
    out.push(match (near, known.is_empty()) {
        (Some(near), _) => finding.with_help(format!("did you mean `{near}`?")),
        (None, true) => finding,
        (None, false) => {
            let all = known.iter().take(NAMES_SHOWN_MAX).map(|name| format!("`{name}`"));
            finding.with_help(format!("there are {}", all.collect::<Vec<_>>().join(", ")))
        }
    });
}

/// Most names that help lists, a count.
const NAMES_SHOWN_MAX: usize = 8;

fn decisions(milestone: &Milestone, out: &mut Vec<Finding>) {
    for decision in &milestone.decisions {
        let signed = !decision.approver.is_empty() && !decision.date.is_empty();
        if decision.status == Status::Approved && !signed {
            let message = format!("`{}` is approved without saying by whom and when", decision.id.text);
            out.push(
                Finding::new(&codes::UNSIGNED_APPROVAL, decision.id.place, message)
                    .with_help("add `approver` and `date`, or leave it `pending`"),
            );
        }
    }
}

fn dependencies(milestone: &Milestone, out: &mut Vec<Finding>) {
    for dependency in milestone.dependencies.iter().filter(|dependency| dependency.kind == "decision-only") {
        let bound = &dependency.bound;
        let id = &dependency.id.text;
        let said = if !bound.files.is_empty() || !bound.artifacts.is_empty() {
            format!("`{id}` is decision-only and yet delivers files")
        } else if bound.decisions.is_empty() {
            format!("`{id}` is decision-only and names no decision")
        } else {
            continue;
        };
        out.push(
            Finding::new(&codes::DECISION_ONLY, dependency.id.place, said)
                .with_help("name its decision under `decisions`, or make it another kind of dependency"),
        );
    }
}

fn expression(text: &Name, out: &mut Vec<Finding>) {
    if let Err(error) = regex::Regex::new(&text.text) {
        let said = error.to_string();
        let last = said.lines().last().unwrap_or_default().trim().trim_start_matches("error: ");
        let message = format!("`{}` is no regular expression: {last}", text.text);
        out.push(Finding::new(&codes::INVALID, text.place, message));
    }
}

fn paths(milestone: &Milestone, out: &mut Vec<Finding>) {
    let mut all: Vec<&Name> = Vec::new();
    all.extend(milestone.contracts.iter().chain(&milestone.inputs));
    all.extend(milestone.dependencies.iter().flat_map(|dependency| &dependency.bound.files));
    all.extend(milestone.baseline.iter().flat_map(|area| &area.files));
    all.extend(milestone.artifacts.iter().flat_map(|artifact| &artifact.bound.files));
    all.extend(milestone.packages.iter().flat_map(|package| &package.bound.files));
    all.extend(milestone.lists.iter().flat_map(|(_, items)| items).flat_map(|item| &item.bound.files));
    all.extend(
        milestone.handoffs.iter().flat_map(|handoff| &handoff.requires).flat_map(|item| &item.bound.files),
    );
    all.extend(milestone.deliverables.iter().map(|(path, _)| path));
    all.extend(milestone.documents.iter().map(|document| &document.path));
    for check in &milestone.checks {
        match &check.how {
            How::Rules { contracts, .. } => all.extend(contracts),
            How::Files(files) | How::Absent(files) => all.extend(files),
            How::Text { files, forbid, require, except } => {
                all.extend(files.iter().chain(except));
                forbid.iter().chain(require).for_each(|text| expression(text, out));
            }
            How::Scenario(file) => all.push(file),
            How::Changes { allow, forbid, .. } => {
                all.extend(allow.iter().chain(forbid).flat_map(|(_, files)| files));
            }
            How::Run { .. } | How::Documents | How::Nothing => {}
        }
    }
    for name in all {
        let outside = name.text.starts_with('/')
            || name.text.contains('\\')
            || name.text.split('/').any(|part| part == "..");
        if outside {
            let message = format!("`{}` leads out of the root of the milestone", name.text);
            out.push(
                Finding::new(&codes::OUTSIDE, name.place, message)
                    .with_help("write paths from `root` on, with `/` between their parts and without `..`"),
            );
        } else if let Err(said) = Globs::new([name.text.as_str()]) {
            let message = format!("`{}` is no pattern for paths: {said}", name.text);
            out.push(Finding::new(&codes::INVALID, name.place, message));
        }
    }
}
