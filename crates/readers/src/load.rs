//! Paths to loaded files: what was asked for, then whatever that refers to, until nothing is new.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use tenon_graph::{DocumentKind, FileReference, Part, ReferenceProblem, Resolver};
use tenon_source::{FileId, Finding, Place, SourceFile, Sources, Span};

use crate::json_schema::{pair_examples, read_example};
use crate::protobuf::{Imports, read_bundled, read_together};
use crate::{Reader, codes, file_references, recognise};

/// Most files of one run, a count: ten times the largest tree of contracts known.
pub const FILES_MAX: usize = 100_000;

/// Where files come from. The binary reads the disk, tests a map.
pub trait Files: Sync {
    /// The bytes of a file.
    ///
    /// # Errors
    /// Why they cannot be had.
    fn read(&self, path: &str) -> Result<Vec<u8>, ReferenceProblem>;

    /// The folders that were asked for: what Protobuf imports count from.
    fn folders(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A path that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Root {
    /// The path, with `/` between its parts and without `.` and `..` in its middle.
    pub path: String,
    /// Whether it was named itself, and not found in a folder: a file that was named must be a
    /// contract, a file that was found may be anything.
    pub named: bool,
}

/// Files in memory, before anything is known about them but their values.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The files: those asked for first, then those referred to.
    pub sources: Sources,
    /// How many of them were asked for.
    pub root_count: usize,
    /// Whether each file asked for was named itself.
    pub named: Vec<bool>,
    /// Paths of files that another one needs beside itself, as opposed to taking parts from them.
    pub companions: FxHashSet<String>,
    /// Files referred to that are not there, and why.
    pub missing: FxHashMap<String, ReferenceProblem>,
    /// Files asked for that could not be read, and why.
    pub unreadable: Vec<(String, ReferenceProblem)>,
    /// Syntax findings.
    pub findings: Vec<Finding>,
    /// What Protobuf files import.
    pub(crate) imports: Imports,
}

/// Loads files and all that they refer to.
#[must_use]
pub fn load(roots: &[Root], files: &dyn Files) -> Loaded {
    let mut loaded = Loaded { imports: Imports::new(files.folders()), ..Loaded::default() };
    let mut known: FxHashSet<String> = roots.iter().map(|root| root.path.clone()).collect();
    let mut round: Vec<String> = roots.iter().map(|root| root.path.clone()).collect();
    let mut first = true;
    while !round.is_empty() && loaded.sources.len() < FILES_MAX {
        let from = loaded.sources.len();
        let read: Vec<_> =
            round.par_iter().map(|path| read_bundled(path).map_or_else(|| files.read(path), Ok)).collect();
        let mut present: Vec<(String, Vec<u8>)> = Vec::with_capacity(round.len());
        for (path, bytes) in round.into_iter().zip(read) {
            match bytes {
                Ok(bytes) => present.push((path, bytes)),
                Err(problem) if first => loaded.unreadable.push((path, problem)),
                Err(problem) => drop(loaded.missing.insert(path, problem)),
            }
        }
        if first {
            let named: BTreeMap<&str, bool> =
                roots.iter().map(|root| (root.path.as_str(), root.named)).collect();
            loaded.named = present.iter().map(|(path, _)| named.get(path.as_str()) == Some(&true)).collect();
            loaded.root_count = present.len();
            first = false;
        }
        let parsed: Vec<_> = present
            .into_par_iter()
            .enumerate()
            .map(|(offset, (path, bytes))| {
                let id = FileId(u32::try_from(from + offset).unwrap_or(u32::MAX));
                if loaded.companions.contains(&path) && is_other_text(&path) {
                    return as_text(id, &path, bytes);
                }
                SourceFile::parse(id, &path, bytes)
            })
            .collect();
        for (file, findings) in parsed {
            loaded.sources.push(file);
            loaded.findings.extend(findings);
        }
        round = new_references(&mut loaded, from, &mut known);
    }
    loaded
}

/// Endings of files that are of no format that is read: a contract may name them for their bytes,
/// as pin manifests do.
const OTHER_ENDINGS: &[&str] = &["md", "txt", "csv", "toml", "rego", "cel", "sh", "py", "sql", "xml"];

fn is_other_text(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    OTHER_ENDINGS.iter().any(|other| ending.eq_ignore_ascii_case(other))
}

/// A file whose text is wanted, and whose values nobody looks for.
fn as_text(id: FileId, path: &str, bytes: Vec<u8>) -> (SourceFile, Vec<Finding>) {
    match String::from_utf8(bytes) {
        Ok(text) => (SourceFile::text_only(path, text), Vec::new()),
        // The parser's own words say what is wrong with it.
        Err(error) => SourceFile::parse(id, path, error.into_bytes()),
    }
}

/// The paths that files from index `from` on refer to and that are not known yet, in order.
fn new_references(loaded: &mut Loaded, from: usize, known: &mut FxHashSet<String>) -> Vec<String> {
    let sources = &loaded.sources;
    let files: Vec<(FileId, &SourceFile)> = sources.iter().skip(from).collect();
    let found: Vec<(Vec<FileReference>, Vec<FileReference>)> = files
        .par_iter()
        .map(|&(id, file)| {
            let companions = recognise(file).map(|(reader, _)| reader.companions(id, sources));
            (file_references(id, file), companions.unwrap_or_default())
        })
        .collect();
    let mut round = Vec::new();
    for (references, companions) in found {
        loaded.companions.extend(companions.iter().map(|companion| companion.path.clone()));
        let paths = references.into_iter().chain(companions).map(|found| found.path);
        round.extend(paths.filter(|path| known.insert(path.clone())));
    }
    let imported = loaded.imports.next(&loaded.sources, known);
    round.extend(imported.into_iter().filter(|path| known.insert(path.clone())));
    round.sort();
    round
}

/// Reads every loaded file that is a contract. A file that was asked for by name and is none is a
/// finding.
#[must_use]
pub fn read_all(loaded: &Loaded, resolver: &Resolver<'_>) -> Vec<Part> {
    let files: Vec<(FileId, &SourceFile)> = loaded.sources.iter().collect();
    let known: Vec<_> = files.par_iter().map(|&(_, file)| recognise(file)).collect();
    let example_of = example_schemas(&files, &known);
    let mut parts: Vec<Part> = files
        .par_iter()
        .zip(&known)
        .map(|(&(id, file), known)| {
            let index = id.0 as usize;
            let named = loaded.named.get(index) == Some(&true);
            match *known {
                // A whole API document that another one merely takes parts from is not read as
                // an API of its own unless it was asked for.
                Some((_, DocumentKind::OpenApi(_) | DocumentKind::AsyncApi(_)))
                    if index >= loaded.root_count && !loaded.companions.contains(&file.path) =>
                {
                    fragment(id)
                }
                Some((reader, kind)) => reader.read(id, kind, resolver),
                None => match example_of.get(&id) {
                    Some(&schema) => read_example(id, schema, resolver),
                    None if named && !file.tree.is_blank() && !is_broken(loaded, id) => unknown(id, file),
                    None => fragment(id),
                },
            }
        })
        .collect();
    read_together(loaded, &mut parts);
    parts
}

/// The schemas of files that are of no format but are named as an example of one.
fn example_schemas(
    files: &[(FileId, &SourceFile)],
    known: &[Option<(&'static dyn Reader, DocumentKind)>],
) -> FxHashMap<FileId, FileId> {
    let paths: Vec<&str> = files.iter().map(|(_, file)| file.path.as_str()).collect();
    let is_schema = |index: usize| matches!(known.get(index), Some(Some((_, DocumentKind::JsonSchema))));
    let id = |index: usize| files.get(index).map(|&(id, _)| id);
    let pairs = pair_examples(&paths, &is_schema).into_iter();
    pairs.filter_map(|(example, schema)| Some((id(example)?, id(schema)?))).collect()
}

/// Whether the file's text is wrong: what it was meant to be cannot be told then.
fn is_broken(loaded: &Loaded, file: FileId) -> bool {
    loaded.findings.iter().any(|finding| finding.place.file == file)
}

fn fragment(file: FileId) -> Part {
    let document = tenon_graph::Document { file, kind: DocumentKind::Fragment };
    Part { document: Some(document), ..Part::default() }
}

fn unknown(id: FileId, file: &SourceFile) -> Part {
    let message = format!("{} is of no format that is known here", file.path);
    let finding = Finding::new(&codes::UNKNOWN_FORMAT, Place { file: id, span: Span::default() }, message)
        .with_help(
            "known are OpenAPI (`openapi: 3.x`), Swagger (`swagger: \"2.0\"`), AsyncAPI (`asyncapi: 3.x`), \
             JSON Schema (`$schema`), Protobuf (`.proto`), service contracts \
             (`$schema: service-contracts-v2`) with their manifests, manifests of `endpoints` or \
             `event_types`, and files of our own: `tenon: contract/v1`, `reuse/v1`, `codegen/v1`",
        );
    Part { findings: vec![finding], ..fragment(id) }
}
