//! The names of all files in one table, and names that are declared twice.

use rustc_hash::{FxHashMap, FxHashSet};
use tenon_graph::protobuf::{ProtoFile, ProtoFileId, Symbol, Symbols};
use tenon_source::{FileId, Finding, Place, Span};

use super::lower::Lowered;
use super::public::prefixes;
use crate::codes;

/// Joins the names; returns what is wrong with them, each with its file.
///
/// `groups` names, for each file, the folder that its package counts from.
pub(super) fn merge(
    lowered: &[Lowered],
    files: &[ProtoFile],
    groups: &[Option<String>],
) -> (Symbols, Vec<Finding>) {
    let names = lowered.iter().map(|one| one.symbols.len()).sum();
    let mut symbols = Symbols::with_capacity(names);
    let mut packages: FxHashSet<&str> = FxHashSet::default();
    let mut clashes = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let id = ProtoFileId::from(index);
        let Some(package) = file.package.as_ref() else { continue };
        if !packages.insert(&package.text) {
            continue;
        }
        for part in prefixes(&package.text) {
            let _ = symbols.insert(part, Symbol::Package, id);
        }
    }
    for (index, one) in lowered.iter().enumerate() {
        let id = ProtoFileId::from(index);
        for (name, symbol, span) in &one.symbols {
            if let Err(taken) = symbols.insert(name, *symbol, id) {
                clashes.push(Clash { name, symbol: *symbol, span: *span, file: id, taken });
            }
        }
    }
    let findings = report(&clashes, lowered, files, groups);
    (symbols, findings)
}

struct Clash<'a> {
    name: &'a str,
    symbol: Symbol,
    span: Span,
    file: ProtoFileId,
    taken: (Symbol, ProtoFileId),
}

fn report(
    clashes: &[Clash<'_>],
    lowered: &[Lowered],
    files: &[ProtoFile],
    groups: &[Option<String>],
) -> Vec<Finding> {
    // The place of the first declaration is looked up only where there is a second.
    let mut places: FxHashMap<(ProtoFileId, &str), Span> = FxHashMap::default();
    let mut wanted: FxHashSet<ProtoFileId> = FxHashSet::default();
    for clash in clashes.iter().filter(|clash| wanted.insert(clash.taken.1)) {
        let first = lowered.get(clash.taken.1.0 as usize);
        for (name, _, span) in first.into_iter().flat_map(|one| &one.symbols) {
            places.entry((clash.taken.1, name)).or_insert(*span);
        }
    }
    let source = |id: ProtoFileId| files.get(id.0 as usize).map_or(FileId(0), |file| file.source);
    let path = |id: ProtoFileId| files.get(id.0 as usize).map_or("", |file| &*file.name);
    let mut together = Together::new(files, groups);
    let mut findings = Vec::new();
    for clash in clashes {
        let (taken, first) = clash.taken;
        // Map entries are not written: the field that stands for one is to blame, elsewhere.
        if !together.are(clash.file, first) {
            continue;
        }
        let place = Place { file: source(clash.file), span: clash.span };
        let name = clash.name;
        let message = if taken == Symbol::Package {
            format!("`{name}` is the name of a package, so {} cannot have it", kind(clash.symbol))
        } else if first == clash.file {
            format!("`{name}` is declared twice in this file")
        } else {
            format!("`{name}` is declared in `{}` already", path(first))
        };
        let mut finding = Finding::new(&codes::DUPLICATE_SYMBOL, place, message);
        if let Some(span) = places.get(&(first, name)) {
            let first = Place { file: source(first), span: *span };
            finding = finding.with_related(first, format!("{} of this name is declared here", taken.kind()));
        } else if taken == Symbol::Package
            && let Some(package) = files.get(first.0 as usize).and_then(|file| file.package.as_ref())
        {
            finding = finding.with_related(Place { file: source(first), span: package.span }, "the package");
        }
        if matches!(clash.symbol, Symbol::Value(_)) || matches!(taken, Symbol::Value(_)) {
            finding = finding.with_help(
                "values of an enum stand beside the enum and not in it, as in C++: \
                 put the name of the enum in front of its values",
            );
        }
        findings.push(finding);
    }
    findings
}

fn kind(symbol: Symbol) -> &'static str {
    match symbol {
        Symbol::Package => "a package",
        other => other.kind(),
    }
}

/// Whether two files are ever compiled together: one imports the other, over however many steps,
/// some file imports both, or they belong to one module.
struct Together<'f> {
    files: &'f [ProtoFile],
    groups: &'f [Option<String>],
    /// The files that import each file.
    importers: Option<FxHashMap<ProtoFileId, Vec<ProtoFileId>>>,
    /// The file asked for last as the second one, and all that import it over any number of steps.
    /// Only one is kept: the sets of all files together grow with their square.
    last: Option<(ProtoFileId, FxHashSet<ProtoFileId>)>,
    known: FxHashMap<(ProtoFileId, ProtoFileId), bool>,
}

impl<'f> Together<'f> {
    fn new(files: &'f [ProtoFile], groups: &'f [Option<String>]) -> Self {
        Self { files, groups, importers: None, last: None, known: FxHashMap::default() }
    }

    fn are(&mut self, first: ProtoFileId, second: ProtoFileId) -> bool {
        let root = |id: ProtoFileId| self.files.get(id.0 as usize).map(|file| &file.root);
        let group = |id: ProtoFileId| self.groups.get(id.0 as usize).and_then(Option::as_ref);
        // Two copies of one package in two folders are two programs.
        let apart = group(first).zip(group(second)).is_some_and(|(first, second)| first != second);
        if first == second || (root(first) == root(second) && !apart) {
            return true;
        }
        if let Some(known) = self.known.get(&(first, second)) {
            return *known;
        }
        let are = self.is_imported_with(first, second);
        self.known.insert((first, second), are);
        are
    }

    /// Whether some file imports both, or is one and imports the other.
    fn is_imported_with(&mut self, first: ProtoFileId, second: ProtoFileId) -> bool {
        let files = self.files;
        let importers = self.importers.get_or_insert_with(|| importers(files));
        let others = match self.last.take() {
            Some((file, others)) if file == second => others,
            _ => {
                let mut others = FxHashSet::default();
                walk(importers, second, &mut |file| {
                    others.insert(file);
                    false
                });
                others
            }
        };
        let are = walk(importers, first, &mut |file| others.contains(&file));
        self.last = Some((second, others));
        are
    }
}

fn importers(files: &[ProtoFile]) -> FxHashMap<ProtoFileId, Vec<ProtoFileId>> {
    let mut importers: FxHashMap<ProtoFileId, Vec<ProtoFileId>> = FxHashMap::default();
    for (index, file) in files.iter().enumerate() {
        for target in file.imports.iter().filter_map(|import| import.file) {
            importers.entry(target).or_default().push(ProtoFileId::from(index));
        }
    }
    importers
}

/// Looks at a file and all that import it, until one is the right one.
fn walk(
    importers: &FxHashMap<ProtoFileId, Vec<ProtoFileId>>,
    start: ProtoFileId,
    is_right: &mut dyn FnMut(ProtoFileId) -> bool,
) -> bool {
    let mut reached = FxHashSet::default();
    let mut open = vec![start];
    while let Some(next) = open.pop() {
        if !reached.insert(next) {
            continue;
        }
        if is_right(next) {
            return true;
        }
        open.extend(importers.get(&next).into_iter().flatten());
    }
    false
}
