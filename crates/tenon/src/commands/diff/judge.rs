//! What the contract's tier, the register of decisions, approvals and suppressions make of each
//! change.

use std::collections::BTreeMap;

use tenon_checks::report::{self, EXPIRED_APPROVAL, Suppression, UNUSED_APPROVAL};
use tenon_compare::{Change, Class, Day, FailOn, Spot, Tiers};
use tenon_graph::{Graph, Tier, Waiver};
use tenon_source::{FileId, Finding, Level, Place, SourceFile, Sources};

use super::inputs::Side;
use super::report::finding_of;
use crate::catalogue;
use crate::commands::check::pass::suppressions;
use crate::config::{Approve, Config};
use crate::versions::Version;

/// What decides.
pub struct Judging {
    /// The failing class.
    pub fail_on: FailOn,
    /// The day.
    pub today: Day,
    /// Levels that were set, by rule.
    pub levels: BTreeMap<&'static str, Level>,
    /// Ids of the only rules to report; empty for all.
    pub only: Vec<&'static str>,
}

/// Why a change that would count does not.
pub struct Accepted {
    /// What accepts it: `approval`, `removal`, `delta` or `suppression`.
    pub by: &'static str,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day on which it holds.
    pub expires: Option<Day>,
    /// Whether it stands beside the change, and not in a list.
    pub inline: bool,
}

/// A change, judged.
pub struct JudgedChange {
    /// The change; its places are in [`Judged::graph`].
    pub change: Change,
    /// The tier it was judged under.
    pub tier: Option<Tier>,
    /// How it is reported.
    pub level: Level,
    /// Why so.
    pub why: &'static str,
    /// Why it does not count.
    pub accepted: Option<Accepted>,
    /// An approval that has ended.
    pub expired: Option<(String, Day)>,
}

/// Everything that is reported.
pub struct Judged {
    /// What the versions are called.
    pub names: [String; 2],
    /// The changes in order.
    pub changes: Vec<JudgedChange>,
    /// The changes as findings, in the same order.
    pub stated: Vec<Finding>,
    /// What is wrong with approvals and suppressions.
    pub findings: Vec<Finding>,
    /// The new version, with the files of the old one that changes point at.
    pub graph: Graph,
}

impl Judged {
    /// Whether the comparison fails.
    pub fn failed(&self, fail_on: FailOn) -> bool {
        let is_grave = |finding: &Finding| finding.level == Level::Error;
        fail_on != FailOn::Never && (self.stated.iter().any(is_grave) || self.findings.iter().any(is_grave))
    }

    /// How many changes have a class.
    pub fn count(&self, class: Class) -> usize {
        self.changes.iter().filter(|judged| judged.change.class == class).count()
    }

    /// How many changes do not count, for a reason that was given.
    pub fn accepted(&self) -> usize {
        self.changes.iter().filter(|judged| judged.accepted.is_some()).count()
    }

    /// The step the changes ask of the version number.
    pub fn step(&self) -> &'static str {
        tenon_compare::step(self.changes.iter().map(|judged| &judged.change))
    }
}

/// Judges changes.
pub fn judge(changes: Vec<Change>, old: Side, new: Side, config: &Config, judging: &Judging) -> Judged {
    let names = [old.version.name.clone(), new.version.name.clone()];
    let (old_tiers, new_tiers) = (Tiers::of(&old.graph), Tiers::of(&new.graph));
    let register = Register::of(&new.graph);
    let mut judged: Vec<JudgedChange> = Vec::with_capacity(changes.len());
    for change in changes {
        let tier = tenon_compare::tier_of(&change, &old_tiers, &new_tiers).or(config.diff.tier);
        let judgement = tenon_compare::judge(change.class, tier, judging.fail_on);
        let set = judging.levels.get(change.rule.code.id).copied();
        let level = set.unwrap_or(judgement.level);
        let asked = judging.only.is_empty() || judging.only.contains(&change.rule.code.id);
        if level != Level::Off && asked {
            let why = if set.is_some() { "its level is set for this project" } else { judgement.why };
            let accepted = register.accepts(&change);
            judged.push(JudgedChange { change, tier, level, why, accepted, expired: None });
        }
    }
    let mut graph = join(old, new, &mut judged);
    let (suppressions, mut findings) = suppressions(config, &mut graph);
    let file = config_file(config, &mut graph.sources);
    findings.extend(approve(&mut judged, &config.diff.approve, file, judging));
    let stated: Vec<Finding> = judged.iter().map(finding_of).collect();
    findings.extend(suppress(&mut judged, &stated, &suppressions, &graph.sources, judging));
    let stated = judged.iter().map(finding_of).collect();
    let is_ours = |finding: &Finding| judging.levels.get(finding.code.id) != Some(&Level::Off);
    findings.retain(is_ours);
    for finding in &mut findings {
        finding.level = judging.levels.get(finding.code.id).copied().unwrap_or(finding.level);
    }
    Judged { names, changes: judged, stated, findings, graph }
}

