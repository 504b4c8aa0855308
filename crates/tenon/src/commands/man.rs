//! `tenon man`: the manual page.

use clap::CommandFactory;

use crate::Exit;
use crate::cli;
use crate::failure::Outcome;
use crate::terminal::Terminal;

/// `tenon man`, as typed.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The command whose page to print; the program's own if absent.
    pub command: Option<String>,
}

/// Prints the page as `man` reads it.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    let whole = cli::Arguments::command();
    let command = match &arguments.command {
        None => whole,
        Some(name) => {
            let found = whole.get_subcommands().find(|command| command.get_name() == name).cloned();
            let known: Vec<&str> = whole.get_subcommands().map(clap::Command::get_name).collect();
            let found = found.ok_or_else(|| {
                crate::failure::Failure::usage(
                    format!("there is no command {name}"),
                    format!("commands are {}", known.join(", ")),
                )
            })?;
            found.display_name(format!("tenon-{name}"))
        }
    };
    let page = clap_mangen::Man::new(command);
    terminal.print(|out| page.render(out))?;
    Ok(Exit::Clean)
}
