//! What was typed, together with the configuration: what it means.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use tenon_checks::Profile;
use tenon_source::Level;

use super::Arguments;
use crate::catalogue::{self, Entry};
use crate::config::{self, Config, ForeignLevels, Unusable};
use crate::disk;
use crate::failure::Failure;
use crate::render::Format;
use crate::terminal::Terminal;

/// The path that stands for standard input.
const STDIN: &str = "-";

/// How standard input is named unless `--stdin-path` says otherwise.
const STDIN_NAME: &str = "<stdin>";

/// What is to be done.
#[derive(Debug)]
pub struct Plan {
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// Standard input: its name and bytes.
    pub stdin: Option<(String, Vec<u8>)>,
    /// The configuration.
    pub config: Config,
    /// Levels.
    pub levels: Levels,
    /// Ids of the only rules to run; empty for all.
    pub only: Vec<&'static str>,
    /// The operation to report.
    pub endpoint: Option<String>,
    /// The contracts before the change.
    pub against: Option<PathBuf>,
    /// The baseline file.
    pub baseline: Option<PathBuf>,
    /// Where to write a baseline.
    pub write_baseline: Option<PathBuf>,
    /// Whether fixes are only shown.
    pub dry_run: bool,
    /// The output format.
    pub format: Format,
    /// Most findings shown to people.
    pub shown_max: usize,
    /// The least grave level that fails the run.
    pub fail_on: Level,
}

/// A plan, or a configuration that cannot be used.
#[derive(Debug)]
pub enum Planned {
    /// What is to be done.
    Plan(Box<Plan>),
    /// What is wrong with the configuration.
    Unusable(Box<Unusable>),
}

/// Levels: what was typed wins over the configuration, that over another tool's, that over the
/// profile.
#[derive(Debug, Default)]
pub struct Levels {
    profile: Profile,
    set: BTreeMap<&'static str, Level>,
}

impl Levels {
    /// The level of a code.
    pub fn of(&self, entry: &Entry) -> Level {
        self.set.get(entry.code.id).copied().unwrap_or_else(|| entry.level(self.profile))
    }

    /// The codes whose level was set beside the profile.
    pub fn ids_set(&self) -> impl Iterator<Item = &'static str> {
        self.set.keys().copied()
    }

    /// The level that was set for a code beside its profile.
    pub fn set(&self, id: &str) -> Option<Level> {
        self.set.get(id).copied()
    }
}

impl Plan {
    /// The plan.
    ///
    /// # Errors
    /// When arguments name what does not exist.
    pub fn of(arguments: &Arguments, terminal: &Terminal) -> Result<Planned, Failure> {
        let config = match read_config(arguments)? {
            Ok(config) => config,
            Err(unusable) => return Ok(Planned::Unusable(unusable)),
        };
        let foreign = read_foreign(arguments, terminal)?;
        let levels = Levels {
            profile: arguments
                .profile
                .map(Profile::from)
                .or(config.profile)
                .or(foreign.profile)
                .unwrap_or_default(),
            set: foreign
                .levels
                .into_iter()
                .chain(config.levels.iter().copied())
                .chain(catalogue::typed_levels(&arguments.rule)?)
                .collect(),
        };
        let only = arguments.only.iter().map(|word| catalogue::known_rule(word)).collect::<Result<_, _>>()?;
        let (stdin, paths): (Vec<&PathBuf>, Vec<&PathBuf>) =
            arguments.paths.iter().partition(|path| path.as_os_str() == STDIN);
        let stdin = if stdin.is_empty() { None } else { Some(read_stdin(arguments)?) };
        let in_folder =
            |path: &PathBuf| config.folder.as_ref().map_or(path.clone(), |folder| folder.join(path));
        let baseline = arguments.baseline.clone().or_else(|| config.baseline.as_ref().map(in_folder));
        Ok(Planned::Plan(Box::new(Self {
            paths: paths.into_iter().cloned().collect(),
            stdin,
            levels,
            only,
            endpoint: arguments.endpoint.clone(),
            against: arguments.against.clone(),
            baseline,
            write_baseline: arguments.write_baseline.clone(),
            dry_run: arguments.dry_run,
            format: arguments.format,
            shown_max: if arguments.max_findings == 0 { usize::MAX } else { arguments.max_findings },
            fail_on: arguments.fail_on.map(Level::from).or(config.fail_on).unwrap_or(Level::Error),
            config,
        })))
    }

    /// The paths, as messages name them.
    pub fn shown_paths(&self) -> String {
        self.paths.iter().map(|path| disk::shown(path)).collect::<Vec<_>>().join(", ")
    }

    /// Whether all rules run and all their findings are reported.
    pub fn is_whole(&self) -> bool {
        self.only.is_empty() && self.endpoint.is_none()
    }
}

fn read_config(arguments: &Arguments) -> Result<Result<Config, Box<Unusable>>, Failure> {
    let first = arguments.paths.iter().find(|path| path.as_os_str() != STDIN);
    let start = first.or(arguments.stdin_path.as_ref()).map_or(Path::new("."), PathBuf::as_path);
    config::load(arguments.config.as_deref(), start)
}

fn read_foreign(arguments: &Arguments, terminal: &Terminal) -> Result<ForeignLevels, Failure> {
    let Some(path) = &arguments.config_from else { return Ok(ForeignLevels::default()) };
    let shown = disk::shown(path);
    let bytes = std::fs::read(path).map_err(|error| Failure::file(&shown, "read", &error))?;
    let foreign = config::read_foreign(&shown, bytes)?;
    if !foreign.unknown.is_empty() {
        let help = terminal.paint_help("note");
        let names = foreign.unknown.join("\n  ");
        terminal.complain(&format!("{help}: {shown} sets rules that have no counterpart here:\n  {names}\n"));
    }
    Ok(foreign)
}

fn read_stdin(arguments: &Arguments) -> Result<(String, Vec<u8>), Failure> {
    let mut bytes = Vec::new();
    // One byte more than is read of a file, so that what is larger is told apart.
    let most = tenon_source::limits::FILE_BYTES_MAX as u64 + 1;
    std::io::stdin()
        .lock()
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::file("standard input", "read", &error))?;
    let name = arguments.stdin_path.as_ref().map_or_else(|| STDIN_NAME.to_owned(), |path| disk::shown(path));
    Ok((name, bytes))
}
