//! `tenon gen`: files that are written from contracts.
//!
//! With a target it writes that one; without, every output that `tenon.toml` names, and pins them in
//! `tenon.lock`. `--check` writes nothing and names what differs.

mod files;
mod plan;
mod report;

use std::path::PathBuf;

use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser};
use tenon_emitters::TARGETS;

use crate::failure::Outcome;
use crate::terminal::{Progress, Terminal};

/// The word for every target at once.
pub const ALL: &str = "all";

/// `tenon gen`, as typed.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// What to write [default: every output of `[[gen]]` in `tenon.toml`].
    #[arg(value_name = "TARGET", value_parser = targets())]
    pub target: Option<String>,
    /// Contracts: files and folders [default: the current folder].
    #[arg(value_name = "PATH", requires = "target")]
    pub paths: Vec<PathBuf>,
    /// Where to write it: a file, or a folder where a target writes several [default: standard output].
    #[arg(long, short, value_name = "PATH", requires = "target")]
    pub output: Option<PathBuf>,
    /// Write nothing: fail if a file is not what would be written, and name it.
    #[arg(long)]
    pub check: bool,
    /// With `--check`: how to report.
    #[arg(long, value_enum, default_value_t = Format::Pretty, requires = "check")]
    pub format: Format,
    /// Configuration file [default: `tenon.toml` in or above the first path].
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Output formats of `tenon gen --check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Pretty,
    /// Stable, versioned JSON.
    Json,
}

fn targets() -> PossibleValuesParser {
    let all = PossibleValue::new(ALL).help("Every target the contracts have something for, into one folder");
    let values = TARGETS.iter().map(|target| PossibleValue::new(target.name).help(target.about));
    PossibleValuesParser::new(values.chain([all]))
}

/// Writes, or compares.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    let progress = Progress::start(terminal, "reading");
    let plan = match plan::make(arguments, terminal)? {
        plan::Planned::Plan(plan) => plan,
        plan::Planned::Over(exit) => return Ok(exit),
    };
    drop(progress);
    let Some(outputs) = plan.on_disk() else {
        let text = plan.for_standard_output()?;
        terminal.print(|out| out.write_all(text.as_bytes()))?;
        report::notes(&plan, terminal);
        return Ok(crate::Exit::Clean);
    };
    report::notes(&plan, terminal);
    if arguments.check {
        let drifts = files::compare(&plan, &outputs)?;
        return report::drifts(&drifts, &outputs, arguments.format, terminal);
    }
    let written = files::write(&plan, &outputs)?;
    report::written(&written, &outputs, terminal);
    Ok(crate::Exit::Clean)
}
