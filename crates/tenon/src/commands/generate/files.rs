//! Generated files and the disk: what differs, what is written, and the pins of the lock.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use tenon_graph::freeze::{Lock, Output};

use super::plan::{Placed, Plan};
use crate::disk;
use crate::failure::Failure;
use crate::frozen::{self, FILE_NAME};
use crate::versions::below;

/// How a file differs from what the contracts say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It is not there.
    Missing,
    /// It is as it was written; the contracts, or this program, say something else by now.
    Behind,
    /// Somebody changed it.
    Edited,
    /// It differs, and nothing tells who changed.
    Different,
    /// It was written once and is not any more.
    Stale,
    /// It is right, but the lock does not have its hash.
    Unpinned,
}

impl How {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Behind => "behind",
            Self::Edited => "edited",
            Self::Different => "different",
            Self::Stale => "stale",
            Self::Unpinned => "unpinned",
        }
    }
}

/// A file that differs.
#[derive(Debug)]
pub struct Drift {
    /// The target it is of.
    pub target: String,
    /// The file.
    pub path: String,
    /// How it differs.
    pub how: How,
    /// The first line that differs, counted from 1.
    pub line: Option<usize>,
}

/// What was done.
#[derive(Debug, Default)]
pub struct Written {
    /// Files that were written.
    pub files: Vec<String>,
    /// Files that were removed, as nothing writes them any more.
    pub removed: Vec<String>,
    /// The lock, where it changed.
    pub lock: Option<String>,
}

/// What differs on the disk.
///
/// # Errors
/// When a file is there and cannot be read.
pub fn compare(plan: &Plan, outputs: &[Placed<'_>]) -> Result<Vec<Drift>, Failure> {
    let mut drifts = Vec::new();
    let pins = pins(plan);
    for one in outputs {
        let drift =
            |how, line| Drift { target: one.entry.target.clone(), path: disk::shown(&one.path), how, line };
        let pin = pins.get(&key(plan, &one.path));
        let Some(found) = read(&one.path)? else {
            drifts.push(drift(How::Missing, None));
            continue;
        };
        let wanted = hash(one.file.text.as_bytes());
        if found != one.file.text.as_bytes() {
            let how = match pin {
                Some(pin) if *pin == hash(&found) => How::Behind,
                Some(pin) if *pin == wanted => How::Edited,
                _ => How::Different,
            };
            drifts.push(drift(how, Some(line(&found, one.file.text.as_bytes()))));
        } else if plan.is_pinned && pin != Some(&wanted) {
            drifts.push(drift(How::Unpinned, None));
        }
    }
    for path in stale(plan, outputs) {
        let target = target_of(plan, &key(plan, &path));
        drifts.push(Drift { target, path: disk::shown(&path), how: How::Stale, line: None });
    }
    Ok(drifts)
}

/// Writes what differs, removes what nothing writes any more, and pins the rest.
///
/// # Errors
/// When a file or folder cannot be written.
pub fn write(plan: &Plan, outputs: &[Placed<'_>]) -> Result<Written, Failure> {
    let mut written = Written::default();
    for one in outputs {
        let bytes = one.file.text.as_bytes();
        if read(&one.path)?.is_some_and(|found| found == bytes) {
            continue;
        }
        if let Some(folder) = one.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .map_err(|error| Failure::file(&disk::shown(folder), "make", &error))?;
        }
        disk::write(&one.path, bytes)?;
        if one.file.is_executable {
            disk::make_executable(&one.path)?;
        }
        written.files.push(disk::shown(&one.path));
    }
    for path in stale(plan, outputs) {
        std::fs::remove_file(&path).map_err(|error| Failure::file(&disk::shown(&path), "remove", &error))?;
        written.removed.push(disk::shown(&path));
    }
    written.lock = pin(plan, outputs)?;
    Ok(written)
}

/// Brings the lock up to date: hashes of pinned outputs, and numbers that were given.
fn pin(plan: &Plan, outputs: &[Placed<'_>]) -> Result<Option<String>, Failure> {
    let before = plan.locked.as_ref().map(|frozen| &frozen.lock);
    let mut lock =
        before.cloned().unwrap_or_else(|| Lock { tool: frozen::tool().to_owned(), ..Lock::default() });
    lock.numbers = plan.numbers();
    if plan.is_pinned {
        lock.outputs = outputs_of(plan, outputs);
    }
    if before.is_some_and(|before| *before == lock)
        || (before.is_none() && lock.outputs.is_empty() && lock.numbers.is_empty())
    {
        return Ok(None);
    }
    let path = plan.folder.join(FILE_NAME);
    disk::write(&path, tenon_emitters::lock::write(&lock).as_bytes())?;
    Ok(Some(disk::shown(&path)))
}

fn outputs_of(plan: &Plan, outputs: &[Placed<'_>]) -> Vec<Output> {
    let mut out: BTreeMap<(String, String), BTreeMap<String, String>> = BTreeMap::new();
    for one in outputs {
        let place = one.entry.output.as_deref().unwrap_or(&one.path);
        let files = out.entry((one.entry.target.clone(), key(plan, place))).or_default();
        files.insert(key(plan, &one.path), hash(one.file.text.as_bytes()));
    }
    out.into_iter().map(|((target, path), files)| Output { target, path, files }).collect()
}

/// Files that were written once, are still there, and that no entry writes now.
fn stale(plan: &Plan, outputs: &[Placed<'_>]) -> Vec<PathBuf> {
    if !plan.is_pinned {
        return Vec::new();
    }
    let written: BTreeSet<String> = outputs.iter().map(|one| key(plan, &one.path)).collect();
    let gone = pins(plan).into_keys().filter(|path| !written.contains(path));
    gone.map(|path| plan.folder.join(path)).filter(|path| path.is_file()).collect()
}

/// The hashes the lock has, by path from its folder.
fn pins(plan: &Plan) -> BTreeMap<String, String> {
    let outputs = plan.locked.iter().flat_map(|frozen| &frozen.lock.outputs);
    outputs.flat_map(|output| output.files.clone()).collect()
}

fn target_of(plan: &Plan, path: &str) -> String {
    let mut outputs = plan.locked.iter().flat_map(|frozen| &frozen.lock.outputs);
    let found = outputs.find(|output| output.files.contains_key(path));
    found.map_or_else(String::new, |output| output.target.clone())
}

/// A path as the lock has it: from its folder.
fn key(plan: &Plan, path: &Path) -> String {
    below(&disk::display(&plan.folder), &disk::display(path)).to_owned()
}

/// The bytes of a file; `None` where there is none.
fn read(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::file(&disk::shown(path), "read", &error)),
    }
}

fn line(found: &[u8], wanted: &[u8]) -> usize {
    let same = found.iter().zip(wanted).take_while(|(a, b)| a == b);
    same.filter(|(byte, _)| **byte == b'\n').count() + 1
}

fn hash(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}
