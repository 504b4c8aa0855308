//! What `import public` passes on, for all files at once.
//!
//! Files that import each other publicly see the same and are one component. Components are
//! numbered in the order in which a walk leaves them, so what one passes on is mostly a run of
//! numbers: a chain of ten thousand files takes ten thousand pairs and not their square.

use rustc_hash::FxHashMap;
use tenon_graph::groups;
use tenon_graph::protobuf::{ImportKind, ProtoFile, ProtoFileId};

/// First and last number of a run of components.
type Run = (u32, u32);

/// Where public imports lead.
#[derive(Debug, Default)]
pub(super) struct Public {
    /// The component of each file.
    components: Vec<u32>,
    /// The components each one passes on, itself among them, as sorted runs with gaps between
    /// them; empty where that is only itself.
    passed_on: Vec<Vec<Run>>,
    /// The components, sorted, in which something is of a package or of one within it; only those
    /// that are imported publicly.
    by_package: FxHashMap<Box<str>, Vec<u32>>,
}

impl Public {
    /// Follows the public imports of all files.
    pub(super) fn of(files: &[ProtoFile]) -> Self {
        let targets: Vec<Vec<usize>> = files.iter().map(targets).collect();
        let next = |file: usize, place: usize| targets.get(file)?.get(place).copied();
        let (components, count) = groups(files.len(), next);
        let number = |file: usize| components.get(file).copied().unwrap_or_default();
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
        for file in (0..files.len()).filter(|file| targets.get(*file).is_some_and(|list| !list.is_empty())) {
            if let Some(members) = members.get_mut(number(file) as usize) {
                members.push(file);
            }
        }
        let mut passed_on: Vec<Vec<Run>> = vec![Vec::new(); count];
        let mut by_package: FxHashMap<Box<str>, Vec<u32>> = FxHashMap::default();
        for (own, members) in (0u32..).zip(&members) {
            let mut runs: Vec<Run> = Vec::new();
            for target in members.iter().filter_map(|file| targets.get(*file)).flatten() {
                let target = number(*target);
                // What a component leads to has been left before it, and so is known.
                match passed_on.get(target as usize).filter(|runs| !runs.is_empty()) {
                    Some(known) => runs.extend(known),
                    None => runs.push((target, target)),
                }
            }
            if let Some(place) = passed_on.get_mut(own as usize).filter(|_| !runs.is_empty()) {
                runs.push((own, own));
                *place = joined(runs);
            }
        }
        let mut packages: Vec<(&str, u32)> = Vec::new();
        for target in targets.iter().flatten() {
            let Some(file) = files.get(*target) else { continue };
            packages.extend(prefixes(file.package_name()).map(|package| (package, number(*target))));
        }
        packages.sort_unstable();
        packages.dedup();
        for (package, component) in packages {
            by_package.entry(package.into()).or_default().push(component);
        }
        Self { components, passed_on, by_package }
    }

    /// Whether a file imports others publicly.
    pub(super) fn passes_on(&self, file: ProtoFileId) -> bool {
        !self.runs(file).is_empty()
    }

    /// Whether who imports `first` sees `file` too.
    pub(super) fn leads(&self, first: ProtoFileId, file: ProtoFileId) -> bool {
        let Some(&wanted) = self.components.get(file.0 as usize) else { return false };
        let runs = self.runs(first);
        let next = runs.partition_point(|(_, last)| *last < wanted);
        runs.get(next).is_some_and(|(from, _)| *from <= wanted)
    }

    /// Whether who imports `first` sees a package, through what that passes on.
    pub(super) fn leads_to_package(&self, first: ProtoFileId, package: &str) -> bool {
        let Some(list) = self.by_package.get(package) else { return false };
        self.runs(first).iter().any(|(from, last)| {
            let next = list.partition_point(|component| component < from);
            list.get(next).is_some_and(|component| component <= last)
        })
    }

    fn runs(&self, file: ProtoFileId) -> &[Run] {
        let component = self.components.get(file.0 as usize);
        component.and_then(|component| self.passed_on.get(*component as usize)).map_or(&[], Vec::as_slice)
    }
}

/// `a`, `a.b` and `a.b.c` of `a.b.c`.
pub(super) fn prefixes(package: &str) -> impl Iterator<Item = &str> {
    let dots = package.match_indices('.').map(|(at, _)| at);
    let ends = dots.chain([package.len()]).filter(|end| *end > 0);
    ends.filter_map(|end| package.get(..end))
}

/// The files a file imports publicly.
fn targets(file: &ProtoFile) -> Vec<usize> {
    let public = file.imports.iter().filter(|import| import.kind == ImportKind::Public);
    public.filter_map(|import| import.file).map(|id| id.0 as usize).collect()
}

/// Runs in order, those that touch made one.
fn joined(mut runs: Vec<Run>) -> Vec<Run> {
    runs.sort_unstable();
    let mut all: Vec<Run> = Vec::new();
    for (from, last) in runs {
        match all.last_mut() {
            Some(open) if from <= open.1.saturating_add(1) => open.1 = open.1.max(last),
            _ => all.push((from, last)),
        }
    }
    all.shrink_to_fit();
    all
}
