//! The tables of a milestone: what it says beside what was found out.

use super::found::{Class, Finder, Seen};
use super::model::{How, LISTS, Milestone, Name, Table};
use super::order::Plan;
use super::repository::Block;
use super::verdict::{Part, Verdict};

/// Tables that are made of a milestone. `NAME:GROUP` is the part of a list that stands in a group,
/// `handoffs:CONSUMER` and `requires:CONSUMER` what one consumer gets;
/// `ticks:LIST` and `ticks:LIST/GROUP` are a list as boxes, `changes:CHECK` the classes of a check.
pub const NAMES: &[&str] = &[
    "facts",
    "decisions",
    "approvals",
    "dependencies",
    "inputs",
    "baseline",
    "gaps",
    "artifacts",
    "packages",
    "order",
    "handoffs",
    "requires",
    "objectives",
    "criteria",
    "checklist",
    "phases",
    "values",
    "risks",
    "non_goals",
    "ticks",
    "checks",
    "gates",
    "metrics",
    "deliverables",
    "follow_ups",
    "changes",
    "traceability",
    "index",
    "outputs",
];

/// Tables and texts that are made of contracts.
pub const GRAPH_NAMES: &[&str] = &[
    "operations",
    "events",
    "schemas",
    "categories",
    "reason-codes",
    "errors",
    "rpcs",
    "rpc-messages",
    "reference",
    "fields",
    "consent",
    "usage",
    "performance",
    "boundary",
    "pins",
    "provenance",
    "reuse-matrix",
    "reuse-deltas",
    "reuse-dependencies",
    "reuse-handoffs",
    "identifiers",
    "mapping",
    "surfaces",
    "intents",
    "families",
];

/// What a table is made of.
pub struct Source<'s> {
    /// The milestone.
    pub milestone: &'s Milestone,
    /// What was found out.
    pub verdict: &'s Verdict,
    /// Looks again where a table needs more.
    pub finder: &'s Finder<'s>,
    /// What counts as written.
    pub seen: Seen<'s>,
    /// Files and their hashes, for `outputs`.
    pub outputs: Vec<(String, String)>,
}

