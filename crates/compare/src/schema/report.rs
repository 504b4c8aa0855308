//! From what was found to changes: what counts, whom it reaches, and how that is said.

use std::collections::{BTreeMap, BTreeSet};

use super::engine::Engine;
use super::found::{Found, Turn, When};
use super::reach::{BitSets, Mask, Neighbours, groups};
use super::{Part, Use, rules, witness};
use crate::peers::oasdiff_schema::alias;
use crate::{Change, Class, Direction, Effect, Reach, Spot};

/// Rounds in which findings that depend on others are settled, a count: negations within each
/// other take one each, and those that are left after the last one count.
const ROUNDS_MAX: usize = 64;

/// Reports everything that was found. `tops` are the pairs at the top of messages, with their use.
pub(super) fn report(
    engine: &mut Engine<'_>,
    tops: &[(u32, &Use)],
    operations: &[String],
    out: &mut Vec<Change>,
) {
    let kept = settle(engine);
    let reached = Reached::new(engine, tops, operations.len());
    let mut merged: BTreeMap<Key<'_>, Merged<'_>> = BTreeMap::new();
    let all = std::mem::take(&mut engine.found);
    for (found, _) in all.iter().zip(kept).filter(|(_, kept)| *kept) {
        let Some(here) = reached.of(found) else { continue };
        let key = (found.rule.code.id, found.old, found.new, found.subject.as_str(), found.fact.as_str());
        match merged.get_mut(&key) {
            Some(known) => known.add(found, here),
            None => drop(merged.insert(key, Merged { found, here })),
        }
    }
    let mut judge = witness::Judge::new(engine);
    for merged in merged.values() {
        out.push(change(engine, merged, operations, &mut judge));
    }
}

type Key<'f> = (&'static str, Option<tenon_source::At>, Option<tenon_source::At>, &'f str, &'f str);

/// A finding, with whom all findings like it reach.
struct Merged<'f> {
    found: &'f Found,
    here: Here,
}

impl<'f> Merged<'f> {
    fn add(&mut self, found: &'f Found, here: Here) {
        self.here.directions = self.here.directions.or(here.directions);
        self.here.operations.extend(here.operations);
        self.here.parts.extend(here.parts);
        self.here.is_top &= here.is_top;
        // One that is decided says more.
        if self.found.undecided.is_some() && found.undecided.is_none() {
            self.found = found;
        }
    }
}

/// The findings that count, once it is known how the pairs they depend on turned.
///
/// That an alternative is gone counts at first, so that how pairs turn is overstated; what is taken
/// back then is taken back rightly, and may take others with it. What turns with another pair
/// counts once that pair has turned: a schema within itself does not turn by itself.
fn settle(engine: &Engine<'_>) -> Vec<bool> {
    let settling = Settling::new(engine);
    let depends = |found: &Found| matches!(found.when, When::If(..) | When::IfAny(..));
    let mut gone: Vec<bool> = vec![false; engine.found.len()];
    loop {
        let mut kept: Vec<bool> =
            engine.found.iter().zip(&gone).map(|(found, gone)| !gone && !depends(found)).collect();
        let mut turns = settling.turns(&kept);
        for round in 0.. {
            let mut is_settled = true;
            for (found, kept) in engine.found.iter().zip(&mut kept).filter(|(_, kept)| !**kept) {
                if depends(found) && (round >= ROUNDS_MAX || settling.holds(found, &turns)) {
                    *kept = true;
                    is_settled = false;
                }
            }
            if is_settled {
                break;
            }
            turns = settling.turns(&kept);
        }
        let mut is_settled = true;
        for (found, gone) in engine.found.iter().zip(&mut gone).filter(|(_, gone)| !**gone) {
            if matches!(found.when, When::Unless(..)) && !settling.holds(found, &turns) {
                *gone = true;
                is_settled = false;
            }
        }
        if is_settled {
            return kept;
        }
    }
}

/// How pairs turn, by their groups.
struct Settling<'e, 'g> {
    engine: &'e Engine<'g>,
    group: Vec<u32>,
    count: usize,
    links: Vec<(u32, u32)>,
}

