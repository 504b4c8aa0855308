//! One file a command: its `Arguments` (what was typed) and its `run`.

pub mod check;
pub mod derive;
pub mod gate;

use crate::cli::{Arguments, Command};
use crate::failure::Outcome;
use crate::terminal::Terminal;

/// Runs what was typed.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    match &arguments.command {
        Command::Check(arguments) => check::run(arguments, terminal),
        Command::Derive(arguments) => derive::run(arguments, terminal),
        Command::Gate(arguments) => gate::run(arguments, terminal),
    }
}
