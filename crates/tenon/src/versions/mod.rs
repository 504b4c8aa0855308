//! Versions of contracts: a path, or `git:REF[:PATH]`.
//!
//! Files are named from the folder of their version, so that the same file has the same name in
//! both; [`Version::display`] says what people call it.

mod folder;
mod git;

use std::path::{Path, PathBuf};

use tenon_graph::join_path;
use tenon_readers::{Files, Root};

use crate::disk;
use crate::failure::Failure;

use git::Repository;
pub use git::Unrelated;

/// What stands in front of a git reference.
const GIT: &str = "git:";

/// Characters of a commit's id: more than any repository needs to tell them apart.
const COMMIT_CHARACTERS: usize = 16;

/// A version, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spec {
    /// A file or folder.
    Path(PathBuf),
    /// What a commit has.
    Git {
        /// The commit, as git names it; with `...` behind it, where it and `HEAD` part.
        reference: String,
        /// A file or folder: from the top of the repository, or from the current folder with `./`.
        path: Option<String>,
    },
    /// What `tenon.lock` was written for.
    Lock,
}

impl Spec {
    /// What a text means.
    ///
    /// # Errors
    /// When it names no commit.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        if text == "lock" {
            return Ok(Self::Lock);
        }
        let Some(rest) = text.strip_prefix(GIT) else { return Ok(Self::Path(PathBuf::from(text))) };
        let (reference, path) = match rest.split_once(':') {
            Some((reference, path)) => (reference, Some(path.to_owned())),
            None => (rest, None),
        };
        if reference.is_empty() {
            return Err(Failure::usage(
                format!("`{text}` names no commit"),
                "write `git:REF` or `git:REF:PATH`, such as `git:main:api/openapi.yaml`",
            ));
        }
        Ok(Self::Git { reference: reference.to_owned(), path })
    }
}

/// The files of a version.
pub struct Version {
    /// What people call it.
    pub name: String,
    /// The files to read, named from its folder.
    pub roots: Vec<Root>,
    /// Where they come from.
    pub files: Box<dyn Files>,
    /// What stands in front of the path of each file when people are told.
    label: String,
    /// Its folder, from the current one or from the top of the repository.
    base: String,
}

impl std::fmt::Debug for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Version")
            .field("name", &self.name)
            .field("roots", &self.roots)
            .finish_non_exhaustive()
    }
}

impl Version {
    /// What people call a file.
    #[must_use]
    pub fn display(&self, path: &str) -> String {
        format!("{}{}", self.label, join(&self.base, path))
    }
}

/// Which files of a folder are wanted: the folder of the version on the disk, and the path of the
/// file from there.
pub type Wanted<'w> = &'w dyn Fn(&Path, &str) -> bool;

/// What a version is compared with when nothing is named: the same file or folder on the disk.
///
/// # Errors
/// When it is on the disk already.
pub fn counterpart(old: &Spec) -> Result<Spec, Failure> {
    match old {
        Spec::Git { path: None, .. } => Ok(Spec::Path(PathBuf::from("."))),
        Spec::Git { path: Some(path), .. } => {
            let repository = Repository::open(Path::new("."))?;
            Ok(Spec::Path(repository.on_disk(path)?))
        }
        Spec::Lock => Ok(Spec::Path(PathBuf::from("."))),
        Spec::Path(path) => Err(Failure::usage(
            format!("{} is to be compared with what?", disk::shown(path)),
            "give the old version first and then the new one: `tenon diff git:main api.yaml`",
        )),
    }
}

