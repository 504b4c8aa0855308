//! What a milestone asks, answered from the disk and by this program's own commands.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tenon_verify::milestone::{Block, Facts, Played, Ran, Repository};

use super::facts::{Contracts, about};
use super::{blocks, process};
use crate::disk;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// Most files below a root, a count: a milestone is about a repository, not about a disk.
const FILES_MAX: usize = 200_000;

/// What some contracts turned out to be, or why they cannot be read.
type Read = Result<Arc<Contracts>, String>;

/// A folder on the disk.
pub struct Local<'t> {
    root: PathBuf,
    files: Vec<String>,
    read: RefCell<BTreeMap<Vec<String>, Read>>,
    terminal: &'t Terminal,
}

impl<'t> Local<'t> {
    /// Lists what is below a root. The folder of the evidence is no part of what it shows.
    ///
    /// # Errors
    /// When it cannot be listed.
    pub fn open(root: &Path, artifacts: &Path, terminal: &'t Terminal) -> Result<Self, Failure> {
        let shown = disk::shown(root);
        std::fs::read_dir(root).map_err(|error| Failure::file(&shown, "list", &error))?;
        let evidence = artifacts.canonicalize().ok();
        let mut files = Vec::new();
        for entry in ignore::WalkBuilder::new(root).require_git(false).build() {
            let entry = entry.map_err(|error| Failure::walk(&shown, &error))?;
            if !entry.file_type().is_some_and(|kind| kind.is_file()) {
                continue;
            }
            let inside =
                |evidence: &PathBuf| entry.path().canonicalize().is_ok_and(|full| full.starts_with(evidence));
            if evidence.as_ref().is_some_and(inside) {
                continue;
            }
            if let Ok(below) = entry.path().strip_prefix(root) {
                files.push(disk::display(below));
            }
            if files.len() > FILES_MAX {
                return Err(Failure::usage(
                    format!("there are more than {FILES_MAX} files below {shown}"),
                    "name a smaller folder as `root` of the milestone, or ignore what does not matter",
                ));
            }
        }
        files.sort();
        Ok(Self { root: root.to_path_buf(), files, read: RefCell::default(), terminal })
    }

    /// The contracts at some paths, read and checked once.
    pub fn contracts(&self, paths: &[String]) -> Read {
        if let Some(known) = self.read.borrow().get(paths) {
            return known.clone();
        }
        let found = about(&self.root, paths, self.terminal).map(Arc::new).map_err(|failure| failure.said());
        self.read.borrow_mut().insert(paths.to_vec(), found.clone());
        found
    }

    /// Every file that was read as a contract, by path from the current folder, with its hash.
    pub fn inputs(&self) -> Vec<(String, String)> {
        let read = self.read.borrow();
        let all: BTreeMap<String, String> = read
            .values()
            .flatten()
            .flat_map(|contracts| contracts.facts.inputs.iter())
            .map(|(path, hash)| (path.clone(), hash.clone()))
            .collect();
        all.into_iter().collect()
    }

    /// The commit the root is at, and whether it was changed since.
    pub fn commit(&self) -> Option<(String, bool)> {
        let git = |words: &[&str]| {
            let mut command = vec!["git".to_owned()];
            command.extend(words.iter().map(|word| (*word).to_owned()));
            process::run(&command, &self.root).ok().filter(|ran| ran.status == Some(0))
        };
        let commit = git(&["rev-parse", "HEAD"])?.stdout.trim().to_owned();
        let dirty = git(&["status", "--porcelain", "--", "."])?;
        Some((commit, !dirty.stdout.trim().is_empty()))
    }
}

impl Repository for Local<'_> {
    fn files(&self) -> &[String] {
        &self.files
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let full = self.root.join(path);
        std::fs::read(&full).map_err(|error| format!("{path} cannot be read: {}", Failure::reason(&error)))
    }

    fn facts(&self, contracts: &[String]) -> Result<Arc<Facts>, String> {
        self.contracts(contracts).map(|contracts| Arc::clone(&contracts.facts))
    }

    fn knows_rule(&self, id: &str) -> bool {
        crate::catalogue::ALL.get(id).is_some_and(|entry| entry.effect.is_none())
    }

    fn run(&self, command: &[String]) -> Result<Ran, String> {
        process::run(command, &self.root)
    }

    fn play(&self, scenario: &str, _contracts: &[String]) -> Result<Played, String> {
        let path = self.root.join(scenario);
        match super::scenario::play(&path, self.terminal) {
            Ok(Some(played)) => Ok(played),
            Ok(None) => Err(format!("{scenario} cannot be played: it or its contract is not usable")),
            Err(failure) => Err(failure.said()),
        }
    }

    fn changed(&self, since: &str) -> Result<Vec<String>, String> {
        if since.starts_with('-') {
            return Err(format!("`{since}` is no version of git"));
        }
        let list = |words: &[&str]| -> Result<Vec<String>, String> {
            let command: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            let ran = process::run(&command, &self.root)?;
            if ran.status != Some(0) {
                let said = ran.stderr.lines().next().unwrap_or_default().trim().to_owned();
                return Err(format!("git cannot tell what changed since {since}: {said}"));
            }
            Ok(ran.stdout.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
        };
        let mut files = list(&["git", "diff", "--name-only", "-z", "--relative", since, "--", "."])?;
        files.extend(list(&["git", "ls-files", "-z", "--others", "--exclude-standard", "--", "."])?);
        files.sort();
        files.dedup();
        Ok(files)
    }

    fn block(&self, name: &str, contracts: &[String]) -> Result<Block, String> {
        blocks::block(name, &*self.contracts(contracts)?)
    }
}
