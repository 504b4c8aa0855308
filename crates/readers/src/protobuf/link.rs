//! All files of a run to one model.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::OnceLock;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use tenon_graph::Part;
use tenon_graph::protobuf::{ProtoFile, ProtoFileId, Protobuf, Symbols};
use tenon_source::{FileId, Finding, Place, SourceFile, nearest_within};

use super::imports::Imports;
use super::lower::{Bases, Lowered, count, lower};
use super::modules::below;
use super::public::Public;
use super::resolve::{Shared, resolve};
use super::scope::Visible;
use super::{bundled, imports, operations, options, symbols, validate};
use crate::codes;
use crate::load::Loaded;

/// Letters of a path that may be mistyped, a count.
const PATH_CHANGES_MAX: usize = 3;

/// Imports that a like path is looked for, a count: each is held against every path there is, and
/// where more are missing, a folder is.
const SUGGESTIONS_MAX: usize = 100;

/// One file that is part of the model.
struct Source<'a> {
    id: FileId,
    file: &'a SourceFile,
}

/// Reads every Protobuf file that was loaded. The first part with one of them brings the model,
/// each brings its findings and operations.
pub(crate) fn read_together(loaded: &Loaded, parts: &mut [Part]) {
    let sources = chosen(loaded);
    if sources.is_empty() {
        return;
    }
    let trees: Vec<_> = sources.iter().filter_map(|source| source.file.proto.as_deref()).collect();
    let counts: Vec<Bases> = trees.par_iter().map(|tree| count(tree)).collect();
    let mut next = Bases::default();
    let mut bases = Vec::with_capacity(counts.len());
    for count in &counts {
        bases.push(next);
        next = next.plus(*count);
    }
    let mut lowered: Vec<Lowered> = sources
        .par_iter()
        .zip(&trees)
        .zip(&bases)
        .zip(&counts)
        .enumerate()
        .map(|(index, (((source, tree), &bases), &count))| {
            lower(source.file, source.id, ProtoFileId::from(index), tree, bases, count)
        })
        .collect();
    let (files, mut findings) = files(loaded, &sources, &mut lowered);
    let public = Public::of(&files);
    let visible: Vec<Visible<'_>> = (0..files.len())
        .into_par_iter()
        .map(|index| Visible::of(ProtoFileId::from(index), &files, &public))
        .collect();
    let is_partial = partial(loaded, &sources, &files);
    let groups: Vec<Option<String>> =
        sources.iter().map(|source| imports::root_by_package(source.file)).collect();
    let (symbols, said) = symbols::merge(&lowered, &files, &groups);
    findings.extend(said);
    let names = OnceLock::new();
    let shared = Shared { symbols: &symbols, files: &files, is_partial: &is_partial, names: &names };
    let resolved: Vec<(Vec<Finding>, Vec<bool>)> = lowered
        .par_iter_mut()
        .zip(&sources)
        .zip(&visible)
        .enumerate()
        .map(|(index, ((lowered, source), visible))| {
            resolve(&shared, source.file, ProtoFileId::from(index), visible, lowered)
        })
        .collect();
    let mut protobuf = join(files, lowered, symbols);
    for (file, (said, used)) in protobuf.files.iter_mut().zip(resolved) {
        findings.extend(said);
        for (import, used) in file.imports.iter_mut().zip(used) {
            import.is_used |= used || import.kind == tenon_graph::protobuf::ImportKind::Public;
        }
    }
    findings.extend(options::resolve(&mut protobuf, &visible, &is_partial));
    let files: Vec<&SourceFile> = sources.iter().map(|source| source.file).collect();
    findings.extend(validate::validate(&protobuf, &files, &trees));
    hand_out(parts, protobuf, findings);
}

/// The files that are part of the model: those asked for, unless their module leaves them out, and
/// those that are imported.
fn chosen(loaded: &Loaded) -> Vec<Source<'_>> {
    let is_proto = |file: &SourceFile| file.proto.is_some();
    let targets = loaded.sources.iter().filter(|(id, file)| is_proto(file) && is_asked(loaded, *id, file));
    let mut open: Vec<FileId> = targets.map(|(id, _)| id).collect();
    let mut reached: BTreeSet<FileId> = BTreeSet::new();
    open.extend(loaded.imports.descriptor);
    while let Some(next) = open.pop() {
        if reached.insert(next) {
            open.extend(loaded.imports.found.get(&next).into_iter().flatten().flatten());
        }
    }
    let files = reached.into_iter().filter_map(|id| Some(Source { id, file: loaded.sources.get(id)? }));
    files.filter(|source| is_proto(source.file)).collect()
}

