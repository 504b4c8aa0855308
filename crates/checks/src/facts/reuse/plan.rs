//! Work packages as a graph: ranges expanded, the order, cycles, and where `enables` is not the
//! inverse of `depends_on`.
//!
//! `depends_on` counts; `enables` is what follows from it, and where both are written and differ
//! the difference is told.

use std::collections::{BTreeMap, BTreeSet};

use tenon_graph::{Name, ReuseRegister};
use tenon_source::At;

/// Most ids one range stands for, a count: larger ones are a slip of the pen.
const RANGE_MAX: u32 = 1_000;

/// The work packages of a register.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The packages, in the order they are written.
    pub packages: Vec<Package>,
    /// The ids in an order in which the work can be done; packages on a cycle are left out.
    pub order: Vec<String>,
    /// Packages that wait for each other, each cycle once, from its first id on.
    pub cycles: Vec<Vec<String>>,
}

/// A work package.
#[derive(Debug, Clone)]
pub struct Package {
    /// Where.
    pub at: At,
    /// Its id.
    pub id: String,
    /// What is done.
    pub title: String,
    /// Packages it waits for, ranges expanded.
    pub depends_on: Vec<Mention>,
    /// What else it waits for, as written.
    pub waits_for: Vec<String>,
    /// Packages that it is said to enable; `None` where nothing is said.
    pub enables_said: Option<Vec<Mention>>,
    /// What else it is said to enable, as written.
    pub makes_possible: Vec<String>,
    /// Packages that depend on it.
    pub enables: Vec<String>,
}

/// An id and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The id.
    pub id: String,
    /// Where.
    pub at: At,
    /// Whether there is such a package.
    pub known: bool,
}

impl Plan {
    /// The plan of a register.
    #[must_use]
    pub fn of(register: &ReuseRegister) -> Self {
        let ids: BTreeSet<&str> = register.work_packages.iter().map(|package| package.id.as_str()).collect();
        let ids = Ids { prefixes: ids.iter().filter_map(|id| Some(split_id(id)?.0)).collect(), all: ids };
        let mut packages: Vec<Package> = register
            .work_packages
            .iter()
            .map(|package| {
                let (depends_on, waits_for) = ids.read(&package.depends_on);
                let enables = package.enables.as_ref().map(|names| ids.read(names));
                let (enables_said, makes_possible) =
                    enables.map_or((None, Vec::new()), |(known, other)| (Some(known), other));
                let title = package.title.as_ref().map(|title| title.text.clone()).unwrap_or_default();
                let id = package.id.text.clone();
                Package {
                    at: package.at,
                    id,
                    title,
                    depends_on,
                    waits_for,
                    enables_said,
                    makes_possible,
                    enables: Vec::new(),
                }
            })
            .collect();
        let edges: Vec<(String, String)> = packages
            .iter()
            .flat_map(|package| package.depends_on.iter().map(|on| (on.id.clone(), package.id.clone())))
            .collect();
        for package in &mut packages {
            let after =
                edges.iter().filter(|(before, _)| *before == package.id).map(|(_, after)| after.clone());
            package.enables = after.collect();
            package.enables.dedup();
        }
        let order = order(&packages);
        let cycles = cycles(&packages, &order);
        Self { packages, order, cycles }
    }

    /// The ids a list of names stands for, as [`Plan::of`] reads them.
    #[must_use]
    pub fn read(register: &ReuseRegister, names: &[Name]) -> Vec<Mention> {
        let all: BTreeSet<&str> = register.work_packages.iter().map(|package| package.id.as_str()).collect();
        let prefixes = all.iter().filter_map(|id| Some(split_id(id)?.0)).collect();
        Ids { all, prefixes }.read(names).0
    }
}

/// The ids of a plan.
struct Ids<'r> {
    all: BTreeSet<&'r str>,
    /// What stands before the numbers of the ids.
    prefixes: BTreeSet<&'r str>,
}

impl Ids<'_> {
    /// Ids in ranges and lists, and what is no id.
    fn read(&self, names: &[Name]) -> (Vec<Mention>, Vec<String>) {
        let (mut ids, mut others) = (Vec::new(), Vec::new());
        for name in names {
            for part in name.text.split(',').map(str::trim).filter(|part| !is_nothing(part)) {
                match self.expand(part) {
                    Some(found) => {
                        let mention =
                            |id: String| Mention { known: self.all.contains(id.as_str()), id, at: name.at };
                        ids.extend(found.into_iter().map(mention));
                    }
                    None => others.push(part.to_owned()),
                }
            }
        }
        (ids, others)
    }

    /// The ids a text stands for; `None` if it is no id of this plan nor a range of them.
    fn expand(&self, text: &str) -> Option<Vec<String>> {
        if self.all.contains(text) {
            return Some(vec![text.to_owned()]);
        }
        if let Some(range) = range(text).filter(|(prefix, _, _)| self.prefixes.contains(prefix)) {
            let (prefix, first, last) = range;
            return Some((first..=last).map(|number| format!("{prefix}{number}")).collect());
        }
        let (prefix, _) = split_id(text)?;
        self.prefixes.contains(prefix).then(|| vec![text.to_owned()])
    }
}