impl<'e, 'g> Settling<'e, 'g> {
    fn new(engine: &'e Engine<'g>) -> Self {
        let pairs = engine.pairs.len();
        let below = Neighbours::new(pairs, engine.edges.iter().map(|edge| (edge.from, edge.to)));
        let (group, count) = groups(pairs, &below);
        let of = |pair: u32| group.get(pair as usize).copied().unwrap_or_default();
        let mut links: Vec<(u32, u32)> =
            engine.edges.iter().map(|edge| (of(edge.from), of(edge.to))).collect();
        links.sort_unstable();
        links.dedup();
        Self { engine, group, count, links }
    }

    fn turns(&self, kept: &[bool]) -> Vec<Turn> {
        let mut turns = vec![Turn::NONE; self.count];
        for (found, _) in self.engine.found.iter().zip(kept).filter(|(_, kept)| **kept) {
            let group = self.group.get(found.pair as usize).copied().unwrap_or_default() as usize;
            if let Some(turn) = turns.get_mut(group) {
                *turn = turn.or(found.turn());
            }
        }
        // Those that groups lead to come before them.
        for (from, to) in &self.links {
            let below = turns.get(*to as usize).copied().unwrap_or(Turn::NONE);
            if let Some(turn) = turns.get_mut(*from as usize) {
                *turn = turn.or(below);
            }
        }
        turns
    }

    fn holds(&self, found: &Found, turns: &[Turn]) -> bool {
        let turned = |pair: u32, turn: Turn| {
            let group = self.group.get(pair as usize).copied().unwrap_or_default() as usize;
            turns.get(group).is_some_and(|turns| turns.has(turn))
        };
        match &found.when {
            When::Always => true,
            When::If(pair, turn) => turned(*pair, *turn),
            When::IfAny(pairs, turn) => pairs.iter().any(|pair| turned(*pair, *turn)),
            When::Unless(pairs, turn) => pairs.iter().all(|pair| turned(*pair, *turn)),
        }
    }
}

/// Whom a finding reaches.
#[derive(Debug, Default)]
struct Here {
    directions: Mask0,
    operations: BTreeSet<usize>,
    parts: BTreeSet<Part>,
    is_top: bool,
}

/// Directions that are reached; none where only messages have it that cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mask0(Mask);

impl Default for Mask0 {
    fn default() -> Self {
        Self(Mask::NONE)
    }
}

impl Mask0 {
    fn or(self, other: Self) -> Self {
        Self(self.0.or(other.0))
    }

    fn direction(self) -> Option<Direction> {
        match (self.0.has(Mask::WHOLE), self.0.has(Mask::REQUEST), self.0.has(Mask::RESPONSE)) {
            (true, _, _) | (_, true, true) => Some(Direction::Both),
            (_, true, false) => Some(Direction::Request),
            (_, false, true) => Some(Direction::Response),
            (false, false, false) => None,
        }
    }
}

const PARTS: [Part; 5] = [Part::Parameter, Part::Header, Part::Body, Part::Payload, Part::File];

/// Which operations reach which pairs, direction by direction, and last regardless of it.
struct Reached {
    passes: Vec<(Mask, Vec<u32>, BitSets)>,
    tops: BTreeSet<u32>,
    operations: usize,
}

impl Reached {
    fn new(engine: &Engine<'_>, tops: &[(u32, &Use)], operations: usize) -> Self {
        let mut passes = Vec::new();
        for mask in Mask::EACH.into_iter().chain([Mask::ALL]) {
            let edges = engine.edges.iter().filter(|edge| edge.mask.has(mask));
            let edges: Vec<(u32, u32)> = edges.map(|edge| (edge.from, edge.to)).collect();
            let count = engine.pairs.len();
            let (group, group_count) = groups(count, &Neighbours::new(count, edges.iter().copied()));
            let mut sets = BitSets::new(group_count, operations + PARTS.len());
            for (pair, usage) in tops {
                let is_sent = mask_of(usage).has(mask);
                let at = group.get(*pair as usize).copied().unwrap_or_default() as usize;
                if is_sent {
                    if (usage.operation as usize) < operations {
                        sets.insert(at, usage.operation as usize);
                    }
                    let part = PARTS.iter().position(|part| *part == usage.part).unwrap_or_default();
                    sets.insert(at, operations + part);
                }
            }
            let of = |pair: u32| group.get(pair as usize).copied().unwrap_or_default();
            let mut links: Vec<(u32, u32)> = edges.iter().map(|(from, to)| (of(*from), of(*to))).collect();
            links.sort_unstable();
            links.dedup();
            for (from, to) in links.iter().rev().filter(|(from, to)| from != to) {
                sets.add(*to as usize, *from as usize);
            }
            passes.push((mask, group, sets));
        }
        Self { passes, tops: tops.iter().map(|(pair, _)| *pair).collect(), operations }
    }

