//! Whether the version of a document says what became of it, in every format that has one.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use tenon_graph::Graph;
use tenon_source::{At, FileId};

use crate::{Change, ChangeRule, Class, Spot, Versions};

/// The kinds of changes of a version, in one format.
#[derive(Debug)]
pub(crate) struct VersionRules {
    /// It is as before, and something changed.
    pub(crate) not_raised: &'static ChangeRule,
    /// Its first number is as before, and something broke.
    pub(crate) major_not_raised: &'static ChangeRule,
    /// It went back.
    pub(crate) lowered: &'static ChangeRule,
}

/// What has a version in both versions of a contract.
#[derive(Debug)]
pub(crate) struct Numbered<'n> {
    /// What people call it: `API`, `contract`.
    pub(crate) what: &'static str,
    /// What its changes are about, such as `info version`.
    pub(crate) subject: String,
    /// The version before, and where it stands.
    pub(crate) old: (&'n str, At),
    /// The version now, and where it stands.
    pub(crate) new: (&'n str, At),
}

/// Holds a version to the gravest class of change that was found in what has it.
pub(crate) fn judge(
    versions: &Versions<'_>,
    rules: &VersionRules,
    numbered: &Numbered<'_>,
    worst: Option<Class>,
) -> Option<Change> {
    let Numbered { what, subject, old: (before, old_at), new: (after, new_at) } = numbered;
    let worst = worst.filter(|class| *class != Class::Docs);
    let (rule, message) = if before == after {
        worst?;
        (rules.not_raised, format!("the {what} changed and its version is {after} as before"))
    } else {
        let (before_numbers, after_numbers) = (numbers(before)?, numbers(after)?);
        if after_numbers < before_numbers {
            (rules.lowered, format!("the version of the {what} went back from {before} to {after}"))
        } else if worst == Some(Class::Breaking) && before_numbers.first() == after_numbers.first() {
            let message = format!("the {what} broke, and its version went from {before} to {after} only");
            (rules.major_not_raised, message)
        } else {
            return None;
        }
    };
    Some(
        Change::new(rule, None, subject.clone(), message)
            .from_old(Spot::of(versions.old, *old_at))
            .at_new(Spot::of(versions.new, *new_at))
            .with_aliases(rule.code.aliases),
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

/// A file of the old version, 0, or of the new one, 1.
pub(crate) type InVersion = (u8, FileId);

/// The gravest class that was found, by what tells which document it is about.
#[derive(Debug)]
pub(crate) struct Grave {
    files: BTreeMap<InVersion, Class>,
    labels: BTreeMap<String, Class>,
    /// Of changes that do not name every operation they reach, by file: any document that refers
    /// to the file may be meant.
    unnamed: BTreeMap<InVersion, Class>,
    edges: (Edges, Edges),
}

impl Grave {
    pub(crate) fn of(versions: &Versions<'_>, found: &[Change]) -> Self {
        let mut out = Self {
            files: BTreeMap::new(),
            labels: BTreeMap::new(),
            unnamed: BTreeMap::new(),
            edges: (edges(versions.old), edges(versions.new)),
        };
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

    /// The gravest class of what stands in some files, of what names some operations, and of what
    /// stands in files those refer to and names none.
    pub(crate) fn worst<'l>(
        &self,
        files: &[InVersion],
        labels: impl IntoIterator<Item = &'l str>,
    ) -> Option<Class> {
        let own = files.iter().filter_map(|file| self.files.get(file));
        let named = labels.into_iter().filter_map(|label| self.labels.get(label));
        let of = |version: u8| files.iter().filter(move |file| file.0 == version).map(|file| file.1);
        let before = reached(&self.edges.0, of(0)).into_iter().map(|file| (0, file));
        let around = before.chain(reached(&self.edges.1, of(1)).into_iter().map(|file| (1, file)));
        let around: Vec<_> = around.filter_map(|file| self.unnamed.get(&file)).collect();
        own.chain(named).chain(around).min().copied()
    }
}

/// Which file refers to which, sorted.
type Edges = Vec<(FileId, FileId)>;

fn edges(graph: &Graph) -> Edges {
    let mut edges: Edges = graph
        .references
        .iter()
        .filter_map(|reference| Some((reference.at.file, reference.target.as_ref().ok()?.file)))
        .filter(|(from, to)| from != to)
        .collect();
    edges.sort_unstable();
    edges.dedup();
    edges
}

/// Some files, those that they refer to, and so on.
fn reached(edges: &[(FileId, FileId)], roots: impl Iterator<Item = FileId>) -> BTreeSet<FileId> {
    let mut queue: VecDeque<FileId> = roots.collect();
    let mut out: BTreeSet<FileId> = queue.iter().copied().collect();
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