impl Source<'_> {
    /// The table or text with a name.
    ///
    /// # Errors
    /// When it cannot be made, in words.
    pub fn block(&self, name: &str) -> Result<Block, String> {
        let (base, part) = name.split_once(':').unwrap_or((name, ""));
        if let Some((_, table)) = self.milestone.tables.iter().find(|(own, _)| own.text == name) {
            return Ok(Block::Table(table.clone()));
        }
        if base == "ticks" {
            return Ok(Block::Text(self.ticks(part)));
        }
        if LISTS.contains(&base) {
            return Ok(Block::Table(self.list(base, part)));
        }
        if base == "changes" {
            return self.changes(part).map(Block::Table);
        }
        if base == "traceability" {
            return self.traceability().map(Block::Table);
        }
        if let Some(table) = self.own(base, part) {
            return Ok(Block::Table(table));
        }
        self.finder.repository.block(name, &self.finder.own_contracts())
    }

    fn own(&self, name: &str, part: &str) -> Option<Table> {
        let milestone = self.milestone;
        let verdict = self.verdict;
        Some(match name {
            "facts" => table(
                &["Name", "Value"],
                milestone.facts.iter().map(|(key, value)| vec![key.clone(), value.clone()]),
            ),
            "decisions" => table(
                &["Decision", "Proposal", "Status"],
                milestone.decisions.iter().map(|decision| {
                    vec![
                        decision.title.clone(),
                        decision.proposal.clone(),
                        decision.status.words().to_owned(),
                    ]
                }),
            ),
            "approvals" => table(
                &["Decision", "Status", "Approver", "Date"],
                milestone.decisions.iter().map(|decision| {
                    let status = decision.status.words().to_owned();
                    vec![decision.title.clone(), status, decision.approver.clone(), decision.date.clone()]
                }),
            ),
            "dependencies" => table(
                &["Depends on", "What", "Kind", "State"],
                milestone.dependencies.iter().zip(&verdict.dependencies).map(|(dependency, part)| {
                    let state = if part.holds { "satisfied" } else { "unsatisfied" };
                    vec![
                        dependency.id.text.clone(),
                        dependency.title.clone(),
                        dependency.kind.clone(),
                        state.to_owned(),
                    ]
                }),
            ),
            "inputs" => table(
                &["File", "State"],
                verdict.inputs.iter().map(|(path, yes)| vec![code(path), there(*yes)]),
            ),
            "baseline" => table(
                &["Area", "Current state", "At the start"],
                verdict.baseline.iter().map(|(area, now, was)| vec![area.clone(), now.clone(), was.clone()]),
            ),
            _ => return self.found(name, part),
        })
    }

    /// Tables of what was found out.
    fn found(&self, name: &str, part: &str) -> Option<Table> {
        let milestone = self.milestone;
        let verdict = self.verdict;
        Some(match name {
            "gaps" => self.gaps(),
            "artifacts" => self.artifacts(),
            "packages" | "order" => self.packages(name == "order"),
            "handoffs" => self.handoffs(part),
            "requires" => self.requires(part),
            "checks" => table(
                &["Check", "What is looked at", "Result"],
                verdict.checks.iter().map(|check| {
                    let result = if check.passed { "pass" } else { "fail" };
                    vec![check.id.clone(), code(&check.what), result.to_owned()]
                }),
            ),
            "gates" => table(
                &["Gate", "Rule", "Owner", "Command"],
                milestone.checks.iter().filter(|check| !check.gate.is_empty()).map(|check| {
                    let command = code(&check.how.words());
                    vec![check.id.text.clone(), check.gate.clone(), check.owner.clone(), command]
                }),
            ),
            "metrics" => table(
                &["Metric", "Counted", "Percent", "Target", "Met"],
                verdict.metrics.iter().map(|count| {
                    vec![
                        count.title.clone(),
                        format!("{} of {}", count.numerator, count.denominator),
                        count.percent.to_string(),
                        count.target.to_string(),
                        yes(count.met),
                    ]
                }),
            ),
            "deliverables" => table(
                &["File", "What", "State"],
                milestone
                    .deliverables
                    .iter()
                    .zip(&verdict.deliverables)
                    .map(|((path, title), (_, yes))| vec![code(&path.text), title.clone(), there(*yes)]),
            ),
            "follow_ups" => table(
                &["Work item", "Title", "When"],
                milestone
                    .follow_ups
                    .iter()
                    .map(|next| vec![next.id.clone(), next.title.clone(), next.group.clone()]),
            ),
            "index" => self.index(),
            "outputs" => table(
                &["File", "SHA-256"],
                self.outputs.iter().map(|(path, hash)| vec![code(path), code(hash)]),
            ),
            _ => return None,
        })
    }

    fn gaps(&self) -> Table {
        let [artifact, _, _] = &self.milestone.labels;
        let pairs = self.milestone.artifacts.iter().zip(&self.verdict.artifacts);
        table(
            &[artifact, "Current state", "Gap", "Now"],
            pairs.map(|(artifact, part)| {
                let now = if part.holds { "closed" } else { "open" };
                vec![artifact.name.text.clone(), artifact.was.clone(), artifact.gap.clone(), now.to_owned()]
            }),
        )
    }

    fn artifacts(&self) -> Table {
        let milestone = self.milestone;
        let place = |name: &str| {
            let plan = &self.verdict.order;
            plan.iter().position(|index| {
                milestone
                    .packages
                    .get(*index)
                    .is_some_and(|package| package.bound.artifacts.iter().any(|output| output.text == name))
            })
        };
        // In the order in which the packages that bring them can be done.
        let mut pairs: Vec<_> = milestone.artifacts.iter().zip(&self.verdict.artifacts).collect();
        pairs.sort_by_key(|(artifact, _)| place(&artifact.name.text).unwrap_or(usize::MAX));
        table(
            &["Artifact", "Brought by", "State", "Evidence"],
            pairs.into_iter().map(|(artifact, part)| {
                let brings = |package: &&super::model::Package| {
                    package.bound.artifacts.iter().any(|output| output.text == artifact.name.text)
                };
                let packages: Vec<&str> = milestone
                    .packages
                    .iter()
                    .filter(brings)
                    .map(|package| package.id.text.as_str())
                    .collect();
                let state = if part.holds { "present" } else { "missing" };
                vec![artifact.name.text.clone(), packages.join(", "), state.to_owned(), evidence(part)]
            }),
        )
    }

    fn packages(&self, in_order: bool) -> Table {
        let milestone = self.milestone;
        let join = |names: &[Name]| names.iter().map(|name| name.text.clone()).collect::<Vec<_>>().join(", ");
        if !in_order {
            return table(
                &["ID", "Work package", "Depends on", "Enables"],
                milestone.packages.iter().map(|package| {
                    let waits = join(&package.depends_on);
                    let waits = if waits.is_empty() { "none".to_owned() } else { waits };
                    vec![package.id.text.clone(), package.title.clone(), waits, join(&package.enables)]
                }),
            );
        }
        let plan = Plan::of(milestone);
        let rows = self.verdict.order.iter().enumerate().filter_map(|(place, index)| {
            let package = milestone.packages.get(*index)?;
            let part = self.verdict.packages.iter().find(|part| part.id == package.id.text)?;
            let inside = plan.enables.get(*index).into_iter().flatten();
            let inside = inside.filter_map(|index| Some(milestone.packages.get(*index)?.id.text.clone()));
            let outside = plan.enables_outside.get(*index).into_iter().flatten().cloned();
            let enables: Vec<String> = inside.chain(outside).collect();
            Some(vec![
                (place + 1).to_string(),
                package.id.text.clone(),
                package.title.clone(),
                enables.join(", "),
                if part.holds { "done" } else { "open" }.to_owned(),
            ])
        });
        table(&["Order", "ID", "Work package", "Enables (computed)", "State"], rows)
    }

    fn handoffs(&self, consumer_id: &str) -> Table {
        let [_, consumer, consumed] = &self.milestone.labels;
        let pairs = self.milestone.handoffs.iter().zip(&self.verdict.handoffs);
        let pairs = pairs.filter(|(handoff, _)| consumer_id.is_empty() || handoff.id.text == consumer_id);
        table(
            &[consumer, consumed, "Why", "State"],
            pairs.map(|(handoff, part)| {
                let named = handoff.consumes.iter().map(|name| name.text.clone());
                let needs = handoff.requires.iter().map(|item| words(&item.title, &item.id.text));
                let all: Vec<String> = named.chain(needs).collect();
                let state = if part.holds { "resolved" } else { "open" };
                let title = format!("{} {}", handoff.id.text, handoff.title).trim().to_owned();
                vec![title, all.join(", "), handoff.why.clone(), state.to_owned()]
            }),
        )
    }

    fn requires(&self, consumer_id: &str) -> Table {
        let pairs = self.milestone.handoffs.iter().zip(&self.verdict.requires);
        let pairs = pairs.filter(|(handoff, _)| consumer_id.is_empty() || handoff.id.text == consumer_id);
        table(
            &["Consumer", "Needs", "State", "Evidence"],
            pairs.flat_map(|(handoff, parts)| {
                handoff.requires.iter().zip(parts).map(|(item, part)| {
                    let state = if part.holds { "resolved" } else { "open" };
                    let needs = words(&item.title, &item.id.text);
                    vec![handoff.id.text.clone(), needs, state.to_owned(), evidence(part)]
                })
            }),
        )
    }

    fn list(&self, list: &str, group: &str) -> Table {
        let pairs = self.milestone.list(list).iter().zip(self.verdict.list(list));
        let pairs = pairs.filter(|(item, _)| group.is_empty() || item.group == group);
        if list == "risks" {
            return table(
                &["Risk", "Impact", "Mitigation", "Shown by", "Holds"],
                pairs.map(|(item, part)| {
                    let risk = words(&item.title, &item.id.text);
                    vec![
                        risk,
                        item.impact.clone(),
                        item.mitigation.clone(),
                        shown_by(&item.bound),
                        yes(part.holds),
                    ]
                }),
            );
        }
        table(
            &["Id", "What", "Shown by", "Evidence", "Holds"],
            pairs.map(|(item, part)| {
                let what = sentence(&item.title, &item.text);
                vec![item.id.text.clone(), what, shown_by(&item.bound), evidence(part), yes(part.holds)]
            }),
        )
    }

    /// Boxes: ticked where the item holds, with the files that show it.
    fn ticks(&self, what: &str) -> String {
        let (list, group) = what.split_once('/').unwrap_or((what, ""));
        let mut out = String::new();
        for (item, part) in self.milestone.list(list).iter().zip(self.verdict.list(list)) {
            if !group.is_empty() && item.group != group {
                continue;
            }
            let tick = if part.holds { "x" } else { " " };
            let what = sentence(&item.title, &item.text);
            let shown = if part.holds { evidence(part) } else { part.why.join("; ") };
            out.push_str(&format!("- [{tick}] {what} ({shown})\n"));
        }
        out
    }

    fn changes(&self, id: &str) -> Result<Table, String> {
        let check = self.milestone.checks.iter().find(|check| check.id.text == id);
        let Some(How::Changes { since, allow, forbid }) = check.map(|check| &check.how) else {
            return Err(format!("`{id}` is no check of changes"));
        };
        let rows = self.finder.classes(since, allow, forbid, &self.seen)?;
        let names = allow
            .iter()
            .map(|(class, _)| (class, true))
            .chain(forbid.iter().map(|(class, _)| (class, false)));
        let mut table = table(
            &["Class", "May change", "Files"],
            names.map(|(class, may)| {
                let of_class = |found: &Class| match found {
                    Class::Allowed(other) => may && other == class,
                    Class::Forbidden(other) => !may && other == class,
                    Class::None => false,
                };
                let count = rows.iter().filter(|(_, found)| of_class(found)).count();
                vec![class.clone(), yes(may), count.to_string()]
            }),
        );
        let strangers = rows.iter().filter(|(_, class)| *class == Class::None).count();
        table.rows.push(vec!["of no class".to_owned(), yes(false), strangers.to_string()]);
        Ok(table)
    }

    fn traceability(&self) -> Result<Table, String> {
        let facts = self.finder.own_facts()?;
        let criteria = self.milestone.list("criteria");
        let rows = facts.operations.iter().map(|operation| {
            let covers = |item: &&super::model::Item| covers(item, operation);
            let ids: Vec<&str> = criteria.iter().filter(covers).map(|item| item.id.text.as_str()).collect();
            vec![self.milestone.id.clone(), code(&operation.id), operation.label.clone(), ids.join(", ")]
        });
        Ok(table(&["Work item", "Operation", "Request", "Requirements"], rows))
    }

    fn index(&self) -> Table {
        let milestone = self.milestone;
        let fact = |name: &str| {
            let found = milestone.facts.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let accepted = if self.verdict.overall { "accepted" } else { "open" };
        let row = vec![
            milestone.id.clone(),
            milestone.title.clone(),
            fact("Status"),
            fact("Priority"),
            fact("Created"),
            accepted.to_owned(),
        ];
        table(&["Work item", "Title", "Status", "Priority", "Created", "Acceptance"], std::iter::once(row))
    }
}

