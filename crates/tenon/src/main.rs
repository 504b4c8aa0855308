//! The binary: arguments, files, rendering, exit status. The only crate that touches the disk.
#![forbid(unsafe_code)]

mod cli;
mod commands;
mod disk;
mod pipeline;
mod render;

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How a run ended, as design.md has it for every command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Nothing to report at the failing level.
    Clean,
    /// Findings at or above the failing level.
    Findings,
    /// The input or the arguments cannot be used.
    Unusable,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Unusable => 2,
        })
    }
}

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    commands::run(&arguments).into()
}
