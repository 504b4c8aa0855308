//! Versions in a git repository, read through the program `git`: it knows every kind of repository
//! there is (work trees, alternates, partial clones, new formats), and its answers are the truth
//! about them.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use std::sync::Mutex;

use tenon_graph::ReferenceProblem;
use tenon_readers::{Files, Root};
use tenon_source::limits::FILE_BYTES_MAX;

use super::{Spec, Version, Wanted, below, is_input, join};
use crate::catalogue;
use crate::disk;
use crate::failure::Failure;

/// Behind a reference: the commit where it and `HEAD` part.
const MERGE_BASE: &str = "...";

/// How a git LFS file starts in a commit.
const LFS_POINTER: &[u8] = b"version https://git-lfs";

/// What to do in a clone that has only part of the history.
const SHALLOW_HELP: &str = "this is a shallow clone, which has only part of the history: run `git fetch \
     --unshallow`, or fetch the commit (`fetch-depth: 0` in a checkout step)";

/// Whether versions whose histories have nothing in common are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unrelated {
    /// They are refused: one is not a version of the other.
    Refused,
    /// They are compared.
    Allowed,
}

/// A repository.
#[derive(Debug)]
pub struct Repository {
    /// Where git is run.
    folder: PathBuf,
    /// The top of the work tree, canonical; `None` where there is none.
    top: Option<PathBuf>,
    /// The current folder, from the top.
    prefix: String,
}

impl Repository {
    /// The repository that a folder belongs to.
    ///
    /// # Errors
    /// When there is none, or no git.
    pub fn open(folder: &Path) -> Result<Self, Failure> {
        let mut repository = Self { folder: folder.to_path_buf(), top: None, prefix: String::new() };
        let found = repository.git(&["rev-parse", "--git-dir"])?;
        if !found.status.success() {
            let message =
                format!("{} is in no git repository that can be read: {}", disk::shown(folder), said(&found));
            let help = "give two files or folders instead, or run it inside of the repository";
            return Err(Failure::usage(message, help));
        }
        let top = repository.git(&["rev-parse", "--show-toplevel"])?;
        if top.status.success() {
            repository.top = PathBuf::from(line(&top.stdout)).canonicalize().ok();
        }
        let current = std::env::current_dir().and_then(|path| path.canonicalize()).unwrap_or_default();
        if let Some(top) = &repository.top {
            repository.prefix = current.strip_prefix(top).map(disk::display).unwrap_or_default();
        }
        Ok(repository)
    }

    /// A path as it was typed, from the top: `./` starts in the current folder.
    #[must_use]
    pub fn path_of(&self, typed: &str) -> String {
        let is_relative = typed == "." || typed.starts_with("./") || typed.starts_with("../");
        let from = if is_relative { self.prefix.as_str() } else { "" };
        join(from, typed).trim_start_matches('/').to_owned()
    }

    /// The path of the other version, from the top; the current folder where that is a commit
    /// without a path too.
    ///
    /// # Errors
    /// When the other is not in this repository.
    pub fn path_beside(&self, other: &Spec) -> Result<String, Failure> {
        match other {
            Spec::Git { path: Some(path), .. } => Ok(self.path_of(path)),
            Spec::Git { path: None, .. } | Spec::Lock => Ok(self.prefix.clone()),
            Spec::Path(path) => {
                let full =
                    path.canonicalize().map_err(|error| Failure::file(&disk::shown(path), "read", &error))?;
                let below_top = self.top.as_ref().and_then(|top| full.strip_prefix(top).ok());
                below_top.map(disk::display).ok_or_else(|| {
                    Failure::usage(
                        format!("{} is not in the work tree of the repository", disk::shown(path)),
                        "say which path of the commit it is: `git:REF:PATH`",
                    )
                })
            }
        }
    }

