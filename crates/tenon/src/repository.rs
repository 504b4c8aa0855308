//! The source files a contract names, read for the gates: what they are, and what they export.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use rayon::prelude::*;
use tenon_checks::gates::{RepositoryFile, RepositoryFiles};
use tenon_graph::service::{ScriptExportKind, ScriptFacts};
use tenon_readers::scripts::{is_script, read_script};

/// Most modules followed from one file through `export * from`, a count: more is a circle or a
/// generated index, and each costs a parse.
const MODULES_FOLLOWED_MAX: usize = 256;

/// What an import may leave out at the end of a module's name, in the order it is looked for.
const MODULE_ENDINGS: [&str; 17] = [
    "",
    ".ts",
    ".tsx",
    ".mts",
    ".cts",
    ".js",
    ".jsx",
    ".mjs",
    ".cjs",
    "/index.ts",
    "/index.tsx",
    "/index.mts",
    "/index.cts",
    "/index.js",
    "/index.jsx",
    "/index.mjs",
    "/index.cjs",
];

/// Which paths may be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Those below the root: what a contract may name.
    BelowRoot,
    /// Any, as a shell script would.
    Anywhere,
}

/// Reads the files with these names below a root; those that are not there are left out.
pub fn read(root: &Path, names: &BTreeSet<String>, reach: Reach) -> RepositoryFiles {
    let names: Vec<&String> = names.iter().collect();
    let read: Vec<Option<(&String, RepositoryFile)>> = names
        .par_iter()
        .map(|name| {
            let path = root.join(name);
            if reach == Reach::BelowRoot && !stays_below(name) {
                return None;
            }
            let text = read_text(&path)?;
            let script = is_script(name).then(|| exports(&path, &text));
            Some((*name, RepositoryFile { text, script }))
        })
        .collect();
    let mut files = RepositoryFiles::default();
    for (name, file) in read.into_iter().flatten() {
        files.insert(name, file);
    }
    files
}

fn stays_below(name: &str) -> bool {
    !name.is_empty()
        && Path::new(name).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

/// The text of a regular file; bytes that are no text stand as the replacement character.
fn read_text(path: &Path) -> Option<String> {
    if !path.is_file() {
        return None;
    }
    let bytes = std::fs::read(path).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// What a file exports, with what the modules export that it exports whole.
fn exports(path: &Path, text: &str) -> ScriptFacts {
    let mut facts = read_script(&path.to_string_lossy(), text);
    let mut waiting: Vec<(PathBuf, String)> = from(path, &mut facts);
    let mut followed: BTreeSet<PathBuf> = BTreeSet::new();
    while let Some((importer, source)) = waiting.pop() {
        let module = find_module(&importer, &source);
        let Some((module, text)) = module.filter(|_| followed.len() < MODULES_FOLLOWED_MAX) else {
            facts.star_sources.push(source);
            continue;
        };
        if !followed.insert(module.clone()) {
            continue;
        }
        let mut other = read_script(&module.to_string_lossy(), &text);
        waiting.extend(from(&module, &mut other));
        // A whole export leaves the default export out.
        let reexported = other.exports.into_iter().filter(|export| export.name != "default");
        facts.exports.extend(
            reexported.filter(|export| export.kind != ScriptExportKind::Reexport || export.owner.is_none()),
        );
    }
    facts
}

fn from(path: &Path, facts: &mut ScriptFacts) -> Vec<(PathBuf, String)> {
    let sources = std::mem::take(&mut facts.star_sources);
    sources.into_iter().map(|source| (path.to_path_buf(), source)).collect()
}

/// The file that a relative module name means; packages are not looked into.
fn find_module(importer: &Path, source: &str) -> Option<(PathBuf, String)> {
    if !source.starts_with("./") && !source.starts_with("../") {
        return None;
    }
    let folder = importer.parent()?;
    // TypeScript is imported by the name its compiled file will have.
    let uncompiled = [".js", ".mjs", ".cjs", ".jsx"].iter().find_map(|ending| source.strip_suffix(ending));
    let stems = [Some(source), uncompiled];
    stems.into_iter().flatten().find_map(|stem| {
        MODULE_ENDINGS.iter().find_map(|ending| {
            // The canonical path, so that a circle of modules is seen to be one.
            let path = folder.join(format!("{stem}{ending}")).canonicalize().ok()?;
            Some((path.clone(), read_text(&path)?))
        })
    })
}
