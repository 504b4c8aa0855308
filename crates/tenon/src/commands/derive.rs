//! `tenon derive`: service contracts from a scope manifest, a data model and an environment
//! manifest.
//!
//! The draft is held to the rules it must pass before anything is written: a draft that fails is
//! shown with its findings and delivered to nobody.

use std::path::{Path, PathBuf};

use tenon_checks::{Context, Profile, Settings};
use tenon_emitters::service_contracts;
use tenon_graph::ReferenceProblem;
use tenon_readers::{Files, Root};
use tenon_source::Level;

use crate::Exit;
use crate::disk::{Disk, display};
use crate::failure::{Failure, Outcome};
use crate::pipeline::{Analysis, analyse};
use crate::render::{Format, Report};
use crate::terminal::Terminal;

/// Name of the file where no other is asked for.
const OUTPUT_NAME: &str = "service-contracts.json";

/// `tenon derive`, as typed.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The scope manifest.
    #[arg(long, value_name = "FILE")]
    pub scope: PathBuf,
    /// The data model (data-relationships).
    #[arg(long, value_name = "FILE")]
    pub data: PathBuf,
    /// The environment manifest.
    #[arg(long, value_name = "FILE")]
    pub env: Option<PathBuf>,
    /// Where to write; `service-contracts.json` beside the scope manifest if not given.
    #[arg(short, long, value_name = "FILE", conflicts_with = "stdout")]
    pub output: Option<PathBuf>,
    /// Print the contracts instead of writing a file.
    #[arg(long)]
    pub stdout: bool,
}

/// Derives, verifies, then delivers.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    let manifests: Vec<PathBuf> = [Some(&arguments.scope), Some(&arguments.data), arguments.env.as_ref()]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    for path in &manifests {
        path.metadata().map_err(|error| Failure::file(&display(path), "read", &error))?;
    }
    let disk = Disk::new(&manifests);
    let mut roots: Vec<Root> =
        manifests.iter().map(|path| Root { path: display(path), named: true }).collect();
    let read = analyse(&roots, &disk);
    let unusable = read.findings.iter().any(|finding| finding.level == Level::Error);
    if unusable || !read.unreadable.is_empty() {
        report(&read, terminal)?;
        return Ok(Exit::Unusable);
    }
    let text = service_contracts::derive(&read.graph).map_err(|error| {
        Failure::usage(error.to_string(), "`--scope` and `--data` name the two manifests")
    })?;

    let output = arguments.output.clone().unwrap_or_else(|| arguments.scope.with_file_name(OUTPUT_NAME));
    let draft = Draft { path: display(&output), text: &text, disk: &disk };
    roots.push(Root { path: draft.path.clone(), named: true });
    let mut checked = analyse(&roots, &draft);
    let settings = Settings::default();
    let ctx = Context::new(&checked.graph, None, &settings);
    let found = tenon_checks::run(&ctx, &|rule| rule.level(Profile::Recommended));
    checked.findings.extend(found);
    checked.findings.sort_by(|a, b| (a.place, a.code.id, &a.message).cmp(&(b.place, b.code.id, &b.message)));
    if checked.findings.iter().any(|finding| finding.level == Level::Error) {
        report(&checked, terminal)?;
        terminal.complain("the draft does not pass its rules; nothing was written\n");
        return Ok(Exit::Findings);
    }
    deliver(&output, &text, arguments.stdout, terminal)
}

fn deliver(output: &Path, text: &str, stdout: bool, terminal: &Terminal) -> Outcome {
    if stdout {
        terminal.print(|out| out.write_all(text.as_bytes()))?;
        return Ok(Exit::Clean);
    }
    let name = display(output);
    std::fs::write(output, text).map_err(|error| Failure::file(&name, "write", &error))?;
    terminal.print(|out| writeln!(out, "wrote {name}"))?;
    Ok(Exit::Clean)
}

fn report(analysis: &Analysis, terminal: &Terminal) -> Result<(), Failure> {
    for (path, problem) in &analysis.unreadable {
        Failure::unreadable(path, problem).print(terminal);
    }
    let report = Report::plain(&analysis.graph, &analysis.findings, terminal.color);
    terminal.print(|out| Format::Pretty.write(&report, out))
}

/// The disk, with the draft where it is going to be.
struct Draft<'d> {
    path: String,
    text: &'d str,
    disk: &'d Disk,
}

impl Files for Draft<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReferenceProblem> {
        if path == self.path { Ok(self.text.as_bytes().to_vec()) } else { self.disk.read(path) }
    }
}
