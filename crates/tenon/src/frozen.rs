//! `tenon.lock` on the disk: finding it, reading it, and what drifted from it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use tenon_checks::lock::{UNUSABLE_LOCK, findings, other_tool};
use tenon_graph::Graph;
use tenon_graph::freeze::{Aspect, Drift, Lock, Move, Places, drift, freeze};
use tenon_source::{FileId, Finding, Place, SourceFile};

use crate::config::Unusable;
use crate::disk;
use crate::failure::Failure;
use crate::versions::{below, folder_of};

/// The file's name.
pub const FILE_NAME: &str = "tenon.lock";

/// A lock that was read.
#[derive(Debug)]
pub struct Frozen {
    /// Its folder.
    pub folder: PathBuf,
    /// The file, to show places in it.
    pub source: SourceFile,
    /// What it says.
    pub lock: Lock,
}

/// The version of the program, as locks have it.
#[must_use]
pub fn tool() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Reads the lock of a folder; `None` where there is none.
///
/// # Errors
/// When it cannot be read; one that can be read and not be used is the inner error.
pub fn read(folder: &Path) -> Result<Option<Result<Frozen, Box<Unusable>>>, Failure> {
    let path = folder.join(FILE_NAME);
    let shown = disk::relative_to_current(&path);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::file(&shown, "read", &error)),
    };
    Ok(Some(parse(folder, &shown, bytes)))
}

fn parse(folder: &Path, shown: &str, bytes: Vec<u8>) -> Result<Frozen, Box<Unusable>> {
    let text = String::from_utf8_lossy(&bytes).into_owned();
    match tenon_readers::lock::read_lock(&text) {
        Ok(lock) => {
            Ok(Frozen { folder: folder.to_path_buf(), source: SourceFile::text_only(shown, text), lock })
        }
        Err(problem) => {
            let place = Place { file: FileId(0), span: problem.span };
            let finding = Finding::new(&UNUSABLE_LOCK, place, problem.message).with_help(problem.help);
            Err(Box::new(Unusable { source: SourceFile::text_only(shown, text), findings: vec![finding] }))
        }
    }
}

/// What drifted from a lock.
#[derive(Debug)]
pub struct Drifted {
    /// The drifts.
    pub drifts: Vec<Drift>,
    /// Where things stand.
    pub places: Places,
    /// One finding for each drift, then what else is worth knowing.
    pub findings: Vec<Finding>,
}

/// What drifted between a lock and a graph. The lock joins the graph's files; `named` gives the
/// path of a file from the folder of the lock, `wanted` tells which drifts are asked for.
pub fn compare(
    graph: &mut Graph,
    frozen: &Frozen,
    named: &dyn Fn(&str) -> String,
    wanted: &dyn Fn(&Drift) -> bool,
) -> Drifted {
    let (now, places) = freeze(graph, tool(), named);
    let mut drifts = drift(&frozen.lock, &now);
    drifts.retain(wanted);
    let file =
        graph.sources.push(SourceFile::text_only(&frozen.source.path, frozen.source.text().to_owned()));
    let mut findings = findings(graph, &drifts, &places, file);
    findings.extend(other_tool(graph, &frozen.lock, &now, file));
    Drifted { drifts, places, findings }
}

/// Whether a drift is about something that is there: what is missing may merely not have been
/// looked at.
#[must_use]
pub fn is_present(drift: &Drift) -> bool {
    !(drift.how == Move::Removed && matches!(drift.aspect, Aspect::Block | Aspect::Pin))
}

/// What `tenon check` says of the locks beside the paths it is given: drifts, or that a lock cannot
/// be used, and whether one could not.
///
/// # Errors
/// When a lock is there and cannot be read.
pub fn check(
    graph: &mut Graph,
    paths: &[PathBuf],
    project: Option<&Path>,
) -> Result<(Vec<Finding>, bool), Failure> {
    let full = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let beside = paths.iter().map(|path| folder_of(path)).chain(project.map(Path::to_path_buf));
    let mut seen = BTreeSet::new();
    let folders: Vec<PathBuf> = beside.filter(|folder| seen.insert(full(folder))).collect();
    let mut said = Vec::new();
    let mut usable = true;
    for folder in folders {
        match read(&folder)? {
            None => {}
            Some(Ok(frozen)) if frozen.lock.is_vacant() => {}
            Some(Err(unusable)) => {
                let file = graph.sources.push(unusable.source);
                let moved = |finding: Finding| {
                    let place = Place { file, ..finding.place };
                    Finding { place, ..finding }
                };
                said.extend(unusable.findings.into_iter().map(moved));
                usable = false;
            }
            Some(Ok(frozen)) => {
                let is_whole = paths.iter().any(|path| path.is_dir() && full(path) == full(&folder));
                let base = disk::display(&folder);
                let own = |path: &str| path_in(&base, path);
                let wanted = |drift: &Drift| is_whole || is_present(drift);
                said.extend(compare(graph, &frozen, &own, &wanted).findings);
            }
        }
    }
    Ok((said, usable))
}

/// A path as the lock of a folder has it.
fn path_in(folder: &str, path: &str) -> String {
    if folder.starts_with('/') && !path.starts_with('/') {
        let full = std::path::absolute(path).map(|full| disk::display(&full)).unwrap_or_default();
        return below(folder, &full).to_owned();
    }
    below(folder, path).to_owned()
}