/// Whether a criterion is a requirement of an operation: it says so, or the contract does.
pub fn covers(item: &super::model::Item, operation: &super::repository::OperationFact) -> bool {
    let said = item
        .covers
        .as_ref()
        .is_some_and(|list| list.is_empty() || list.iter().any(|name| name.text == operation.id));
    said || operation.traces.contains(&item.id.text)
}

fn table<C: AsRef<str>>(columns: &[C], rows: impl Iterator<Item = Vec<String>>) -> Table {
    let columns = columns.iter().map(|column| column.as_ref().to_owned()).collect();
    Table { title: String::new(), columns, rows: rows.collect() }
}

fn there(flag: bool) -> String {
    if flag { "present" } else { "missing" }.to_owned()
}

fn yes(flag: bool) -> String {
    if flag { "yes" } else { "no" }.to_owned()
}

fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}

fn words(title: &str, id: &str) -> String {
    if title.is_empty() { id } else { title }.to_owned()
}

fn sentence(title: &str, text: &str) -> String {
    match (title.is_empty(), text.is_empty()) {
        (true, _) => text.to_owned(),
        (false, true) => title.to_owned(),
        (false, false) => format!("**{title}:** {text}"),
    }
}

/// Most files a row names, a count: the evidence has them all.
const EVIDENCE_MAX: usize = 4;

fn evidence(part: &Part) -> String {
    let count = part.evidence.len();
    let mut shown: Vec<String> = part.evidence.iter().take(EVIDENCE_MAX).map(|file| code(file)).collect();
    if count > EVIDENCE_MAX {
        shown.push(format!("and {} more", count - EVIDENCE_MAX));
    }
    shown.join(", ")
}

fn shown_by(bound: &super::model::Bound) -> String {
    let all = [&bound.checks, &bound.decisions, &bound.artifacts, &bound.packages, &bound.files];
    all.into_iter().flatten().map(|name| name.text.clone()).collect::<Vec<_>>().join(", ")
}
