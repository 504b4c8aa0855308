//! Work packages: ranges, cycles, what enables what, and the order they can be done in.

use std::collections::{BTreeMap, BTreeSet};

use tenon_source::Finding;

use super::model::{Milestone, Name, Package};
use crate::codes;

/// Most packages one range stands for, a count: more is a slip of the pen.
const RANGE_MAX: usize = 1_000;

/// What one mention of packages stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mention {
    /// Packages of this milestone, by index.
    Packages(Vec<usize>),
    /// Something that stands elsewhere.
    External(String),
}

/// The packages with their edges.
#[derive(Debug)]
pub struct Plan {
    /// Of each package, those it waits for.
    pub waits: Vec<BTreeSet<usize>>,
    /// Of each package, what else it waits for.
    pub waits_outside: Vec<Vec<String>>,
    /// Of each package, those that wait for it.
    pub enables: Vec<BTreeSet<usize>>,
    /// Of each package, what else it enables.
    pub enables_outside: Vec<Vec<String>>,
    /// The packages in an order they can be done in; those in a circle are left out.
    pub order: Vec<usize>,
}

impl Plan {
    /// The plan of a milestone. `depends_on` is authoritative.
    #[must_use]
    pub fn of(milestone: &Milestone) -> Self {
        let packages = &milestone.packages;
        let ids = ids(packages);
        let mut waits = Vec::new();
        let mut waits_outside = Vec::new();
        let mut enables_outside = Vec::new();
        for package in packages {
            let (inside, outside) = split(&ids, &package.depends_on);
            waits.push(inside);
            waits_outside.push(outside);
            enables_outside.push(split(&ids, &package.enables).1);
        }
        let mut enables = vec![BTreeSet::new(); packages.len()];
        for (index, set) in waits.iter().enumerate() {
            for before in set {
                if let Some(set) = enables.get_mut(*before) {
                    set.insert(index);
                }
            }
        }
        let order = sorted(&waits, &enables);
        Self { waits, waits_outside, enables, enables_outside, order }
    }
}

/// Packages by id.
pub type Ids<'p> = BTreeMap<&'p str, usize>;

/// The packages of a milestone by id.
#[must_use]
pub fn ids(packages: &[Package]) -> Ids<'_> {
    packages.iter().enumerate().map(|(index, package)| (package.id.text.as_str(), index)).collect()
}

fn split(ids: &Ids<'_>, names: &[Name]) -> (BTreeSet<usize>, Vec<String>) {
    let mut inside = BTreeSet::new();
    let mut outside = Vec::new();
    for name in names {
        match mention(ids, &name.text) {
            Mention::Packages(list) => inside.extend(list),
            Mention::External(text) => outside.push(text),
        }
    }
    (inside, outside)
}

/// What a mention stands for: an id, a range such as `D1-D7`, or something else.
#[must_use]
pub fn mention(ids: &Ids<'_>, text: &str) -> Mention {
    let find = |id: &str| ids.get(id).copied();
    if let Some(index) = find(text) {
        return Mention::Packages(vec![index]);
    }
    let range = || -> Option<Vec<usize>> {
        // Ids may hold a hyphen of their own: every place to cut is tried.
        let (first, last) = text
            .match_indices('-')
            .filter_map(|(at, _)| Some((text.get(..at)?, text.get(at + 1..)?)))
            .find(|(first, last)| find(first).is_some() && find(last).is_some())?;
        let cut = |id: &str| {
            let digits = id.chars().rev().take_while(char::is_ascii_digit).count();
            let at = id.len() - digits;
            Some((id.get(..at)?.to_owned(), id.get(at..)?.parse::<usize>().ok()?))
        };
        let ((stem, from), (other, to)) = (cut(first)?, cut(last)?);
        if stem != other || to < from || to - from >= RANGE_MAX {
            return None;
        }
        (from..=to).map(|number| find(&format!("{stem}{number}"))).collect()
    };
    range().map_or_else(|| Mention::External(text.to_owned()), Mention::Packages)
}

/// Kahn's order, of those that are ready the one written first.
fn sorted(waits: &[BTreeSet<usize>], enables: &[BTreeSet<usize>]) -> Vec<usize> {
    let mut open: Vec<usize> = waits.iter().map(BTreeSet::len).collect();
    let mut ready: BTreeSet<usize> =
        open.iter().enumerate().filter(|(_, count)| **count == 0).map(|(index, _)| index).collect();
    let mut order = Vec::new();
    while let Some(index) = ready.pop_first() {
        order.push(index);
        for next in enables.get(index).into_iter().flatten() {
            if let Some(count) = open.get_mut(*next) {
                *count -= 1;
                if *count == 0 {
                    ready.insert(*next);
                }
            }
        }
    }
    order
}