    /// The file or folder at a path, from the top, of a commit.
    ///
    /// # Errors
    /// When there is no such commit or it has no such path.
    pub fn version(&self, reference: &str, path: &str, wanted: Wanted<'_>) -> Result<Version, Failure> {
        let commit = self.commit(reference)?;
        let label = format!("git:{reference}:");
        let listed = self.list(&commit, path)?;
        let is_file = listed.iter().any(|entry| entry == path);
        if listed.is_empty() && !path.is_empty() {
            return Err(self.no_path(reference, &commit, path));
        }
        let (base, roots) = if is_file {
            let (base, name) = path.rsplit_once('/').unwrap_or(("", path));
            (base.to_owned(), vec![Root { path: name.to_owned(), named: true }])
        } else {
            let is_hidden = |path: &str| path.split('/').any(|part| part.starts_with('.'));
            let found = listed.iter().map(|entry| below(path, entry));
            let folder = self.top.as_ref().map(|top| top.join(path)).unwrap_or_default();
            let roots = found
                .filter(|name| is_input(name) && !is_hidden(name) && wanted(&folder, name))
                .map(|name| Root { path: name.to_owned(), named: false });
            (path.to_owned(), roots.collect())
        };
        let name = if path.is_empty() { format!("git:{reference}") } else { format!("{label}{path}") };
        let files = Box::new(Tree::open(self, &commit, &base, &label)?);
        Ok(Version { name, roots, files, label, base })
    }

    /// Whether a version's files stand in a commit as they stand in the work tree is not asked
    /// here, only whether one can be a version of the other at all.
    ///
    /// # Errors
    /// When two complete histories have no commit in common.
    pub fn related(&self, old: &Spec, new: &Spec, unrelated: Unrelated) -> Result<(), Failure> {
        let name = |spec: &Spec| match spec {
            Spec::Git { reference, .. } => reference.trim_end_matches(MERGE_BASE).to_owned(),
            Spec::Path(_) | Spec::Lock => "HEAD".to_owned(),
        };
        let (old, new) = (name(old), name(new));
        if unrelated == Unrelated::Allowed || old == new || self.is_shallow() {
            return Ok(());
        }
        let found = self.git(&["merge-base", "--end-of-options", &old, &new])?;
        // With status 1 and nothing to say there is none; all else is another matter.
        if found.status.code() == Some(1) && found.stdout.is_empty() && found.stderr.is_empty() {
            return Err(unrelated_failure(&old, &new));
        }
        Ok(())
    }

    /// A path as it was typed, on the disk, as seen from the current folder.
    ///
    /// # Errors
    /// When the repository has no work tree.
    pub fn on_disk(&self, typed: &str) -> Result<PathBuf, Failure> {
        let Some(top) = &self.top else {
            let message = "the repository has no work tree to compare with";
            return Err(Failure::usage(message, "name a second version: `tenon diff git:OLD git:NEW`"));
        };
        let full = top.join(self.path_of(typed));
        let current = std::env::current_dir().and_then(|path| path.canonicalize()).unwrap_or_default();
        Ok(match full.strip_prefix(&current) {
            Ok(path) if path.as_os_str().is_empty() => PathBuf::from("."),
            Ok(path) => path.to_path_buf(),
            Err(_) => full,
        })
    }

    /// The commit that last changed a file, if git knows one.
    #[must_use]
    pub fn last_change_of(&self, path: &Path) -> Option<String> {
        let path = path.canonicalize().ok()?;
        let found = self.git(&["rev-list", "-1", "HEAD", "--", path.to_str()?]).ok()?;
        let commit = line(&found.stdout);
        (found.status.success() && !commit.is_empty()).then_some(commit)
    }

