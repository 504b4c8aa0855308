//! What a milestone is held to, seen from here: files, rules, commands, scenarios. The binary
//! implements it; a test can do so in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::model::Table;

/// Where a milestone's paths start, and what can be asked there.
pub trait Repository {
    /// The files below the root that are not hidden or ignored, sorted, `/` between the parts.
    fn files(&self) -> &[String];

    /// The bytes of a file below the root.
    ///
    /// # Errors
    /// In words, when it cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;

    /// What the rules of the strict profile say of some contracts, and what is in them.
    ///
    /// # Errors
    /// In words, when they cannot be checked.
    fn facts(&self, contracts: &[String]) -> Result<Arc<Facts>, String>;

    /// Whether there is a rule with that id.
    fn knows_rule(&self, id: &str) -> bool;

    /// Runs a command in the root.
    ///
    /// # Errors
    /// In words, when it cannot be started or does not end.
    fn run(&self, command: &[String]) -> Result<Ran, String>;

    /// Plays a scenario against the contracts.
    ///
    /// # Errors
    /// In words, when it cannot be played.
    fn play(&self, scenario: &str, contracts: &[String]) -> Result<Played, String>;

    /// The files that changed since a version.
    ///
    /// # Errors
    /// In words, when that cannot be told.
    fn changed(&self, since: &str) -> Result<Vec<String>, String>;

    /// A table or text made from the contracts, by one of [`super::tables::GRAPH_NAMES`].
    ///
    /// # Errors
    /// In words, when there is none.
    fn block(&self, name: &str, contracts: &[String]) -> Result<Block, String>;
}

/// Part of a document.
#[derive(Debug, Clone)]
pub enum Block {
    /// A table.
    Table(Table),
    /// Markdown.
    Text(String),
}

/// How a command ended.
#[derive(Debug, Clone)]
pub struct Ran {
    /// Its exit status; `None` if a signal ended it.
    pub status: Option<i32>,
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
}

/// How a scenario ended.
#[derive(Debug, Clone)]
pub struct Played {
    /// Whether every step did as expected.
    pub passed: bool,
    /// What did not.
    pub said: Vec<String>,
    /// Every step with what came of it.
    pub output: Value,
    /// What was kept at the end.
    pub store: Value,
}

/// What is known about some contracts.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Whether they could be read whole.
    pub usable: bool,
    /// Ids of the rules that ran.
    pub rules: BTreeSet<String>,
    /// What they found.
    pub findings: Vec<Said>,
    /// What they found and was set aside, with the reason.
    pub suppressed: Vec<(Said, String)>,
    /// The operations.
    pub operations: Vec<OperationFact>,
    /// What the evidence says of schemas, contract, authentication and events, by name.
    pub validations: BTreeMap<String, Value>,
    /// SHA-256 of every file that was read, by path from the root.
    pub inputs: BTreeMap<String, String>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The rule.
    pub rule: String,
    /// `info`, `warning` or `error`.
    pub level: String,
    /// What is wrong.
    pub message: String,
    /// File, line and column.
    pub place: String,
    /// The operation concerned.
    pub operation: Option<String>,
}

/// One operation, as metrics see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationFact {
    /// Its id, or how findings name it where it has none.
    pub id: String,
    /// How findings name it.
    pub label: String,
    /// Whether it changes anything.
    pub mutating: bool,
    /// Whether it is billed.
    pub billable: bool,
    /// Whether it asks for consent.
    pub consented: bool,
    /// Criteria that its contract says it helps to meet.
    pub traces: Vec<String>,
}