/// Whether a file is to be judged itself.
fn is_asked(loaded: &Loaded, id: FileId, file: &SourceFile) -> bool {
    let index = id.0 as usize;
    let excluded = loaded
        .imports
        .module_of(&file.path)
        .is_some_and(|module| module.excludes.iter().any(|folder| below(&file.path, folder).is_some()));
    let is_named = loaded.named.get(index) == Some(&true);
    (index < loaded.root_count && (is_named || !excluded)) || loaded.companions.contains(&file.path)
}

/// Names, roots and imports of the files; and what is wrong with the imports.
fn files(loaded: &Loaded, sources: &[Source<'_>], lowered: &mut [Lowered]) -> (Vec<ProtoFile>, Vec<Finding>) {
    let imports = &loaded.imports;
    let ids: FxHashMap<FileId, ProtoFileId> =
        sources.iter().enumerate().map(|(index, source)| (source.id, ProtoFileId::from(index))).collect();
    let mut own_roots: FxHashMap<FileId, String> = FxHashMap::default();
    let mut used_roots: BTreeSet<String> = BTreeSet::new();
    for (source, lowered) in sources.iter().zip(lowered.iter_mut()) {
        let found = imports.found.get(&source.id).map(Vec::as_slice).unwrap_or_default();
        for (import, found) in lowered.file.imports.iter_mut().zip(found) {
            let Some(target) = *found else { continue };
            import.file = ids.get(&target).copied();
            let path = loaded.sources.get(target).map_or("", |file| file.path.as_str());
            if let Some(root) = path.strip_suffix(&*import.path)
                && (root.is_empty() || root.ends_with('/'))
            {
                let root = root.trim_end_matches('/').to_owned();
                used_roots.insert(root.clone());
                own_roots.entry(target).or_insert(root);
            }
        }
    }
    used_roots.remove(bundled::FOLDER);
    for (source, lowered) in sources.iter().zip(lowered.iter_mut()) {
        let module = imports.module_of(&source.file.path).is_some();
        let own = own_roots.remove(&source.id).filter(|_| !module);
        let root = own.unwrap_or_else(|| imports.root_of(source.file, &used_roots));
        let file = &mut lowered.file;
        file.name = below(&source.file.path, &root).unwrap_or(&source.file.path).into();
        file.root = root.into();
        file.is_bundled = bundled::is_bundled(&source.file.path);
        file.is_target = is_asked(loaded, source.id, source.file);
    }
    let files: Vec<ProtoFile> = lowered.iter().map(|one| one.file.clone()).collect();
    let mut findings = unresolved(loaded, imports, sources, &files);
    findings.extend(cycles(&files));
    (files, findings)
}

/// A finding for each import that leads to no file.
fn unresolved(
    loaded: &Loaded,
    imports: &Imports,
    sources: &[Source<'_>],
    files: &[ProtoFile],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let names = OnceCell::new();
    for (source, file) in sources.iter().zip(files) {
        for import in file.imports.iter().filter(|import| import.file.is_none()) {
            let place = Place { file: source.id, span: import.path_span };
            let folders = imports.folders_tried(&source.file.path);
            let shown: Vec<String> = folders.iter().map(|folder| format!("`{folder}`")).collect();
            let message = format!("`{}` is not found; looked for in {}", import.path, shown.join(", "));
            let names: &Vec<String> = names.get_or_init(|| {
                let known = files.iter().map(|file| file.name.to_string());
                let all = loaded.sources.iter().filter(|(_, file)| file.proto.is_some());
                let paths = all.map(|(_, file)| file.path.clone());
                known.chain(paths).chain(bundled::names().map(str::to_owned)).collect()
            });
            let near = if findings.len() < SUGGESTIONS_MAX { near_path(&import.path, names) } else { None };
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name the folder it counts from, or list its module in `buf.yaml`".to_owned(),
            };
            findings.push(Finding::new(&codes::UNRESOLVED_IMPORT, place, message).with_help(help));
        }
    }
    findings
}

/// A file that an import is likely to mean: one of nearly the same path, or the only one with its
/// last name.
fn near_path<'n>(path: &str, names: &'n [String]) -> Option<&'n str> {
    let last = |path: &'_ str| path.rsplit_once('/').map_or(0, |(folder, _)| folder.len() + 1);
    let wanted = path.get(last(path)..)?;
    // No more than would be a mistake in the last name: folders are told apart by few letters.
    let changes_max = (wanted.len() / 3).min(PATH_CHANGES_MAX);
    let names = names.iter().map(String::as_str);
    let mut same: Vec<&str> = names.clone().filter(|name| name.get(last(name)..) == Some(wanted)).collect();
    same.sort_unstable();
    same.dedup();
    nearest_within(path, changes_max, names).or(match same.as_slice() {
        [only] => Some(only),
        _ => None,
    })
}