    fn commit(&self, reference: &str) -> Result<String, Failure> {
        if let Some(base) = reference.strip_suffix(MERGE_BASE) {
            let base = self.commit(base)?;
            let found = self.git(&["merge-base", "--end-of-options", &base, "HEAD"])?;
            let commit = line(&found.stdout);
            return match (found.status.success() && !commit.is_empty(), self.is_shallow()) {
                (true, _) => Ok(commit),
                (false, true) => {
                    let message = format!("it cannot be told where {reference} and HEAD part");
                    Err(Failure::usage(message, SHALLOW_HELP))
                }
                (false, false) => {
                    let tip = reference.trim_end_matches(MERGE_BASE);
                    let help =
                        format!("`git:{tip}` with `--allow-unrelated-histories` compares with its tip");
                    Err(unrelated_failure(tip, "HEAD").with_help(help))
                }
            };
        }
        let name = format!("{reference}^{{commit}}");
        let found = self.git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &name])?;
        if found.status.success() {
            return Ok(line(&found.stdout));
        }
        let message = format!("git has no commit `{reference}`");
        if self.is_shallow() {
            return Err(Failure::usage(message, SHALLOW_HELP));
        }
        let names = self.git(&["for-each-ref", "--format=%(refname:short)"])?;
        let names = String::from_utf8_lossy(&names.stdout).into_owned();
        let remote = names.lines().find(|name| name.ends_with(&format!("/{reference}")));
        let near = remote.or_else(|| catalogue::nearest(reference, names.lines()));
        let help = near.map_or_else(
            || "a branch, a tag, or a commit; `git fetch` gets those of the remote".to_owned(),
            |near| format!("did you mean `git:{near}`?"),
        );
        Err(Failure::usage(message, help))
    }

    /// The files at or below a path of a commit.
    fn list(&self, commit: &str, path: &str) -> Result<Vec<String>, Failure> {
        let mut arguments = vec!["ls-tree", "-r", "-z", "--full-tree", "--name-only", commit];
        if !path.is_empty() {
            arguments.extend(["--", path]);
        }
        let found = self.git(&arguments)?;
        if !found.status.success() {
            let message = format!("git cannot list what {commit} has: {}", said(&found));
            return Err(Failure::usage(message, SHALLOW_HELP));
        }
        let names = found.stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        let mut names: Vec<String> = names.filter_map(|name| String::from_utf8(name.to_vec()).ok()).collect();
        names.sort();
        Ok(names)
    }

    fn no_path(&self, reference: &str, commit: &str, path: &str) -> Failure {
        let message = format!("`{path}` is not in git:{reference}");
        let all = self.list(commit, "").unwrap_or_default();
        let here = join(&self.prefix, path);
        let name = path.rsplit('/').next().unwrap_or(path);
        let same_name = || all.iter().find(|other| other.rsplit('/').next() == Some(name));
        let help = if here != path && all.contains(&here) {
            format!("paths start at the top of the repository: did you mean `git:{reference}:./{path}`?")
        } else if let Some(other) = same_name() {
            format!("did you mean `git:{reference}:{other}`?")
        } else {
            match catalogue::nearest(path, all.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `git:{reference}:{near}`?"),
                None => format!("`git ls-tree -r --name-only {reference}` lists what is there"),
            }
        };
        Failure::usage(message, help)
    }

    fn is_shallow(&self) -> bool {
        self.git(&["rev-parse", "--is-shallow-repository"]).is_ok_and(|found| line(&found.stdout) == "true")
    }

    fn git(&self, arguments: &[&str]) -> Result<Output, Failure> {
        self.command(arguments).stdin(Stdio::null()).output().map_err(|error| no_git(&error))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.args(["--no-pager", "--literal-pathspecs"]).args(arguments).current_dir(&self.folder);
        // Nobody is there to answer, and the words of git are looked at.
        command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
        command
    }
}

/// The files of a commit, read when they are asked for.
struct Tree {
    commit: String,
    base: String,
    label: String,
    reader: Mutex<Reader>,
}

/// `git cat-file --batch`: a name in, the bytes out.
struct Reader {
    child: Child,
    names: ChildStdin,
    bytes: BufReader<ChildStdout>,
}

