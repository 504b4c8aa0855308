//! `tenon completions`: what a shell needs to complete our arguments.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::Exit;
use crate::cli;
use crate::failure::Outcome;
use crate::terminal::Terminal;

/// `tenon completions`, as typed.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The shell.
    #[arg(value_enum)]
    pub shell: Shell,
}

/// Prints the script.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut cli::Arguments::command(), "tenon", &mut script);
    terminal.print(|out| out.write_all(&script))?;
    Ok(Exit::Clean)
}