    /// Whom a finding reaches; `None` if it is in no message at all.
    fn of(&self, found: &Found) -> Option<Here> {
        let mut here = Here { is_top: self.tops.contains(&found.pair), ..Here::default() };
        let mut any = false;
        for (mask, group, sets) in &self.passes {
            let is_last = *mask == Mask::ALL;
            if (is_last && any) || !found.mask.has(*mask) && !is_last {
                continue;
            }
            let at = group.get(found.pair as usize).copied().unwrap_or_default() as usize;
            for number in sets.numbers(at) {
                any = true;
                if !is_last {
                    here.directions = here.directions.or(Mask0(*mask));
                }
                match number.checked_sub(self.operations) {
                    None => drop(here.operations.insert(number)),
                    Some(part) => here.parts.extend(PARTS.get(part)),
                }
            }
        }
        any.then_some(here)
    }
}

fn mask_of(usage: &Use) -> Mask {
    match (usage.part, usage.direction) {
        (Part::File, _) => Mask::WHOLE,
        (_, Direction::Request) => Mask::REQUEST,
        (_, Direction::Response) => Mask::RESPONSE,
        (_, Direction::Both) => Mask::REQUEST.or(Mask::RESPONSE),
    }
}

fn change<'g>(
    engine: &mut Engine<'g>,
    merged: &Merged<'_>,
    operations: &[String],
    judge: &mut witness::Judge<'g>,
) -> Change {
    let (found, here) = (merged.found, &merged.here);
    let direction = here.directions.direction();
    let class = class(found, direction);
    let message = message(found, direction);
    let names: Vec<String> =
        here.operations.iter().filter_map(|index| operations.get(*index).cloned()).collect();
    // What has no name of its own is told apart by its operation.
    let operation = names.first().filter(|_| names.len() == 1 && is_nameless(&found.subject)).cloned();
    let subject = match &operation {
        Some(operation) => format!("{operation} {}", found.subject),
        None => found.subject.clone(),
    };
    let mut change = Change::new(found.rule, direction, subject, message)
        .classed(class)
        .reaching(Reach::of(names))
        .with_aliases(&aliases(found, here));
    change.operation = operation;
    change.old = found.old.map(|at| Spot::of(engine.old.graph, at));
    change.new = found.new.map(|at| Spot::of(engine.new.graph, at));
    change.undecided.clone_from(&found.undecided);
    if let Some(help) = &found.help
        && class == Class::Breaking
    {
        change.help = Some(help.clone());
    }
    if class == Class::Breaking
        && let Some(value) = judge.counter_example(engine, found, here.directions.0)
    {
        change.counter_example = Some(value);
        // What was not decided is shown by the value.
        change.undecided = None;
    }
    change
}

fn class(found: &Found, direction: Option<Direction>) -> Class {
    let Some(direction) = direction else {
        // No message has what changed.
        return Class::Docs;
    };
    let is = |rule: &'static crate::ChangeRule| std::ptr::eq(found.rule, rule);
    if found.undecided.is_some() {
        return Class::Breaking;
    }
    let defaults = [&rules::DEFAULT_ADDED, &rules::DEFAULT_CHANGED, &rules::DEFAULT_REMOVED];
    match found.rule.effect {
        // Who receives a value has nothing to fill in.
        Effect::Behaves if direction == Direction::Response && defaults.into_iter().any(is) => Class::Docs,
        // Nothing is refused, but what is sent is no longer looked at.
        Effect::Widens if direction == Direction::Request && is(&rules::REQUIRED_REMOVED) => Class::Behaviour,
        effect => effect.class(Some(direction)),
    }
}

