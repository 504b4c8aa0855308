//! What exactly is served, and with what: told once at the start.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

/// The commit where there is none.
const NO_COMMIT: &str = "0000000000000000000000000000000000000000";

/// The repository, and everything else about a run that is the same for all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The repository.
    pub repo: String,
    /// The commit, 40 hexadecimal digits; zeros where there is none.
    pub commit_sha: String,
    /// Whether the work tree had changes.
    pub dirty_flag: bool,
    /// SHA-256 of each contract, by name.
    pub contract_hashes: BTreeMap<String, String>,
    /// Version of each tool, by name.
    pub tool_versions: BTreeMap<String, String>,
}

impl Default for Origin {
    fn default() -> Self {
        Self {
            repo: "none".to_owned(),
            commit_sha: NO_COMMIT.to_owned(),
            dirty_flag: true,
            contract_hashes: BTreeMap::new(),
            tool_versions: BTreeMap::new(),
        }
    }
}

impl Origin {
    /// Asks `git` about a folder. What is in no repository has no commit and counts as changed.
    #[must_use]
    pub fn of_folder(folder: &Path) -> Self {
        let Some(commit_sha) = git(folder, &["rev-parse", "HEAD"]).filter(|sha| sha.len() == NO_COMMIT.len())
        else {
            return Self::default();
        };
        let name =
            |path: String| path.rsplit('/').next().map(|name| name.trim_end_matches(".git").to_owned());
        let remote = git(folder, &["config", "--get", "remote.origin.url"]).and_then(name);
        let top = || git(folder, &["rev-parse", "--show-toplevel"]).and_then(name);
        let repo = remote.or_else(top).filter(|name| !name.is_empty());
        let changes = git(folder, &["status", "--porcelain", "--untracked-files=no"]);
        Self {
            repo: repo.unwrap_or_else(|| "none".to_owned()),
            commit_sha,
            dirty_flag: changes.is_none_or(|changes| !changes.is_empty()),
            ..Self::default()
        }
    }
}

/// What a command of `git` prints; `None` where it fails or there is no `git`.
fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}