impl Tree {
    fn open(repository: &Repository, commit: &str, base: &str, label: &str) -> Result<Self, Failure> {
        let mut command = repository.command(&["cat-file", "--batch", "--follow-symlinks"]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| no_git(&error))?;
        let (Some(names), Some(bytes)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure::bug("git was started without pipes"));
        };
        let reader = Mutex::new(Reader { child, names, bytes: BufReader::new(bytes) });
        Ok(Self { commit: commit.to_owned(), base: base.to_owned(), label: label.to_owned(), reader })
    }
}

impl Files for Tree {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReferenceProblem> {
        let full = join(&self.base, path);
        let shown = || format!("{}{full}", self.label);
        if full == ".." || full.starts_with("../") || full.starts_with('/') {
            return Err(ReferenceProblem::OutsideRoot(shown()));
        }
        if full.contains('\n') {
            return Err(ReferenceProblem::Malformed(shown()));
        }
        let unreadable = |why: &str| ReferenceProblem::Unreadable(format!("{}: {why}", shown()));
        let mut reader =
            self.reader.lock().map_err(|_| unreadable("another read of the repository failed"))?;
        let found = reader.read(&format!("{}:{full}", self.commit));
        match found.map_err(|error| unreadable(&format!("git: {error}")))? {
            Object::File(bytes) if bytes.starts_with(LFS_POINTER) => {
                Err(unreadable("the commit has only a pointer to it, its bytes are in Git LFS"))
            }
            Object::File(bytes) => Ok(bytes),
            Object::Folder => Err(ReferenceProblem::Folder(shown())),
            Object::Outside => Err(ReferenceProblem::OutsideRoot(shown())),
            Object::Missing => Err(ReferenceProblem::MissingFile(shown())),
        }
    }
}

/// What git has under a name.
enum Object {
    File(Vec<u8>),
    Folder,
    Outside,
    Missing,
}

impl Reader {
    fn read(&mut self, name: &str) -> std::io::Result<Object> {
        writeln!(self.names, "{name}")?;
        self.names.flush()?;
        let mut head = String::new();
        if self.bytes.read_line(&mut head)? == 0 {
            return Err(std::io::Error::other("it ended without an answer"));
        }
        let head = head.trim_end_matches('\n');
        let missing = [" missing", " ambiguous"];
        if missing.iter().any(|word| head.ends_with(word)) && head.starts_with(name) {
            return Ok(Object::Missing);
        }
        let mut words = head.split(' ');
        let first = words.next().unwrap_or_default();
        let is_link = matches!(first, "symlink" | "dangling" | "loop" | "notdir");
        let kind = if is_link { first } else { words.next().unwrap_or_default() };
        let size: usize = words
            .next()
            .and_then(|size| size.parse().ok())
            .ok_or_else(|| std::io::Error::other(format!("it answered `{head}`")))?;
        // One byte more than is read of a file, so that what is larger is told apart.
        let kept = size.min(FILE_BYTES_MAX + 1);
        let mut bytes = Vec::with_capacity(kept);
        (&mut self.bytes).take(kept as u64).read_to_end(&mut bytes)?;
        let rest = (size - kept) as u64 + 1;
        std::io::copy(&mut (&mut self.bytes).take(rest), &mut std::io::sink())?;
        Ok(match kind {
            "blob" => Object::File(bytes),
            "tree" => Object::Folder,
            "symlink" => Object::Outside,
            _ => Object::Missing,
        })
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // It waits for another name; nothing is lost by ending it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn unrelated_failure(old: &str, new: &str) -> Failure {
    Failure::usage(
        format!(
            "the histories of {old} and {new} have no commit in common, so one is no version of the other"
        ),
        "`--allow-unrelated-histories` compares them all the same",
    )
}

fn no_git(error: &std::io::Error) -> Failure {
    let reason = Failure::reason(error);
    Failure::usage(
        format!("cannot run the program `git`: {reason}"),
        "install git, or give two files or folders instead of `git:` references",
    )
}

/// What git complained of, in one line.
fn said(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let first = text.lines().next().unwrap_or("it said nothing");
    first.strip_prefix("fatal: ").unwrap_or(first).to_owned()
}

fn line(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).lines().next().unwrap_or_default().to_owned()
}
