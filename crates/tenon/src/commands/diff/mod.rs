//! `tenon diff`: [`Arguments`] is what was typed, [`inputs`] the two versions, [`judge`] what the
//! contract's tier and the project's decisions make of each change, [`report`] how it is said.

mod changelog;
pub mod inputs;
mod json;
mod judge;
mod report;
mod stat;

use std::path::PathBuf;
use std::time::Instant;

use clap::ValueEnum;
use tenon_compare::{Day, FailOn};

use crate::Exit;
use crate::catalogue;
use crate::failure::{Failure, Outcome};
use crate::render::FINDINGS_SHOWN_MAX;
use crate::terminal::{Progress, Terminal};

use inputs::{Inputs, Opened};
use judge::Judging;

/// `tenon diff`, as typed.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Before the change: a file, a folder, `git:REF` or `git:REF:PATH`, or `lock`.
    #[arg(value_name = "OLD")]
    pub old: String,
    /// After it [default: what stands on the disk where OLD is].
    #[arg(value_name = "NEW")]
    pub new: Option<String>,
    /// How to report.
    #[arg(long, value_enum, default_value_t = Format::Pretty, help_heading = "Report")]
    pub format: Format,
    /// Only how many changes there are of each kind, on one screen.
    #[arg(long, help_heading = "Report")]
    pub stat: bool,
    /// Most changes that `pretty` shows; 0 shows all.
    #[arg(long, value_name = "COUNT", default_value_t = FINDINGS_SHOWN_MAX, help_heading = "Report")]
    pub max_changes: usize,
    /// Least grave class of change that fails where the contract is stable [default: breaking].
    #[arg(long, value_enum, value_name = "CLASS", help_heading = "Report")]
    pub fail_on: Option<FailOnName>,
    /// Level of one kind of change, such as `DS010=off`; may be repeated.
    #[arg(long, value_name = "RULE=LEVEL", help_heading = "Rules")]
    pub rule: Vec<String>,
    /// Report only this kind of change, by id or name; may be repeated.
    #[arg(long, value_name = "RULE", help_heading = "Rules")]
    pub only: Vec<String>,
    /// The day deprecations and approvals are judged for [default: today].
    #[arg(long, value_name = "DATE", value_parser = day, help_heading = "Configuration")]
    pub today: Option<Day>,
    /// Configuration file [default: `tenon.toml` in or above the folder of NEW].
    #[arg(long, value_name = "FILE", help_heading = "Configuration")]
    pub config: Option<PathBuf>,
    /// Compare commits whose histories have nothing in common.
    #[arg(long, help_heading = "Configuration")]
    pub allow_unrelated_histories: bool,
}

/// Output formats of `tenon diff`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: source excerpts of both versions, reach, counter-examples, help.
    Pretty,
    /// Stable, versioned JSON.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for test reports.
    Junit,
    /// Workflow commands that annotate a pull request on GitHub.
    Github,
    /// A Code Quality report for GitLab.
    Gitlab,
    /// A changelog with the step the version number takes.
    Markdown,
}

/// Names of the failing classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOnName {
    /// What breaks somebody.
    Breaking,
    /// What makes the same calls do something else, too.
    Behaviour,
    /// Anything but documentation.
    Additive,
    /// Nothing.
    Never,
}

impl From<FailOnName> for FailOn {
    fn from(name: FailOnName) -> Self {
        match name {
            FailOnName::Breaking => Self::Breaking,
            FailOnName::Behaviour => Self::Behaviour,
            FailOnName::Additive => Self::Additive,
            FailOnName::Never => Self::Never,
        }
    }
}

fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "write a date such as 2026-11-21".to_owned())
}

/// The day by the clock, in UTC.
fn today() -> Day {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Day::of_seconds(now.map_or(0, |past| i64::try_from(past.as_secs()).unwrap_or(i64::MAX)))
}

/// Compares and reports.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    let started = Instant::now();
    let progress = Progress::start(terminal, "reading");
    let (inputs, drifted) = match inputs::open(arguments, terminal)? {
        Opened::Inputs(inputs) => (*inputs, None),
        Opened::Drifted(inputs, findings) => (*inputs, Some(findings)),
        Opened::Unusable(exit) => return Ok(exit),
        Opened::Config(unusable) => return super::check::report_unusable(*unusable, terminal),
    };
    let levels = inputs.config.levels.iter().copied();
    let levels = levels.chain(catalogue::typed_levels(&arguments.rule)?).collect();
    let only = arguments.only.iter().map(|word| known_change(word)).collect::<Result<Vec<_>, _>>()?;
    let today = arguments.today.unwrap_or_else(today);
    let fail_on = arguments.fail_on.map(FailOn::from).or(inputs.config.diff.fail_on).unwrap_or_default();
    progress.stage("comparing");
    let settings = tenon_compare::Settings { today: Some(today), ..inputs.config.diff.settings };
    let versions = tenon_compare::Versions { old: &inputs.old.graph, new: &inputs.new.graph, settings };
    let changes = if drifted.is_some() { Vec::new() } else { tenon_compare::compare(&versions) };
    let judging = Judging { fail_on, today, levels, only };
    let Inputs { old, new, config } = inputs;
    let mut judged = judge::judge(changes, old, new, &config, &judging);
    judged.findings.extend(drifted.into_iter().flatten());
    drop(progress);
    let shown_max = if arguments.max_changes == 0 { usize::MAX } else { arguments.max_changes };
    report::print(arguments, &judged, shown_max, started.elapsed(), terminal)?;
    let exit = if judged.failed(fail_on) { Exit::Findings } else { Exit::Clean };
    // The process ends: the system takes the memory back at once.
    std::mem::forget(judged);
    Ok(exit)
}

/// The id of a kind of change.
fn known_change(word: &str) -> Result<&'static str, Failure> {
    let id = catalogue::known_rule(word)?;
    if catalogue::find(id).is_some_and(|entry| entry.effect.is_none()) {
        return Err(Failure::usage(
            format!("{id} looks at one version, it is no kind of change"),
            "`tenon check --only` runs it",
        ));
    }
    Ok(id)
}
