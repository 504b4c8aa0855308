//! What can be typed: the one list that makes the parser, `--help`, the man page and the shell
//! completions. What it means is decided by each command.
//!
//! A command is a line in [`Command`], a line in `commands::run`, and a file under `commands/`
//! with its `Arguments` and its `run`.

use clap::{Parser, Subcommand, ValueEnum};

use crate::commands::{
    audit, check, completions, derive, diff, explain, freeze, gate, generate, init, job, man, reference,
    reuse, serve, token, usage, verify, webhooks,
};

/// Keeps an API's contract and its implementation cut to the same shape.
#[derive(Debug, Parser)]
#[command(name = "tenon", version, about, propagate_version = true, arg_required_else_help = true)]
pub struct Arguments {
    /// What every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Debug, clap::Args)]
pub struct Global {
    /// When to use colours.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: ColorChoice,
}

/// The commands, in the order help shows them.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a `tenon.toml` from what is there.
    Init(init::Arguments),
    /// Check contracts and report what is wrong, where, why and how to mend it.
    Check(Box<check::Arguments>),
    /// Compare two versions of contracts: what changed, whom it breaks, which version number that asks for.
    Diff(Box<diff::Arguments>),
    /// Write `tenon.lock`, or fail when anything drifted from it.
    Freeze(freeze::Arguments),
    /// Derive service contracts from a scope manifest and a data model.
    Derive(derive::Arguments),
    /// Show where the same schema is written twice; print the reuse matrix and its registers.
    Reuse(reuse::Arguments),
    /// Write files from contracts: specifications, documentation, clients, scripts.
    Gen(generate::Arguments),
    /// Hold a milestone to what is there and leave evidence, check evidence, or run scenarios.
    Verify(Box<verify::Arguments>),
    /// Serve contracts: a gateway that holds every call to its contract.
    Serve(Box<serve::Arguments>),
    /// Run skills on a gateway: submit, watch, cancel; what was decided about a run.
    Job(job::Arguments),
    /// Run the gates of service contracts: may a build go on with this contract?
    Gate(gate::Arguments),
    /// Make a development token or an API key, or show what is in a token.
    Token(Box<token::Arguments>),
    /// Sum what was metered, by tenant, dimension and window.
    Usage(Box<usage::Arguments>),
    /// Show who did what, and verify the chain that says so.
    Audit(audit::Arguments),
    /// Look after webhooks: deliveries, dead letters, replay, secrets.
    Webhooks(webhooks::Arguments),
    /// Explain a rule: what it finds, why, a bad and a good example, how to mend it.
    Explain(explain::Arguments),
    /// Print a script that lets a shell complete the arguments.
    Completions(completions::Arguments),
    /// Print the manual page.
    Man(man::Arguments),
    /// Stand between a gateway and the processes of a job.
    #[command(hide = true)]
    Warden,
    /// Write the pages of the documentation that are made from the program.
    #[command(hide = true)]
    Reference(reference::Arguments),
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
