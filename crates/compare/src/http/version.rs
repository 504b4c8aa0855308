//! Whether the version of an API says what became of it.

use std::collections::{BTreeSet, VecDeque};

use tenon_graph::{Graph, HttpApi};
use tenon_source::{FileId, Node};

use super::documents::info;
use super::pair::Pairs;
use super::rules::{MAJOR_NOT_RAISED, VERSION_LOWERED, VERSION_NOT_RAISED};
use crate::{Change, Class, Spot, Versions};

/// Compares the version of each document with what was found in it.
pub(super) fn compare(versions: &Versions<'_>, pairs: &Pairs<'_>, found: &mut Vec<Change>) {
    let mut out = Vec::new();
    for (old, new) in &pairs.apis {
        let is_only = pairs.apis.len() == 1;
        let touched = Touched::of(versions, pairs, old, new);
        let worst =
            found.iter().filter(|change| is_only || touched.has(change)).map(|change| change.class).min();
        out.extend(judge(versions, old, new, worst));
    }
    found.append(&mut out);
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

/// Which changes are about a document: those in its file, those of its operations, and those in
/// files it refers to that reach one of its operations or name none.
struct Touched {
    files: [FileId; 2],
    old: BTreeSet<FileId>,
    new: BTreeSet<FileId>,
    labels: BTreeSet<String>,
}

impl Touched {
    fn of(versions: &Versions<'_>, pairs: &Pairs<'_>, old: &HttpApi, new: &HttpApi) -> Self {
        let own =
            pairs.operations.iter().filter(|pair| pair.old.file == old.file || pair.new.file == new.file);
        let mut labels: BTreeSet<String> =
            own.filter_map(|pair| pairs.labels.get(pair.label as usize)).cloned().collect();
        let removed = pairs.removed.iter().filter(|lone| lone.operation.file == old.file);
        let added = pairs.added.iter().filter(|lone| lone.operation.file == new.file);
        labels.extend(removed.chain(added).map(|lone| lone.operation.label()));
        Self {
            files: [old.file, new.file],
            old: reached(versions.old, old.file),
            new: reached(versions.new, new.file),
            labels,
        }
    }

    fn has(&self, change: &Change) -> bool {
        let file = |spot: &Option<Spot>| spot.as_ref().map(|spot| spot.place.file);
        let (old, new) = (file(&change.old), file(&change.new));
        if old == Some(self.files[0]) || new == Some(self.files[1]) {
            return true;
        }
        let refers = old.is_some_and(|file| self.old.contains(&file))
            || new.is_some_and(|file| self.new.contains(&file));
        let reach = &change.reach;
        let is_named = reach.names.iter().any(|name| self.labels.contains(name));
        is_named || (refers && (reach.count > reach.names.len() || reach.names.is_empty()))
    }
}

/// The files that a file refers to, and those that they refer to.
fn reached(graph: &Graph, root: FileId) -> BTreeSet<FileId> {
    let mut edges: Vec<(FileId, FileId)> = graph
        .references
        .iter()
        .filter_map(|reference| Some((reference.at.file, reference.target.as_ref().ok()?.file)))
        .filter(|(from, to)| from != to)
        .collect();
    edges.sort_unstable();
    edges.dedup();
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
