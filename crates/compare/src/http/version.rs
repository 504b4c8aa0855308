//! Whether the version of an API says what became of it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use tenon_graph::{Graph, HttpApi};
use tenon_source::{FileId, Node};

use super::documents::info;
use super::pair::Pairs;
use super::rules::{MAJOR_NOT_RAISED, VERSION_LOWERED, VERSION_NOT_RAISED};
use crate::{Change, Class, Spot, Versions};

/// Compares the version of each document with what was found in it.
pub(super) fn compare(versions: &Versions<'_>, pairs: &Pairs<'_>, found: &mut Vec<Change>) {
    let mut out = Vec::new();
    if let [(old, new)] = pairs.apis.as_slice() {
        let worst = found.iter().map(|change| change.class).min();
        out.extend(judge(versions, old, new, worst));
    } else {
        let grave = Grave::of(found);
        let labels = labels(pairs);
        let edges = (edges(versions.old), edges(versions.new));
        for (old, new) in &pairs.apis {
            let own = [(0, old.file), (1, new.file)].into_iter().filter_map(|key| grave.files.get(&key));
            let named = [(0, old.file), (1, new.file)].into_iter().filter_map(|key| labels.get(&key));
            let named = named.flatten().filter_map(|label| grave.labels.get(label.as_str()));
            let before = reached(&edges.0, old.file).into_iter().map(|file| (0, file));
            let around = before.chain(reached(&edges.1, new.file).into_iter().map(|file| (1, file)));
            let around: Vec<_> = around.filter_map(|key| grave.unnamed.get(&key)).collect();
            let worst = own.chain(named).chain(around).min().copied();
            out.extend(judge(versions, old, new, worst));
        }
    }
    found.append(&mut out);
}

/// A file of the old version, 0, or of the new one, 1.
type InVersion = (u8, FileId);

/// The gravest class that was found, by what tells which document it is about.
#[derive(Default)]
struct Grave {
    files: BTreeMap<InVersion, Class>,
    labels: BTreeMap<String, Class>,
    /// Of changes that do not name every operation they reach, by file: any document that refers
    /// to the file may be meant.
    unnamed: BTreeMap<InVersion, Class>,
}

impl Grave {
    fn of(found: &[Change]) -> Self {
        let mut out = Self::default();
        for change in found {
            let class = change.class;
            let lower = |known: &mut Class| *known = class.min(*known);
            let file = |spot: &Option<Spot>| spot.as_ref().map(|spot| spot.place.file);
            let places = [(0, file(&change.old)), (1, file(&change.new))];
            let reach = &change.reach;
            for place in places.into_iter().filter_map(|(version, file)| Some((version, file?))) {
                out.files.entry(place).and_modify(lower).or_insert(class);
                if reach.count > reach.names.len() || reach.names.is_empty() {
                    out.unnamed.entry(place).and_modify(lower).or_insert(class);
                }
            }
            for name in &reach.names {
                out.labels.entry(name.clone()).and_modify(lower).or_insert(class);
            }
        }
        out
    }
}

/// What people call the operations of each document.
fn labels(pairs: &Pairs<'_>) -> BTreeMap<InVersion, Vec<String>> {
    let mut out: BTreeMap<InVersion, Vec<String>> = BTreeMap::new();
    for (pair, label) in pairs.operations.iter().zip(&pairs.labels) {
        out.entry((0, pair.old.file)).or_default().push(label.clone());
        out.entry((1, pair.new.file)).or_default().push(label.clone());
    }
    for (version, list) in [(0, &pairs.removed), (1, &pairs.added)] {
        for lone in list {
            out.entry((version, lone.operation.file)).or_default().push(lone.operation.label());
        }
    }
    out
}

fn version_of<'n>(info: Node<'n>) -> Option<(&'n str, Node<'n>)> {
    let value = info.get("version")?;
    Some((value.as_str().or_else(|| value.number_text())?, value))
}

fn judge(versions: &Versions<'_>, old: &HttpApi, new: &HttpApi, worst: Option<Class>) -> Option<Change> {
    let (before, old_node) = version_of(versions.old.node(info(old)))?;
    let (after, new_node) = version_of(versions.new.node(info(new)))?;
    let worst = worst.filter(|class| *class != Class::Docs);
    let (rule, message, alias) = if before == after {
        worst?;
        let message = format!("the API changed and its version is {after} as before");
        (&VERSION_NOT_RAISED, message, "oasdiff:api-version-not-bumped")
    } else {
        let (before_numbers, after_numbers) = (numbers(before)?, numbers(after)?);
        let major = |numbers: &[u64]| numbers.first().copied();
        if after_numbers < before_numbers {
            let message = format!("the version of the API went back from {before} to {after}");
            (&VERSION_LOWERED, message, "oasdiff:api-version-decreased")
        } else if worst == Some(Class::Breaking) && major(&before_numbers) == major(&after_numbers) {
            let message = format!("the API broke, and its version went from {before} to {after} only");
            (&MAJOR_NOT_RAISED, message, "oasdiff:api-major-version-not-bumped")
        } else {
            return None;
        }
    };
    let at = |api: &HttpApi, node: Node<'_>| tenon_source::At { file: info(api).file, node: node.id() };
    Some(
        Change::new(rule, None, "info version", message)
            .from_old(Spot::of(versions.old, at(old, old_node)))
            .at_new(Spot::of(versions.new, at(new, new_node)))
            .with_aliases(&[alias]),
    )
}

/// The numbers of a version, `v1.2.3-beta` as 1, 2, 3; `None` where it is none.
fn numbers(version: &str) -> Option<Vec<u64>> {
    let version = version.trim_start_matches(['v', 'V']);
    let bare = version.split(['-', '+']).next().unwrap_or(version);
    // A date is one number after another too, but says nothing of what broke.
    let parts: Option<Vec<u64>> = bare.split('.').map(|part| part.parse().ok()).collect();
    parts.filter(|_| bare.contains('.'))
}

/// Which file refers to which, sorted.
fn edges(graph: &Graph) -> Vec<(FileId, FileId)> {
    let mut edges: Vec<(FileId, FileId)> = graph
        .references
        .iter()
        .filter_map(|reference| Some((reference.at.file, reference.target.as_ref().ok()?.file)))
        .filter(|(from, to)| from != to)
        .collect();
    edges.sort_unstable();
    edges.dedup();
    edges
}

/// The files that a file refers to, and those that they refer to.
fn reached(edges: &[(FileId, FileId)], root: FileId) -> BTreeSet<FileId> {
    let mut out = BTreeSet::from([root]);
    let mut queue = VecDeque::from([root]);
    while let Some(file) = queue.pop_front() {
        let first = edges.partition_point(|(from, _)| *from < file);
        for (_, to) in edges.iter().skip(first).take_while(|(from, _)| *from == file) {
            if out.insert(*to) {
                queue.push_back(*to);
            }
        }
    }
    out
}
