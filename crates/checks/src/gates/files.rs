//! What the repository has at the paths that a contract names. The caller reads the files.

use std::collections::BTreeMap;

use tenon_graph::service::ScriptFacts;

/// Files by their path as the contract writes it.
#[derive(Debug, Clone, Default)]
pub struct RepositoryFiles {
    files: BTreeMap<String, RepositoryFile>,
}

/// A file of the repository.
#[derive(Debug, Clone, Default)]
pub struct RepositoryFile {
    /// Its text, as far as it is text.
    pub text: String,
    /// What it exports; `None` where it is no script.
    pub script: Option<ScriptFacts>,
}

impl RepositoryFiles {
    /// Adds a file at a path as the contract writes it.
    pub fn insert(&mut self, path: impl Into<String>, file: RepositoryFile) {
        self.files.insert(path.into(), file);
    }

    /// Takes a file away.
    pub fn remove(&mut self, path: &str) {
        self.files.remove(path);
    }

    /// The file at a path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&RepositoryFile> {
        self.files.get(path)
    }

    /// Whether there is a file at a path.
    #[must_use]
    pub fn is_file(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// The text of the file at a path.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(|file| file.text.as_str())
    }
}