/// Whether a subject is what messages call the top of a message, and no name.
fn is_nameless(subject: &str) -> bool {
    subject.starts_with("the ") || subject.starts_with("each item of the ")
}

fn message(found: &Found, direction: Option<Direction>) -> String {
    // What already names a part of it in ticks needs none around it.
    let tick = if found.subject.contains('`') { "" } else { "`" };
    let start = format!("{tick}{}{tick} {}", found.subject, found.fact);
    let Some(direction) = direction else {
        return format!("{start}: no message has it, as it is read-only or write-only");
    };
    let who = match direction {
        Direction::Request => "requests",
        Direction::Response => "responses",
        Direction::Both => "messages",
    };
    let values = &found.values;
    if values.is_empty() {
        return start;
    }
    match (found.rule.effect, direction) {
        (Effect::Narrows, Direction::Response) => format!("{start}: {who} no longer have {values}"),
        (Effect::Narrows, _) => format!("{start}: {who} with {values} are refused"),
        (Effect::Widens, Direction::Request) => format!("{start}: {who} may have {values}"),
        (Effect::Widens, _) => format!("{start}: {who} may have {values}, which receivers do not expect"),
        (Effect::Breaks, Direction::Response) => format!("{start}: receivers do not expect {values}"),
        (Effect::Breaks, _) => format!("{start}: {who} with {values} may be refused"),
        (Effect::Behaves | Effect::Adds | Effect::Documents, _) => start,
    }
}

/// Kinds that are said of a member and not of the schema it stands in.
const OF_MEMBERS: [&str; 3] = ["became-required", "became-optional", "became-required-with-default"];

/// The names oasdiff has for this very change.
fn aliases(found: &Found, here: &Here) -> Vec<&'static str> {
    let mut names = Vec::new();
    let kind = found.kind;
    if kind.is_empty() {
        return names;
    }
    let is_top = here.is_top && !OF_MEMBERS.contains(&kind);
    let directions = here.directions.0;
    for part in &here.parts {
        let prefixes: &[&str] = match (part, is_top) {
            (Part::Parameter, true) => &["request-parameter"],
            (Part::Parameter, false) => &["request-parameter-property", "request-header-property"],
            (Part::Header, _) => &["response-header"],
            (Part::Body, true) => &["request-body", "response-body"],
            (Part::Body, false) => &["request-property", "response-property"],
            (Part::Payload | Part::File, _) => &[],
        };
        for prefix in prefixes {
            let mask = if prefix.starts_with("request") { Mask::REQUEST } else { Mask::RESPONSE };
            if directions.has(mask) {
                names.extend(ids(prefix, kind).iter().filter_map(|id| alias(id)));
            }
        }
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// The ids that a kind of change may have under a prefix.
fn ids(prefix: &str, kind: &str) -> Vec<String> {
    let request = prefix.starts_with("request");
    match kind {
        "new-required" if request => vec!["new-required-request-property".to_owned()],
        "new-required-with-default" if request => {
            vec!["new-required-request-property-with-default".to_owned()]
        }
        "new-required" | "new-required-with-default" => vec!["response-required-property-added".to_owned()],
        "new-optional" if request => vec!["new-optional-request-property".to_owned()],
        "new-optional" | "optional-added" if !request => vec!["response-optional-property-added".to_owned()],
        "required-removed" | "optional-removed" | "removed" if request => {
            vec!["request-property-removed".to_owned()]
        }
        "required-removed" => vec!["response-required-property-removed".to_owned()],
        "optional-removed" => vec!["response-optional-property-removed".to_owned()],
        "became-read-only" | "became-not-read-only" | "became-write-only" | "became-not-write-only" => {
            let who = if request { "request" } else { "response" };
            vec![format!("{who}-optional-property-{kind}"), format!("{who}-required-property-{kind}")]
        }
        _ => vec![format!("{prefix}-{kind}")],
    }
}
