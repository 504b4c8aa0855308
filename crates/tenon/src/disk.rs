//! Files on disk: finding them, and reading them within the root folder.

use std::path::{Path, PathBuf};

use tenon_graph::ReferenceProblem;
use tenon_readers::{Files, Root};

use crate::failure::Failure;

/// The disk, seen from the current folder.
#[derive(Debug)]
pub struct Disk {
    /// Folders that references must not leave, canonical: those of the paths asked for, and the
    /// current one.
    roots: Vec<PathBuf>,
}

impl Disk {
    /// The disk, with references kept within the folders of `paths` and the current one.
    #[must_use]
    pub fn new(paths: &[PathBuf]) -> Self {
        let folder = |path: &PathBuf| {
            let full = path.canonicalize().ok()?;
            if full.is_dir() { Some(full) } else { full.parent().map(Path::to_path_buf) }
        };
        let current = PathBuf::from(".");
        Self { roots: paths.iter().chain([&current]).filter_map(folder).collect() }
    }
}

impl Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReferenceProblem> {
        let missing = || ReferenceProblem::MissingFile(path.to_owned());
        let full = Path::new(path).canonicalize().map_err(|_| missing())?;
        if !self.roots.iter().any(|root| full.starts_with(root)) {
            return Err(ReferenceProblem::OutsideRoot(path.to_owned()));
        }
        if full.is_dir() {
            return Err(ReferenceProblem::Folder(path.to_owned()));
        }
        std::fs::read(&full).map_err(|error| ReferenceProblem::Unreadable(format!("{path}: {error}")))
    }
}

/// The files at and below the paths, sorted, each once. Hidden and git-ignored files below a
/// folder are left out, as are files that are neither JSON nor YAML; whether they are contracts
/// is told once they are read.
///
/// # Errors
/// When a path does not exist or a folder cannot be listed.
pub fn find(paths: &[PathBuf]) -> Result<Vec<Root>, Failure> {
    let mut roots: Vec<Root> = Vec::new();
    for path in paths {
        let shown = shown(path);
        let metadata = path.metadata().map_err(|error| Failure::file(&shown, "read", &error))?;
        if !metadata.is_dir() {
            roots.push(Root { path: display(path), named: true });
            continue;
        }
        std::fs::read_dir(path).map_err(|error| Failure::file(&shown, "list", &error))?;
        for entry in ignore::WalkBuilder::new(path).require_git(false).build().flatten() {
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            let extension = entry.path().extension().and_then(|extension| extension.to_str());
            if is_file && matches!(extension, Some("json" | "yaml" | "yml")) {
                roots.push(Root { path: display(entry.path()), named: false });
            }
        }
    }
    roots.sort();
    roots.dedup_by(|later, first| {
        first.named |= later.named && later.path == first.path;
        later.path == first.path
    });
    Ok(roots)
}

/// A path as it is shown and compared: `/` between parts, no `./` in front.
#[must_use]
pub fn display(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    tenon_graph::join_path("", &text)
}

/// A path as messages name it: the current folder is `.`.
#[must_use]
pub fn shown(path: &Path) -> String {
    let text = display(path);
    if text.is_empty() { ".".to_owned() } else { text }
}