/// A finding for each cycle of imports, at the first import of it.
fn cycles(files: &[ProtoFile]) -> Vec<Finding> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut state = vec![State::New; files.len()];
    let mut findings = Vec::new();
    for start in 0..files.len() {
        // The way from `start`: files, and the place of the import to go on with.
        let mut way: Vec<(usize, usize)> = Vec::new();
        if state.get(start) == Some(&State::New) {
            way.push((start, 0));
            mark(&mut state, start, State::Open);
        }
        while let Some((index, place)) = way.last_mut() {
            let index = *index;
            let import = files.get(index).and_then(|file| file.imports.get(*place));
            *place += 1;
            let Some(import) = import else {
                mark(&mut state, index, State::Done);
                way.pop();
                continue;
            };
            let Some(target) = import.file.map(|id| id.0 as usize) else { continue };
            match state.get(target) {
                Some(State::New) => {
                    mark(&mut state, target, State::Open);
                    way.push((target, 0));
                }
                Some(State::Open) => {
                    let from = way.iter().position(|(index, _)| *index == target).unwrap_or(0);
                    let name = |index: usize| files.get(index).map_or("", |file| &*file.name);
                    let mut names: Vec<&str> = way.iter().skip(from).map(|(index, _)| name(*index)).collect();
                    names.push(name(target));
                    let message = format!("this import leads back to its own file: {}", names.join(" → "));
                    let file = files.get(index).map_or(FileId(0), |file| file.source);
                    let place = Place { file, span: import.path_span };
                    let finding = Finding::new(&codes::IMPORT_CYCLE, place, message)
                        .with_help("move what both files need to a third one");
                    findings.push(finding);
                }
                _ => {}
            }
        }
    }
    fn mark(state: &mut [State], index: usize, value: State) {
        if let Some(place) = state.get_mut(index) {
            *place = value;
        }
    }
    findings
}

/// For each file, whether something that it sees could not be read: its own text, that of a file
/// it imports, or an import.
fn partial(loaded: &Loaded, sources: &[Source<'_>], files: &[ProtoFile]) -> Vec<bool> {
    let broken: FxHashSet<FileId> = loaded.findings.iter().map(|finding| finding.place.file).collect();
    let lacks: Vec<bool> = sources
        .iter()
        .zip(files)
        .map(|(source, file)| {
            broken.contains(&source.id) || file.imports.iter().any(|import| import.file.is_none())
        })
        .collect();
    if !lacks.contains(&true) {
        return lacks;
    }
    let mut importers: Vec<Vec<usize>> = vec![Vec::new(); files.len()];
    for (index, file) in files.iter().enumerate() {
        for target in file.imports.iter().filter_map(|import| import.file) {
            if let Some(list) = importers.get_mut(target.0 as usize) {
                list.push(index);
            }
        }
    }
    // From what is broken to all that imports it, each file once.
    let mut open: Vec<usize> = (0..files.len()).filter(|index| lacks.get(*index) == Some(&true)).collect();
    let mut is_partial = vec![false; files.len()];
    while let Some(next) = open.pop() {
        if let Some(place) = is_partial.get_mut(next).filter(|place| !**place) {
            *place = true;
            open.extend(importers.get(next).into_iter().flatten());
        }
    }
    is_partial
}

fn join(files: Vec<ProtoFile>, lowered: Vec<Lowered>, symbols: Symbols) -> Protobuf {
    let sum = |of: fn(&Lowered) -> usize| lowered.iter().map(of).sum::<usize>();
    let mut all = Protobuf {
        files,
        messages: Vec::with_capacity(sum(|one| one.messages.len())),
        fields: Vec::with_capacity(sum(|one| one.fields.len())),
        oneofs: Vec::with_capacity(sum(|one| one.oneofs.len())),
        enums: Vec::with_capacity(sum(|one| one.enums.len())),
        values: Vec::with_capacity(sum(|one| one.values.len())),
        services: Vec::with_capacity(sum(|one| one.services.len())),
        rpcs: Vec::with_capacity(sum(|one| one.rpcs.len())),
        symbols,
    };
    for one in lowered {
        all.messages.extend(one.messages);
        all.fields.extend(one.fields);
        all.oneofs.extend(one.oneofs);
        all.enums.extend(one.enums);
        all.values.extend(one.values);
        all.services.extend(one.services);
        all.rpcs.extend(one.rpcs);
    }
    all
}

fn hand_out(parts: &mut [Part], protobuf: Protobuf, findings: Vec<Finding>) {
    for finding in findings {
        if let Some(part) = parts.get_mut(finding.place.file.0 as usize) {
            part.findings.push(finding);
        }
    }
    operations::add(&protobuf, parts);
    let first = protobuf.files.first().map_or(0, |file| file.source.0 as usize);
    if let Some(part) = parts.get_mut(first) {
        part.protobuf = Some(Box::new(protobuf));
    }
}
