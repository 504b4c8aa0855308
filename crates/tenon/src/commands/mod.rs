//! One file a command.

mod check;

use crate::Exit;
use crate::cli::{Arguments, Command};

/// Runs what was typed.
pub fn run(arguments: &Arguments) -> Exit {
    match &arguments.command {
        Command::Check(arguments) => check::run(arguments),
    }
}
