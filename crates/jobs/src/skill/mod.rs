//! Skills: what they are, and what one is held to.

mod manifest;
mod registry;
mod schema;

use std::path::PathBuf;

pub(crate) use registry::load;
pub(crate) use schema::Schema;

/// When a job is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RetryClass {
    /// Never: its process is started at most once, whatever happens.
    Never,
    /// When nobody knows how it ended: the gateway or the warden died. The skill may be run twice.
    Lost,
    /// Also when it failed, was killed, or took too long.
    Failed,
}

/// How often, and how long apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// When.
    pub class: RetryClass,
    /// Processes started for one job at most, a count.
    pub attempts_max: u32,
    /// The pause before the second attempt, in milliseconds; it doubles with each.
    pub backoff_ms: u64,
}

/// What one run may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Time on the wall, in milliseconds.
    pub wall_ms_max: u64,
    /// Memory, in bytes: of each process its own data, of all together what is resident.
    pub memory_bytes_max: u64,
    /// Processes at once, a count.
    pub processes_max: u32,
    /// What it prints, standard output and standard error together, in bytes.
    pub output_bytes_max: u64,
    /// The largest file it may write, in bytes.
    pub file_bytes_max: u64,
    /// Open files of each process, a count.
    pub open_files_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wall_ms_max: 60_000,
            memory_bytes_max: 512 * 1024 * 1024,
            processes_max: 32,
            output_bytes_max: 4 * 1024 * 1024,
            file_bytes_max: 256 * 1024 * 1024,
            open_files_max: 256,
        }
    }
}

/// One skill of the registry.
#[derive(Debug, Clone)]
pub struct Skill {
    /// Names it.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Name for people.
    pub title: String,
    /// One line.
    pub short_description: String,
    /// What it does.
    pub description: String,
    /// `skill` or `probe`.
    pub kind: String,
    /// The schema of its input, as the manifest names it.
    pub input_schema_ref: String,
    /// The schema of its output, as the manifest names it.
    pub output_schema_ref: String,
    /// What it may do.
    pub permissions: Vec<String>,
    /// What it changes.
    pub side_effects: Vec<String>,
    /// The program and its arguments; never a shell string.
    pub command: Vec<String>,
    /// Where it runs, inside its own folder.
    pub working_dir: PathBuf,
    /// Variables of the environment it sees, and no other.
    pub env: Vec<String>,
    /// What one run may take.
    pub limits: Limits,
    /// When a job of it is tried again.
    pub retry: Retry,
    /// Jobs of it that run at once, a count; no limit of its own where it is `None`.
    pub concurrency_max: Option<usize>,
    /// SHA-256 of its manifest.
    pub manifest_hash: String,
    pub(crate) input: Schema,
    pub(crate) output: Schema,
}

impl Skill {
    /// What runs it; there is one way.
    #[must_use]
    pub fn executor_backend(&self) -> &'static str {
        "process"
    }

    /// Why an input does not fit; empty where it fits.
    #[must_use]
    pub fn input_failures(&self, task: &serde_json::Value) -> Vec<String> {
        self.input.failures(task)
    }

    /// Why an output does not fit; empty where it fits.
    #[must_use]
    pub fn output_failures(&self, output: &serde_json::Value) -> Vec<String> {
        self.output.failures(output)
    }
}
