//! The binary: arguments, files, rendering, exit status. The only crate that touches the disk.
//!
//! What can be typed stands in [`cli`]; what each command does in its file under [`commands`];
//! the walk from files to findings in [`pipeline`]; each output format in its file under
//! [`render`].
#![forbid(unsafe_code)]

mod catalogue;
mod cli;
mod commands;
mod config;
mod disk;
mod failure;
mod frozen;
mod pipeline;
mod render;
mod repository;
mod terminal;
mod versions;

use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::process::ExitCode;
use std::sync::Mutex;

use clap::Parser;

use crate::failure::Failure;
use crate::terminal::Terminal;

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
    /// The status of the shell script whose answer was given (`tenon gate --compat-seed`).
    Script(u8),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Unusable => 2,
            Exit::Script(status) => status,
        })
    }
}

/// What the last panic said and where; read once the run has unwound.
static PANIC: Mutex<Option<String>> = Mutex::new(None);

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(remember_panic));
    let run = || {
        let arguments = cli::Arguments::parse();
        let terminal = Terminal::new(arguments.global.color);
        let ended = commands::run(&arguments, &terminal);
        ended.unwrap_or_else(|failure| {
            failure.print(&terminal);
            Exit::Unusable
        })
    };
    guarded(run).into()
}

/// The one border at which a panic of any crate below ends.
fn guarded(run: impl FnOnce() -> Exit) -> Exit {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| report_bug())
}

fn remember_panic(info: &PanicHookInfo<'_>) {
    let text = info.payload_as_str().unwrap_or("no message");
    let place = info.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
    if let Ok(mut last) = PANIC.lock() {
        *last = Some(format!("{text}{place}"));
    }
}

fn report_bug() -> Exit {
    let said = PANIC.lock().ok().and_then(|mut last| last.take()).unwrap_or_default();
    Failure::bug(said).print(&Terminal::new(cli::ColorChoice::Auto));
    Exit::Unusable
}

#[cfg(test)]
mod tests {
    use super::{Exit, Failure, guarded};

    #[test]
    fn a_panic_ends_at_the_border() {
        assert_eq!(guarded(|| panic!("a mistake of ours")), Exit::Unusable);
        assert_eq!(guarded(|| Exit::Findings), Exit::Findings);
    }

    #[test]
    fn a_bug_is_said_to_be_ours() {
        let text = format!("{:?}", Failure::bug("index out of range (rules.rs:12)"));
        assert!(text.contains("this is a bug in tenon, not in your files: index out of range (rules.rs:12)"));
        assert!(text.contains("please report it"));
    }
}
