//! `tenon verify`: what was agreed, held to what is there.
//!
//! What a file says of itself tells what is done with it: a milestone is judged ([`milestones`]), a
//! scenario is run ([`scenario`]), and a URL is held to a contract ([`conformance`]). [`own`] starts the gateway that scenarios run against where no
//! URL is given; [`repository`] lets a milestone ask this program for files, rules, commands and
//! tables; [`evidence`] writes and checks the folder a run leaves behind.

mod against;
mod blocks;
mod conformance;
mod dump;
mod evidence;
mod facts;
mod junit;
pub mod milestones;
mod own;
mod process;
mod repository;
mod scenario;
mod show;

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use tenon_source::{FileId, SourceFile};

use crate::failure::{Failure, Outcome};
use crate::terminal::Terminal;

/// `tenon verify`, as typed.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A milestone, scenarios (`*.scenario.yaml`), or, with `--against`, contracts that whatever is
    /// at the URL is held to.
    #[arg(value_name = "FILE", required_unless_present_any = ["check", "keygen"])]
    pub files: Vec<PathBuf>,
    /// What to ask over HTTP, and who asks.
    #[command(flatten)]
    pub against: against::Arguments,
    /// How far an implementation is examined.
    #[command(flatten)]
    pub conformance: conformance::Arguments,
    /// What is done with a milestone and with its evidence.
    #[command(flatten)]
    pub milestones: MilestoneArguments,
    /// How to print [default: `pretty`; of a milestone `json` where standard output is no terminal].
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

/// What is done with a milestone and with its evidence, as typed.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct MilestoneArguments {
    /// Print one table of the milestone instead, such as `packages`, `gaps` or `approvals`.
    #[arg(long, value_name = "TABLE", help_heading = "Milestones")]
    pub show: Option<String>,
    /// Write the documents of the milestone before it is judged.
    #[arg(long, help_heading = "Milestones")]
    pub write_documents: bool,
    /// Folder of the evidence; `KIND/NAME/TIME` and `KIND/NAME/latest` are made in it.
    #[arg(long, value_name = "DIR", default_value = "artifacts", help_heading = "Evidence")]
    pub artifacts: PathBuf,
    /// Write no evidence.
    #[arg(long, conflicts_with = "key", help_heading = "Evidence")]
    pub no_evidence: bool,
    /// Sign the evidence with this private key: Ed25519, PKCS#8 in PEM.
    #[arg(long, value_name = "FILE", help_heading = "Evidence")]
    pub key: Option<PathBuf>,
    /// Check an evidence folder, with nothing but what is in it and a public key.
    #[arg(long, value_name = "DIR", help_heading = "Evidence",
        conflicts_with_all = ["files", "show", "write_documents", "key", "keygen", "against"])]
    pub check: Option<PathBuf>,
    /// With `--check`: the key the evidence must be signed with, PEM.
    #[arg(long, value_name = "FILE", requires = "check", help_heading = "Evidence")]
    pub public_key: Option<PathBuf>,
    /// Make a key: the private half in FILE, the public half in FILE.pub.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["files", "check"], help_heading = "Evidence")]
    pub keygen: Option<PathBuf>,
}

/// Output formats of `tenon verify`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Pretty,
    /// Stable JSON.
    Json,
    /// JUnit XML, of scenarios and examinations.
    Junit,
}

/// Does what the files say.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    let piped = if terminal.shown { Format::Pretty } else { Format::Json };
    if let Some(path) = &arguments.milestones.keygen {
        return evidence::make_key(path, terminal);
    }
    if let Some(folder) = &arguments.milestones.check {
        let format = arguments.format.unwrap_or(Format::Pretty);
        return evidence::check(folder, arguments.milestones.public_key.as_deref(), format, terminal);
    }
    if arguments.against.against.is_some() && !any_scenario(&arguments.files)? {
        let format = arguments.format.unwrap_or(Format::Pretty);
        let (files, against) = (&arguments.files, &arguments.against);
        return conformance::run(files, against, &arguments.conformance, format, terminal);
    }
    match arguments.files.as_slice() {
        [alone] if !is_scenario(alone)? => {
            milestones::run(alone, arguments, arguments.format.unwrap_or(piped), terminal)
        }
        files => {
            if let Some(other) = files
                .iter()
                .map(|file| Ok((file, is_scenario(file)?)))
                .collect::<Result<Vec<_>, _>>()?
                .into_iter()
                .find(|(_, scenario)| !scenario)
            {
                return Err(Failure::usage(
                    format!("{} is no scenario", crate::disk::shown(other.0)),
                    "several files may be named where all are scenarios; a milestone is verified alone",
                ));
            }
            scenario::run(files, &arguments.against, arguments.format.unwrap_or(Format::Pretty), terminal)
        }
    }
}

fn any_scenario(files: &[PathBuf]) -> Result<bool, Failure> {
    for file in files.iter().filter(|file| !file.is_dir()) {
        if is_scenario(file)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a file is a scenario: it says so, or is named as one.
fn is_scenario(file: &Path) -> Result<bool, Failure> {
    if file.to_string_lossy().contains(".scenario.") {
        return Ok(true);
    }
    let bytes = milestones::read(file)?;
    let (source, _) = SourceFile::parse(FileId(0), &crate::disk::shown(file), bytes);
    Ok(tenon_verify::scenario::is_scenario(source.tree.root()))
}
