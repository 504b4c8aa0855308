//! The six gates of seed 004.
//!
//! Holds: what each gate asks, and the answers of the seed's own scripts. It must never hold: a
//! rule that `rules` has too, file access, the grammar of a script.

mod compat;

use std::collections::BTreeMap;

pub use compat::{SeedRun, run_seed, seed_files};
use tenon_graph::service::ScriptFacts;

/// A gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gate {
    /// Every endpoint has its mandatory fields.
    EndpointStatus,
    /// Signatures, route arguments and source files agree.
    RouteServiceAlignment,
    /// Uploads say what they accept and how much.
    UploadE2e,
    /// Pages have a largest size that is kept.
    PaginationMax,
    /// Status enums are complete and those of the data model.
    StatusEnums,
    /// The rules of section 5.
    ContractDiscipline,
}

/// Every gate, in the order the seed lists them.
pub const GATES: [Gate; 6] = [
    Gate::EndpointStatus,
    Gate::RouteServiceAlignment,
    Gate::UploadE2e,
    Gate::PaginationMax,
    Gate::StatusEnums,
    Gate::ContractDiscipline,
];

impl Gate {
    /// The gate's name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::EndpointStatus => "endpoint-status",
            Self::RouteServiceAlignment => "route-service-alignment",
            Self::UploadE2e => "upload-e2e",
            Self::PaginationMax => "pagination-max",
            Self::StatusEnums => "status-enums",
            Self::ContractDiscipline => "contract-discipline",
        }
    }

    /// The gate with a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        GATES.into_iter().find(|gate| gate.name() == name)
    }
}

/// What the repository has at the paths that a contract names. The caller reads the files.
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