fn is_nothing(text: &str) -> bool {
    text.is_empty() || text == "-" || text == "–" || text.eq_ignore_ascii_case("none")
}

/// `M2-D7` is `M2-D` and 7.
fn split_id(id: &str) -> Option<(&str, u32)> {
    let prefix = id.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = id.strip_prefix(prefix)?.parse().ok()?;
    let is_id = !prefix.is_empty() && !prefix.contains(char::is_whitespace) && !prefix.ends_with('#');
    is_id.then_some((prefix, number))
}

/// `D1-D7`, `D1..D7`, `D1–7` and `M2-D1-D7`: the prefix with the first and last number.
fn range(text: &str) -> Option<(&str, u32, u32)> {
    let separators = ["..", "–", "-"].into_iter();
    let places = separators.flat_map(|separator| text.match_indices(separator));
    places
        .filter_map(|(at, separator)| {
            let (left, right) = (text.get(..at)?.trim(), text.get(at + separator.len()..)?.trim());
            let (prefix, first) = split_id(left)?;
            let (short, last) = split_id(right).or_else(|| Some(("", right.parse().ok()?)))?;
            let ours = prefix.ends_with(short) && first <= last && last - first < RANGE_MAX;
            ours.then_some((prefix, first, last))
        })
        .next()
}

/// The ids in an order in which each comes after all it waits for; of several, the one written
/// first.
fn order(packages: &[Package]) -> Vec<String> {
    let known: BTreeSet<&str> = packages.iter().map(|package| package.id.as_str()).collect();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let mut out = Vec::new();
    loop {
        let ready = packages.iter().find(|package| {
            let waits = |on: &&Mention| known.contains(on.id.as_str()) && !done.contains(on.id.as_str());
            !done.contains(package.id.as_str()) && !package.depends_on.iter().any(|on| waits(&on))
        });
        let Some(package) = ready else { break };
        done.insert(&package.id);
        out.push(package.id.clone());
    }
    out
}

/// One cycle for each set of packages that wait for each other.
fn cycles(packages: &[Package], order: &[String]) -> Vec<Vec<String>> {
    let free: BTreeSet<&str> = order.iter().map(String::as_str).collect();
    let waits: BTreeMap<&str, Vec<&str>> = packages
        .iter()
        .filter(|package| !free.contains(package.id.as_str()))
        .map(|package| {
            let on = package.depends_on.iter().map(|on| on.id.as_str()).filter(|id| !free.contains(id));
            (package.id.as_str(), on.collect())
        })
        .collect();
    let (mut seen, mut out) = (BTreeSet::new(), Vec::new());
    for start in packages.iter().map(|package| package.id.as_str()).filter(|id| waits.contains_key(id)) {
        // Every package that is left waits for another one that is left: the way never ends.
        let (mut path, mut at) = (Vec::new(), start);
        while !seen.contains(at) && !path.contains(&at) {
            path.push(at);
            match waits.get(at).and_then(|on| on.iter().find(|id| waits.contains_key(*id))) {
                Some(next) => at = next,
                None => break,
            }
        }
        if let Some(from) = path.iter().position(|id| *id == at).filter(|_| !seen.contains(at)) {
            out.push(path.iter().skip(from).map(|id| (*id).to_owned()).collect());
        }
        seen.extend(path);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S3-53: a range stands for all its ids, whatever the ids look like.
    #[test]
    fn ranges_are_read() {
        assert_eq!(range("D1-D7"), Some(("D", 1, 7)));
        assert_eq!(range("D1..D3"), Some(("D", 1, 3)));
        assert_eq!(range("D1–7"), Some(("D", 1, 7)));
        assert_eq!(range("M2-D1-M2-D7"), Some(("M2-D", 1, 7)));
        assert_eq!(range("M2-D1-D7"), Some(("M2-D", 1, 7)));
        assert_eq!(range("M2-D1"), None);
        assert_eq!(range("D7-D1"), None);
        assert_eq!(range("D1-D999999"), None);
    }
}
