//! What can be typed. What it means is decided by each command.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

/// Keeps an API's contract and its implementation cut to the same shape.
#[derive(Debug, Parser)]
#[command(version, about, propagate_version = true, arg_required_else_help = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check contracts and report what is wrong, where, why and how to mend it.
    Check(CheckArguments),
}

/// `tenon check`.
#[derive(Debug, clap::Args)]
pub struct CheckArguments {
    /// Files and folders to check.
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// How to report.
    #[arg(long, value_enum, default_value_t = Format::Pretty)]
    pub format: Format,
    /// Which rules run, and how strictly.
    #[arg(long, value_enum)]
    pub profile: Option<ProfileName>,
}

/// Output formats of `tenon check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Pretty,
    /// Stable JSON.
    Json,
}

/// Names of the profiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProfileName {
    /// Only what makes a contract unusable.
    Minimal,
    /// What most teams want.
    Recommended,
    /// Everything.
    Strict,
}
