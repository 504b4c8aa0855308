//! `tenon gen`: files that are written from contracts.

use std::path::PathBuf;

use clap::ValueEnum;
use tenon_source::{Finding, Level};

use crate::Exit;
use crate::commands::check::pass::calm_strangers;
use crate::disk::{self, Disk};
use crate::failure::{Failure, Outcome};
use crate::pipeline::analyse;
use crate::render;
use crate::terminal::Terminal;

/// `tenon gen`, as typed.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// What to write.
    #[arg(value_enum)]
    pub target: Target,
    /// Contracts: files and folders.
    #[arg(default_value = ".", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Where to write it [default: standard output].
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write nothing: fail if the file of `--output` is not what would be written.
    #[arg(long, requires = "output")]
    pub check: bool,
}

/// What can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Target {
    /// OpenAPI 3.1, with what the contract says beyond it in `x-tenon`.
    Openapi,
}

/// Writes, or compares.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    let roots = disk::find(&arguments.paths, &|_| true)?;
    let mut analysis = analyse(&roots, &Disk::new(&arguments.paths));
    calm_strangers(&roots, &mut analysis);
    if analysis.is_vacant() {
        let named: Vec<String> = arguments.paths.iter().map(|path| disk::shown(path)).collect();
        return Err(Failure::nothing_to_check(&named.join(", "), roots.len()));
    }
    if let Some((path, problem)) = analysis.unreadable.first() {
        return Err(Failure::unreadable(path, problem));
    }
    let broken: Vec<Finding> =
        analysis.findings.into_iter().filter(|finding| finding.level == Level::Error).collect();
    if !broken.is_empty() {
        terminal.complain(&render::excerpts(&analysis.graph.sources, &broken, terminal.color_errors));
        return Ok(Exit::Unusable);
    }
    let text = match arguments.target {
        Target::Openapi => tenon_emitters::openapi::write(&analysis.graph),
    };
    let Some(path) = &arguments.output else {
        terminal.print(|out| out.write_all(text.as_bytes()))?;
        return Ok(Exit::Clean);
    };
    if arguments.check {
        let found = std::fs::read_to_string(path)
            .map_err(|error| Failure::file(&disk::shown(path), "read", &error))?;
        if found == text {
            return Ok(Exit::Clean);
        }
        terminal.complain(&format!("{} is not what the contracts say; write it anew\n", disk::shown(path)));
        return Ok(Exit::Findings);
    }
    disk::write(path, text.as_bytes())?;
    Ok(Exit::Clean)
}