/// Opens two versions. Where one is a commit without a path, it is the same file or folder as the
/// other.
///
/// # Errors
/// When one does not exist.
pub fn open_pair(
    old: &Spec,
    new: &Spec,
    unrelated: Unrelated,
    wanted: Wanted<'_>,
) -> Result<(Version, Version), Failure> {
    let repository = match (old, new) {
        (Spec::Git { .. }, _) | (_, Spec::Git { .. }) => Some(Repository::open(&start(old, new))?),
        _ => None,
    };
    let open = |spec: &Spec, other: &Spec| match (spec, &repository) {
        (Spec::Path(path), _) => folder::open(path, wanted),
        (Spec::Git { reference, path }, Some(repository)) => {
            let path = match path {
                Some(path) => repository.path_of(path),
                None => repository.path_beside(other)?,
            };
            repository.version(reference, &path, wanted)
        }
        (Spec::Git { .. } | Spec::Lock, _) => Err(Failure::bug("the lock is no folder")),
    };
    let (old_version, new_version) = (open(old, new)?, open(new, old)?);
    if let Some(repository) = &repository {
        repository.related(old, new, unrelated)?;
    }
    Ok((old_version, new_version))
}

/// Opens a file or folder on the disk.
///
/// # Errors
/// When there is nothing at the path.
pub fn open_path(path: &Path, wanted: Wanted<'_>) -> Result<Version, Failure> {
    folder::open(path, wanted)
}

/// The commit that last changed a file of a folder, where git knows one.
#[must_use]
pub fn frozen_commit(folder: &Path, name: &str) -> Option<Spec> {
    let repository = Repository::open(folder).ok()?;
    let mut reference = repository.last_change_of(&folder.join(name))?;
    reference.truncate(COMMIT_CHARACTERS);
    Some(Spec::Git { reference, path: None })
}

/// The folder in which the repository is looked for: that of a path the commit is compared with,
/// or the current one.
fn start(old: &Spec, new: &Spec) -> PathBuf {
    let beside = |spec: &Spec, other: &Spec| match (spec, other) {
        (Spec::Git { path: None, .. }, Spec::Path(path)) => Some(folder_of(path)),
        _ => None,
    };
    beside(old, new).or_else(|| beside(new, old)).unwrap_or_else(|| PathBuf::from("."))
}

/// The folder itself, or that of a file.
#[must_use]
pub fn folder_of(path: &Path) -> PathBuf {
    if path.is_dir() {
        return path.to_path_buf();
    }
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// A path seen from a folder.
fn join(folder: &str, path: &str) -> String {
    // The empty folder is the current one, and not the root.
    let from = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    join_path(&from, path)
}

/// A path below a folder, from there.
#[must_use]
pub fn below<'p>(base: &str, path: &'p str) -> &'p str {
    if base.is_empty() {
        return path;
    }
    path.strip_prefix(base).and_then(|rest| rest.strip_prefix('/')).unwrap_or(path)
}

/// The path of a file or folder, `.` where it is the folder itself.
fn or_here(path: &str) -> String {
    if path.is_empty() { ".".to_owned() } else { path.to_owned() }
}

/// Whether a file may be a contract, by its name.
fn is_input(path: &str) -> bool {
    disk::is_input(Path::new(path))
}

#[cfg(test)]
mod tests {
    use super::{Spec, below};

    #[test]
    fn what_is_typed_means_a_version() {
        let git = |reference: &str, path: Option<&str>| Spec::Git {
            reference: reference.to_owned(),
            path: path.map(str::to_owned),
        };
        assert_eq!(Spec::parse("api/a.yaml").ok(), Some(Spec::Path("api/a.yaml".into())));
        assert_eq!(Spec::parse("git:main").ok(), Some(git("main", None)));
        assert_eq!(Spec::parse("git:HEAD~2:a:b.yaml").ok(), Some(git("HEAD~2", Some("a:b.yaml"))));
        assert_eq!(Spec::parse("lock").ok(), Some(Spec::Lock));
        assert_eq!(Spec::parse("./lock").ok(), Some(Spec::Path("./lock".into())));
        assert!(Spec::parse("git:").is_err());
        assert!(Spec::parse("git::a").is_err());
    }

    #[test]
    fn files_are_named_from_their_folder() {
        assert_eq!(below("api", "api/a.yaml"), "a.yaml");
        assert_eq!(below("", "a.yaml"), "a.yaml");
        assert_eq!(below("ap", "api/a.yaml"), "api/a.yaml");
    }
}
