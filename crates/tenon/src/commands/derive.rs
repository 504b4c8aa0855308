//! `tenon derive`: service contracts from a scope manifest, a data model and an environment
//! manifest.
//!
//! The order is the specification's: a draft, all 18 scans over it, the table, and only then the
//! file. A draft that fails is shown with its findings and delivered to nobody. The table is kept
//! beside the file with the file's hash; `--verify` holds a delivery to it.

use std::path::{Path, PathBuf};

use tenon_checks::{Context, Profile, Settings, scans};
use tenon_emitters::{service_contracts, verification};
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
    #[arg(long, value_name = "FILE", required_unless_present = "verify")]
    pub scope: Option<PathBuf>,
    /// The data model (data-relationships).
    #[arg(long, value_name = "FILE", required_unless_present = "verify")]
    pub data: Option<PathBuf>,
    /// The environment manifest.
    #[arg(long, value_name = "FILE")]
    pub env: Option<PathBuf>,
    /// Where to write; `service-contracts.json` beside the scope manifest if not given.
    #[arg(short, long, value_name = "FILE", conflicts_with = "stdout")]
    pub output: Option<PathBuf>,
    /// Print the contracts instead of writing a file.
    #[arg(long)]
    pub stdout: bool,
    /// Verify a delivery: its table is there, is of this file, and all its rows hold today.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["scope", "data", "env", "output", "stdout"])]
    pub verify: Option<PathBuf>,
}

/// Derives, verifies, then delivers.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    if let Some(delivery) = &arguments.verify {
        return verify(delivery, terminal);
    }
    let manifests: Vec<PathBuf> =
        [&arguments.scope, &arguments.data, &arguments.env].into_iter().flatten().cloned().collect();
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

    let beside = arguments.scope.clone().unwrap_or_default().with_file_name(OUTPUT_NAME);
    let output = arguments.output.clone().unwrap_or(beside);
    let draft = Draft { path: display(&output), text: &text, disk: &disk };
    roots.push(Root { path: draft.path.clone(), named: true });
    let (checked, table) = scan(&roots, &draft);
    if checked.findings.iter().any(|finding| finding.level == Level::Error) {
        report(&checked, terminal)?;
        terminal.complain(&table);
        terminal.complain("the draft does not pass; nothing was written\n");
        return Ok(Exit::Findings);
    }
    deliver(&output, &text, &table, arguments.stdout, terminal)
}

/// Reads the files and holds the contract among them to every rule. Gives the table too.
fn scan(roots: &[Root], files: &dyn Files) -> (Analysis, String) {
    let mut checked = analyse(roots, files);
    let settings = Settings::default();
    let ctx = Context::new(&checked.graph, None, &settings);
    let found = tenon_checks::run(&ctx, &|rule| rule.level(Profile::Recommended));
    let table = scans::run(&ctx).table();
    checked.findings.extend(found);
    checked.findings.sort_by(|a, b| (a.place, a.code.id, &a.message).cmp(&(b.place, b.code.id, &b.message)));
    (checked, table)
}

/// The table first, then the file, and beside it the table with the file's hash.
fn deliver(output: &Path, text: &str, table: &str, stdout: bool, terminal: &Terminal) -> Outcome {
    if stdout {
        terminal.complain(table);
        terminal.print(|out| out.write_all(text.as_bytes()))?;
        return Ok(Exit::Clean);
    }
    terminal.print(|out| out.write_all(table.as_bytes()))?;
    let evidence = evidence_path(output);
    let name = output.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let record = verification::record(&name, text.as_bytes(), table);
    for (path, text) in [(output, text), (evidence.as_path(), record.as_str())] {
        let shown = display(path);
        std::fs::write(path, text).map_err(|error| Failure::file(&shown, "write", &error))?;
        terminal.print(|out| out.write_all(format!("wrote {shown}\n").as_bytes()))?;
    }
    Ok(Exit::Clean)
}

/// Holds a delivered file to the table beside it.
fn verify(delivery: &Path, terminal: &Terminal) -> Outcome {
    let shown = display(delivery);
    let bytes = std::fs::read(delivery).map_err(|error| Failure::file(&shown, "read", &error))?;
    let evidence = evidence_path(delivery);
    let record = std::fs::read_to_string(&evidence).unwrap_or_default();
    let path = delivery.to_path_buf();
    let (checked, table) =
        scan(&[Root { path: shown.clone(), named: true }], &Disk::new(std::slice::from_ref(&path)));
    let failed = checked.findings.iter().any(|finding| finding.level == Level::Error);
    let problem = match verification::problem(&record, &bytes, &table) {
        Some(problem) => Some(format!("{}: {problem}", display(&evidence))),
        None if failed => Some("it does not pass its rules".to_owned()),
        None => None,
    };
    match problem {
        Some(problem) => {
            if failed {
                report(&checked, terminal)?;
            }
            terminal.complain(&format!("{shown} is rejected: {problem}\n"));
            Ok(Exit::Findings)
        }
        None => {
            terminal
                .print(|out| out.write_all(format!("{table}{shown} is as it was delivered\n").as_bytes()))?;
            Ok(Exit::Clean)
        }
    }
}

/// `service-contracts.json` has its table in `service-contracts.verification.md`.
fn evidence_path(output: &Path) -> PathBuf {
    output.with_extension("verification.md")
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