/// What is wrong with the packages.
#[must_use]
pub fn check(milestone: &Milestone) -> Vec<Finding> {
    let mut out = Vec::new();
    let packages = &milestone.packages;
    let plan = Plan::of(milestone);
    let ids = ids(packages);
    unknown(milestone, &ids, &mut out);
    if plan.order.len() < packages.len() {
        out.push(cycle(packages, &plan));
    }
    let written: BTreeMap<usize, BTreeSet<usize>> = packages
        .iter()
        .enumerate()
        .map(|(index, package)| (index, split(&ids, &package.enables).0))
        .collect();
    // Where nothing is said, nothing is wrong: what is enabled follows from `depends_on`.
    for (index, package) in packages.iter().enumerate().filter(|(_, package)| !package.enables.is_empty()) {
        let (Some(written), Some(true_ones)) = (written.get(&index), plan.enables.get(index)) else {
            continue;
        };
        let names = |set: Vec<&usize>| {
            let ids = set.into_iter().filter_map(|index| packages.get(*index));
            ids.map(|package| format!("`{}`", package.id.text)).collect::<Vec<_>>().join(", ")
        };
        let lacking = names(true_ones.difference(written).collect());
        let extra = names(written.difference(true_ones).collect());
        let said = match (lacking.is_empty(), extra.is_empty()) {
            (true, true) => continue,
            (false, true) => format!("`{}` does not say that it enables {lacking}", package.id.text),
            (true, false) => {
                format!("`{}` says that it enables {extra}, which does not wait for it", package.id.text)
            }
            (false, false) => format!(
                "`{}` does not say that it enables {lacking}, and says so of {extra}, which does not wait for it",
                package.id.text
            ),
        };
        out.push(
            Finding::new(&codes::NOT_INVERSE, package.id.place, said)
                .with_help("`depends_on` counts; make `enables` its inverse"),
        );
    }
    out
}

fn unknown(milestone: &Milestone, ids: &Ids<'_>, out: &mut Vec<Finding>) {
    let packages = &milestone.packages;
    let elsewhere: BTreeSet<&str> = milestone
        .external
        .iter()
        .map(|name| name.text.as_str())
        .chain(milestone.dependencies.iter().map(|dependency| dependency.id.text.as_str()))
        .chain(milestone.handoffs.iter().map(|handoff| handoff.id.text.as_str()))
        .chain(milestone.follow_ups.iter().map(|follow_up| follow_up.id.as_str()))
        .collect();
    let known = |text: &str| elsewhere.contains(text);
    for package in packages {
        for name in package.depends_on.iter().chain(&package.enables) {
            if matches!(mention(ids, &name.text), Mention::External(text) if !known(&text)) {
                let ids = packages.iter().map(|package| package.id.text.as_str());
                let near = tenon_source::nearest(&name.text, ids);
                let help = near.map_or_else(
                    || "name a package, or list it under `external`".to_owned(),
                    |near| format!("did you mean `{near}`? what stands elsewhere is listed under `external`"),
                );
                let message = format!("there is no work package `{}`", name.text);
                out.push(Finding::new(&codes::UNKNOWN_NAME, name.place, message).with_help(help));
            }
        }
    }
}

/// One circle, named from the package that is written first.
fn cycle(packages: &[Package], plan: &Plan) -> Finding {
    let ordered: BTreeSet<usize> = plan.order.iter().copied().collect();
    let left: BTreeSet<usize> = (0..packages.len()).filter(|index| !ordered.contains(index)).collect();
    let mut path: Vec<usize> = left.first().copied().into_iter().collect();
    let mut seen = BTreeMap::new();
    // Each package that is left waits for one that is left: the walk must come back.
    while let Some(last) = path.last().copied() {
        let next = plan.waits.get(last).and_then(|set| set.intersection(&left).next().copied());
        let Some(next) = next else { break };
        seen.insert(last, path.len() - 1);
        if let Some(start) = seen.get(&next) {
            path.drain(..*start);
            path.push(next);
            break;
        }
        path.push(next);
    }
    let named: Vec<&str> = path
        .iter()
        .filter_map(|index| packages.get(*index))
        .map(|package| package.id.text.as_str())
        .collect();
    let place = path
        .first()
        .and_then(|index| packages.get(*index))
        .map_or_else(|| packages.first().map(|package| package.id.place), |package| Some(package.id.place));
    let message = format!("work packages wait for each other: {}", shortened(&named));
    let place = place.unwrap_or(tenon_source::Place {
        file: tenon_source::FileId(0),
        span: tenon_source::Span { start: 0, end: 0 },
    });
    Finding::new(&codes::CYCLE, place, message).with_help("take one of them out of `depends_on`")
}

/// Most packages of a circle that are named, a count.
const CYCLE_SHOWN_MAX: usize = 12;

fn shortened(ids: &[&str]) -> String {
    let shown = ids.iter().take(CYCLE_SHOWN_MAX).copied().collect::<Vec<_>>().join(" waits for ");
    if ids.len() > CYCLE_SHOWN_MAX { format!("{shown} … ({} in all)", ids.len() - 1) } else { shown }
}