/// The new version's graph, its files named as people call them, with those files of the old version
/// that a change points at; the places of the changes then are places in it.
fn join(mut old: Side, mut new: Side, judged: &mut [JudgedChange]) -> Graph {
    let named = |sources: Sources, version: &Version| {
        let name = |mut file: SourceFile| {
            file.path = version.display(&file.path);
            file
        };
        sources.into_files().into_iter().map(name).collect::<Vec<_>>()
    };
    let mut joined = Sources::default();
    for file in named(std::mem::take(&mut new.graph.sources), &new.version) {
        joined.push(file);
    }
    let mut moved: BTreeMap<FileId, FileId> = BTreeMap::new();
    let spots = judged.iter().filter_map(|judged| judged.change.old.as_ref());
    for spot in spots {
        moved.insert(spot.place.file, spot.place.file);
    }
    let old_files = named(std::mem::take(&mut old.graph.sources), &old.version);
    for (index, file) in old_files.into_iter().enumerate() {
        let id = FileId(u32::try_from(index).unwrap_or(u32::MAX));
        if let Some(to) = moved.get_mut(&id) {
            *to = joined.push(file);
        }
    }
    for judged in judged {
        if let Some(spot) = &mut judged.change.old {
            spot.place.file = moved.get(&spot.place.file).copied().unwrap_or(spot.place.file);
        }
    }
    new.graph.sources = joined;
    // Its nodes are needed no more; the process ends soon and the system takes the memory back.
    std::mem::forget(old.graph);
    new.graph
}

/// The configuration among the files, so that what is wrong in it can be shown.
fn config_file(config: &Config, sources: &mut Sources) -> Option<FileId> {
    let source = config.source.as_ref().filter(|_| !config.diff.approve.is_empty())?;
    let known = sources.find(&source.path);
    Some(known.unwrap_or_else(|| sources.push(SourceFile::text_only(&source.path, source.text().to_owned()))))
}

/// Accepts the changes whose fingerprints are approved.
fn approve(
    judged: &mut [JudgedChange],
    approvals: &[Approve],
    file: Option<FileId>,
    judging: &Judging,
) -> Vec<Finding> {
    let Some(file) = file else { return Vec::new() };
    let mut findings = Vec::new();
    for approval in approvals {
        let place = Place { file, span: approval.span };
        let found = judged.iter_mut().find(|judged| judged.change.fingerprint == approval.fingerprint);
        match found {
            Some(judged) if approval.expires >= judging.today => {
                judged.accepted = Some(Accepted {
                    by: "approval",
                    reason: approval.reason.clone(),
                    owner: Some(approval.owner.clone()),
                    expires: Some(approval.expires),
                    inline: false,
                });
            }
            Some(judged) => {
                judged.expired = Some((approval.owner.clone(), approval.expires));
                let message = format!(
                    "this approval of {} ended on {}: {}",
                    judged.change.rule.code.id, approval.expires, judged.change.message
                );
                let help = "settle the change, or approve it anew with another day and a reason";
                findings.push(Finding::new(&EXPIRED_APPROVAL, place, message).with_help(help));
            }
            None if judging.only.is_empty() => {
                let message = format!("no change has the fingerprint {}", approval.fingerprint);
                let help = "what was approved is settled, or reads otherwise by now: take the approval out";
                findings.push(Finding::new(&UNUSED_APPROVAL, place, message).with_help(help));
            }
            None => {}
        }
    }
    findings
}

