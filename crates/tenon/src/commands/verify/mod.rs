//! `tenon verify`: what was agreed, held to what is there.
//!
//! What a file says of itself tells what is done with it: a scenario is run ([`scenario`]).
//! [`own`] starts the gateway that scenarios run against where no URL is given.

mod against;
mod junit;
mod own;
mod scenario;

use std::path::PathBuf;

use clap::ValueEnum;

use crate::failure::Outcome;
use crate::terminal::Terminal;

/// `tenon verify`, as typed.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Scenarios (`*.scenario.yaml`).
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// What to ask over HTTP, and who asks.
    #[command(flatten)]
    pub against: against::Arguments,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Pretty)]
    pub format: Format,
}

/// Output formats of `tenon verify`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Pretty,
    /// Stable JSON.
    Json,
    /// JUnit XML.
    Junit,
}

/// Runs what the files say.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    scenario::run(&arguments.files, &arguments.against, arguments.format, terminal)
}
