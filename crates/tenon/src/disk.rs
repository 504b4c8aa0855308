//! Files on disk: finding them, reading them within the root folders, writing them whole.

use std::collections::BTreeMap;
use std::io::Write as _;
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
    /// The folders among the paths asked for.
    folders: Vec<String>,
    /// Files whose bytes are held in memory and stand in for what the disk has.
    held: BTreeMap<String, Vec<u8>>,
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
        let mut folders: Vec<String> =
            paths.iter().filter(|path| path.is_dir()).map(|path| display(path)).collect();
        folders.sort();
        folders.dedup();
        let roots = paths.iter().chain([&current]).filter_map(folder).collect();
        Self { roots, folders, held: BTreeMap::new() }
    }

    /// The same, with some files' bytes in place of what the disk has.
    #[must_use]
    pub fn holding(mut self, held: BTreeMap<String, Vec<u8>>) -> Self {
        self.held = held;
        self
    }
}

impl Files for Disk {
    fn folders(&self) -> Vec<String> {
        self.folders.clone()
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReferenceProblem> {
        if let Some(bytes) = self.held.get(path) {
            return Ok(bytes.clone());
        }
        let missing = || ReferenceProblem::MissingFile(path.to_owned());
        let full = Path::new(path).canonicalize().map_err(|_| missing())?;
        if !self.roots.iter().any(|root| full.starts_with(root)) {
            return Err(ReferenceProblem::OutsideRoot(path.to_owned()));
        }
        if full.is_dir() {
            return Err(ReferenceProblem::Folder(path.to_owned()));
        }
        if !full.is_file() {
            // A pipe or a device may never end.
            return Err(ReferenceProblem::Unreadable(format!("{path}: it is no regular file")));
        }
        std::fs::read(&full).map_err(|error| {
            let reason = Failure::reason(&error);
            ReferenceProblem::Unreadable(format!("{path}: {reason}"))
        })
    }
}

/// The files at and below the paths, sorted, each once. Hidden and git-ignored files below a
/// folder are left out, as are files that are neither JSON, YAML nor Protobuf and those not `wanted`;
/// whether they are contracts is told once they are read.
///
/// # Errors
/// When a path does not exist or a folder cannot be listed.
pub fn find(paths: &[PathBuf], wanted: &dyn Fn(&str) -> bool) -> Result<Vec<Root>, Failure> {
    let mut roots: Vec<Root> = Vec::new();
    for path in paths {
        let metadata = path.metadata().map_err(|error| Failure::file(&shown(path), "read", &error))?;
        if !metadata.is_dir() {
            roots.push(Root { path: display(path), named: true });
            continue;
        }
        std::fs::read_dir(path).map_err(|error| Failure::file(&shown(path), "list", &error))?;
        for entry in ignore::WalkBuilder::new(path).require_git(false).build() {
            // A folder that is passed over in silence would be a check that says nothing.
            let entry = entry.map_err(|error| Failure::walk(&shown(path), &error))?;
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            if is_file && is_input(entry.path()) {
                let path = display(entry.path());
                if wanted(&path) {
                    roots.push(Root { path, named: false });
                }
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

/// Whether a file found in a folder may be a contract, by its name.
#[must_use]
pub fn is_input(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("json" | "yaml" | "yml" | "proto"))
}

/// Writes a file whole or not at all: a new file beside it takes its place.
///
/// # Errors
/// When the folder cannot be written.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::file(&shown(path), "write", &error);
    // A link keeps pointing at the file it names.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let name = target.file_name().and_then(|name| name.to_str()).unwrap_or("file");
    let beside = target.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let written = std::fs::File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        if let Ok(metadata) = target.metadata() {
            file.set_permissions(metadata.permissions())?;
        }
        std::fs::rename(&beside, &target)
    });
    written.map_err(|error| {
        // What was written in part is of no use to anyone.
        let _ = std::fs::remove_file(&beside);
        failed(error)
    })
}

/// Lets everyone who may read a file run it, where the system tells programs apart.
///
/// # Errors
/// When the file cannot be changed.
pub fn make_executable(path: &Path) -> Result<(), Failure> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let failed = |error: std::io::Error| Failure::file(&shown(path), "change", &error);
        let mut permissions = path.metadata().map_err(failed)?.permissions();
        let mode = permissions.mode();
        permissions.set_mode(mode | (mode & 0o444) >> 2);
        std::fs::set_permissions(path, permissions).map_err(failed)?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
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

/// A path below the current folder, from there; any other as it is.
#[must_use]
pub fn relative_to_current(path: &Path) -> String {
    let current = std::env::current_dir().unwrap_or_default();
    shown(path.strip_prefix(&current).unwrap_or(path))
}