/// Accepts the changes that comments and the configuration set aside.
fn suppress(
    judged: &mut [JudgedChange],
    stated: &[Finding],
    suppressions: &[Suppression],
    sources: &Sources,
    judging: &Judging,
) -> Vec<Finding> {
    let mut used = vec![false; suppressions.len()];
    let covering = report::covering(stated, suppressions, sources);
    for (judged, by) in judged.iter_mut().zip(covering) {
        let Some((index, suppression)) = by.and_then(|index| Some((index, suppressions.get(index)?))) else {
            continue;
        };
        if let Some(used) = used.get_mut(index) {
            *used = true;
        }
        if judged.accepted.is_none() {
            judged.accepted = Some(Accepted {
                by: "suppression",
                reason: suppression.reason.clone(),
                owner: None,
                expires: None,
                inline: suppression.inline,
            });
        }
    }
    let ran =
        |id: &str| judging.only.is_empty() && catalogue::find(id).is_some_and(|entry| entry.effect.is_some());
    report::unused(suppressions, &used, &ran)
}

/// Changes that were decided, as the contracts record them.
struct Register {
    rows: Vec<Row>,
}

struct Row {
    by: &'static str,
    what: String,
    rule: Option<String>,
    reason: String,
    owner: Option<String>,
}

impl Register {
    /// The rows of the new version: what was decided goes with the change.
    fn of(graph: &Graph) -> Self {
        let row = |by, waiver: &Waiver| {
            let said = |text: &Option<tenon_graph::Name>| {
                let text = text.as_ref()?.text.trim().to_owned();
                (!text.is_empty()).then_some(text)
            };
            Some(Row {
                by,
                what: waiver.what.text.clone(),
                rule: waiver.rule.as_ref().map(|rule| rule.text.clone()),
                reason: said(&waiver.reason)?,
                owner: Some(said(&waiver.owner)?),
            })
        };
        let mut rows = Vec::new();
        for contract in &graph.contracts {
            rows.extend(contract.removals.iter().filter_map(|waiver| row("removal", waiver)));
            rows.extend(contract.deltas.iter().filter_map(|waiver| row("delta", waiver)));
        }
        for service in &graph.services {
            let root = graph.sources.get(service.file).map(|file| file.tree.root());
            for record in root.and_then(|root| root.get("removals")).into_iter().flat_map(|list| list.items())
            {
                let (Some(method), Some(path)) = (record.get_str("method"), record.get_str("path")) else {
                    continue;
                };
                let reason = record.get_str("reason").unwrap_or_default().trim().to_owned();
                if reason.is_empty() {
                    continue;
                }
                let what = format!("{} {path}", method.to_ascii_uppercase());
                let owner = record.get_str("owner").map(str::to_owned);
                rows.push(Row { by: "removal", what, rule: None, reason, owner });
            }
        }
        Self { rows }
    }

    fn accepts(&self, change: &Change) -> Option<Accepted> {
        let row = self.rows.iter().find(|row| row.covers(change))?;
        Some(Accepted {
            by: row.by,
            reason: row.reason.clone(),
            owner: row.owner.clone(),
            expires: None,
            inline: false,
        })
    }
}

impl Row {
    fn covers(&self, change: &Change) -> bool {
        let code = &change.rule.code;
        let rule_fits = match self.rule.as_deref() {
            Some(rule) => tenon_compare::find_rule(rule).is_some_and(|rule| rule.code.id == code.id),
            None => self.by != "removal" || is_removal(code.name),
        };
        let is_below = |whole: &str| {
            let rest = whole.strip_prefix(self.what.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ' ', '/']))
        };
        rule_fits && (is_below(&change.subject) || change.operation.as_deref() == Some(self.what.as_str()))
    }
}

/// Whether a kind of change is about something that went. That a number was not reserved when its
/// field went is another matter, and stays one.
fn is_removal(name: &str) -> bool {
    name.contains("removed") && !name.contains("reserved")
}

/// The place that a change is reported at.
pub fn place_of(change: &Change) -> Option<&Spot> {
    change.new.as_ref().or(change.old.as_ref())
}
