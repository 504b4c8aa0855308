//! `tenon.toml`: what a project wants, in its own words.
//!
//! [`keys`] lists what can be written, [`read`] says what was written and what is wrong with it,
//! [`Config`] is what it means.

mod diff;
mod foreign;
mod generate;
pub mod keys;
mod read;
mod reference;
pub mod serve;

use std::path::{Path, PathBuf};

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use tenon_checks::{Profile, Settings};
use tenon_compare::{Day, FailOn};
use tenon_graph::Tier;
use tenon_source::{Finding, Level, SourceFile, Span};

use crate::disk;
use crate::failure::Failure;

pub use foreign::{ForeignLevels, read_foreign};
pub use generate::Generate;
pub use reference::{page, schema};
pub use serve::ServeConfig;

/// The file's name.
pub const FILE_NAME: &str = "tenon.toml";

/// A suppression as configured.
#[derive(Debug, Clone)]
pub struct Suppress {
    /// Id of the rule.
    pub rule: &'static str,
    /// Why.
    pub reason: String,
    /// Which files.
    pub files: Option<Glob>,
    /// Pointer of a value.
    pub pointer: Option<String>,
    /// Operation.
    pub operation: Option<String>,
    /// Where it stands in the file.
    pub span: Span,
}

/// An approval of a change as configured.
#[derive(Debug, Clone)]
pub struct Approve {
    /// Fingerprint of the change.
    pub fingerprint: String,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which it holds.
    pub expires: Day,
    /// Where it stands in the file.
    pub span: Span,
}

/// What a configuration says of changes.
#[derive(Debug, Default)]
pub struct DiffConfig {
    /// The failing class.
    pub fail_on: Option<FailOn>,
    /// The tier of contracts that name none.
    pub tier: Option<Tier>,
    /// What the comparison is told.
    pub settings: tenon_compare::Settings,
    /// Approvals.
    pub approve: Vec<Approve>,
}

/// What a configuration means. Without one, everything is at its default.
#[derive(Debug, Default)]
pub struct Config {
    /// The folder its paths are relative to; `None` is the current one.
    pub folder: Option<PathBuf>,
    /// The file itself, to show places in it.
    pub source: Option<SourceFile>,
    /// The profile.
    pub profile: Option<Profile>,
    /// The failing level.
    pub fail_on: Option<Level>,
    /// Which files of a folder are checked.
    pub include: Option<GlobSet>,
    /// Which files are not.
    pub exclude: GlobSet,
    /// The baseline file.
    pub baseline: Option<PathBuf>,
    /// Levels by rule id, the last one wins.
    pub levels: Vec<(&'static str, Level)>,
    /// The project's own words.
    pub settings: Settings,
    /// Suppressions.
    pub suppress: Vec<Suppress>,
    /// What `tenon diff` makes of changes.
    pub diff: DiffConfig,
    /// What `tenon serve` accepts, and how.
    pub serve: ServeConfig,
    /// What `tenon gen` writes.
    pub generate: Vec<Generate>,
    /// Suppressions that cannot be applied, and the like: said, but no reason to stop.
    pub findings: Vec<Finding>,
}

/// A configuration that cannot be used: the file, and what is wrong with it.
#[derive(Debug)]
pub struct Unusable {
    /// The file.
    pub source: SourceFile,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

impl Config {
    /// The configuration in a text. `path` is how the file is named to the user.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(path: &str, text: String) -> Result<Self, Box<Unusable>> {
        read::read(path, text)
    }

    /// Whether a file is one that `tenon gen` writes; `path` is relative to the configuration.
    pub fn generates(&self, path: &str) -> bool {
        self.generate.iter().any(|entry| entry.writes(path))
    }

    /// Whether a file found in a folder is to be checked; `path` is relative to the configuration. What
    /// is generated from the contracts is none of them.
    pub fn wants(&self, path: &str) -> bool {
        self.include.as_ref().is_none_or(|include| include.is_match(path))
            && !self.exclude.is_match(path)
            && !self.generates(path)
    }
}

/// Tells the files that `tenon gen` writes below some paths: they are no contracts. A configuration that
/// cannot be used names none; whoever reads it says so.
pub fn generated(paths: &[PathBuf]) -> impl Fn(&str) -> bool {
    let configs: Vec<Config> = paths
        .iter()
        .filter_map(|path| load(None, path).ok()?.ok())
        .filter(|one| !one.generate.is_empty())
        .collect();
    move |path| {
        let full = std::path::absolute(path).map(|full| disk::display(&full)).unwrap_or_default();
        configs.iter().any(|config| {
            let folder = config.folder.as_deref().map(disk::display).unwrap_or_default();
            let below = full.strip_prefix(&folder).and_then(|rest| rest.strip_prefix('/'));
            below.is_some_and(|path| config.generates(path))
        })
    }
}

/// The configuration file that rules a path: in its folder or the nearest one above.
pub fn find(path: &Path) -> Option<PathBuf> {
    let full = std::path::absolute(path).ok()?;
    let start = if full.is_dir() { full.as_path() } else { full.parent()? };
    start.ancestors().map(|folder| folder.join(FILE_NAME)).find(|file| file.is_file())
}

/// The configuration in a file, or in the one that rules a path; the default where there is none.
///
/// # Errors
/// When the file cannot be read; a file that can be read and not be used is the inner error.
pub fn load(named: Option<&Path>, start: &Path) -> Result<Result<Config, Box<Unusable>>, Failure> {
    let Some(path) = named.map(Path::to_path_buf).or_else(|| find(start)) else {
        return Ok(Ok(Config::default()));
    };
    let shown = disk::relative_to_current(&path);
    let bytes = std::fs::read(&path).map_err(|error| Failure::file(&shown, "read", &error))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::usage(format!("cannot read {shown}: it is not UTF-8 text"), "save it as UTF-8")
    })?;
    Ok(Config::parse(&shown, text).map(|config| Config {
        folder: std::path::absolute(&path).ok().and_then(|path| path.parent().map(Path::to_path_buf)),
        ..config
    }))
}

/// A pattern in which `*` stays within a folder.
fn glob(pattern: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(pattern).literal_separator(true).build()
}

fn glob_set(globs: Vec<Glob>) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    for glob in globs {
        builder.add(glob);
    }
    // Each pattern was built before, so the set of them builds too.
    builder.build().unwrap_or_default()
}
