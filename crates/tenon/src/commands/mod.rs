//! One file a command: its `Arguments` (what was typed) and its `run`.

pub mod audit;
pub mod check;
pub mod completions;
pub mod derive;
pub mod diff;
pub mod explain;
pub mod freeze;
pub mod gate;
pub mod generate;
pub mod init;
pub mod job;
mod kept;
pub mod man;
pub mod reference;
pub mod reuse;
pub mod serve;
pub mod token;
pub mod usage;
pub mod verify;
pub mod warden;
pub mod webhooks;

use crate::cli::{Arguments, Command};
use crate::failure::Outcome;
use crate::terminal::Terminal;

/// Runs what was typed.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    match &arguments.command {
        Command::Init(arguments) => init::run(arguments, terminal),
        Command::Check(arguments) => check::run(arguments, terminal),
        Command::Diff(arguments) => diff::run(arguments, terminal),
        Command::Freeze(arguments) => freeze::run(arguments, terminal),
        Command::Derive(arguments) => derive::run(arguments, terminal),
        Command::Reuse(arguments) => reuse::run(arguments, terminal),
        Command::Gen(arguments) => generate::run(arguments, terminal),
        Command::Verify(arguments) => verify::run(arguments, terminal),
        Command::Serve(arguments) => serve::run(arguments, terminal),
        Command::Job(arguments) => job::run(arguments, terminal),
        Command::Warden => warden::run(),
        Command::Gate(arguments) => gate::run(arguments, terminal),
        Command::Token(arguments) => token::run(arguments, terminal),
        Command::Usage(arguments) => usage::run(arguments, terminal),
        Command::Audit(arguments) => audit::run(arguments, terminal),
        Command::Webhooks(arguments) => webhooks::run(arguments, terminal),
        Command::Explain(arguments) => explain::run(arguments, terminal),
        Command::Completions(arguments) => completions::run(arguments, terminal),
        Command::Man(arguments) => man::run(arguments, terminal),
        Command::Reference(arguments) => reference::run(arguments, terminal),
    }
}
