//! `tenon reuse`: where the same schema is written twice; the reuse matrix and its registers.
//!
//! [`families`] shows what is written twice, [`tables`] makes each table, [`formats`] writes it.

mod documents;
mod families;
mod formats;
pub mod tables;

use std::path::PathBuf;

use clap::Parser;
use tenon_checks::facts::reuse::{Families, THRESHOLD};

use super::check;
use super::check::pass;
use super::check::plan::{Plan, Planned};
use crate::failure::{Failure, Outcome};
use crate::terminal::Terminal;
use crate::{Exit, catalogue};

use families::FAMILIES_SHOWN_MAX;
use formats::Format;
use tables::TableName;

/// `tenon reuse`, as typed.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Files and folders.
    #[arg(default_value = ".", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Pretty)]
    pub format: Format,
    /// What to print [default: the families, and in other formats than `pretty` the matrix].
    #[arg(long, value_enum, value_name = "TABLE")]
    pub table: Option<TableName>,
    /// Print the representation mapping: JSON Schema to protobuf and back.
    #[arg(long, conflicts_with = "table")]
    pub mapping: bool,
    /// Write the documents of the register into a folder.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["table", "mapping"])]
    pub write: Option<PathBuf>,
    /// With `--write`: put the dependency matrix into the document of the delta register.
    #[arg(long, requires = "write")]
    pub fold: bool,
    /// Least part of their members' names and types that two schemas share to be near-duplicates,
    /// above 0 and up to 1 [default: 0.8].
    #[arg(long, value_name = "PART", value_parser = part)]
    pub similarity: Option<f64>,
    /// Most families that `pretty` shows; 0 shows all.
    #[arg(long, value_name = "COUNT", default_value_t = FAMILIES_SHOWN_MAX)]
    pub max_families: usize,
    /// Configuration file [default: `tenon.toml` in or above the folder of the first path].
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// A number above 0 and up to 1.
fn part(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "it is no number".to_owned())?;
    let is_part = number > 0.0 && number <= 1.0;
    is_part.then_some(number).ok_or_else(|| "it must be above 0 and at most 1, such as 0.8".to_owned())
}

/// The rules this command runs: those about reuse and provenance.
const AREAS: &[&str] = &["RE", "PR"];

/// Arguments of `tenon check`, which reads the same files in the same way.
#[derive(Debug, Parser)]
struct Checking {
    #[command(flatten)]
    check: check::Arguments,
}

/// Reads, finds families, holds the register to its rules, prints.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    let mut plan = match plan(arguments, terminal)? {
        Planned::Plan(plan) => plan,
        Planned::Unusable(unusable) => return check::report_unusable(*unusable, terminal),
    };
    if arguments.similarity.is_some() {
        plan.config.settings.similarity = arguments.similarity;
    }
    let checked = pass::check(&plan, terminal)?;
    let threshold = plan.config.settings.similarity.unwrap_or(THRESHOLD);
    let families = Families::of(&checked.graph, threshold);
    let found = tables::Found { graph: &checked.graph, families: &families, files: checked.files };
    match &arguments.write {
        Some(folder) if checked.exit != Exit::Unusable => {
            documents::write(&found, folder, arguments.fold, terminal)?;
        }
        Some(_) => {}
        None => print(arguments, &found, terminal)?,
    }
    let text = crate::render::excerpts(&checked.graph.sources, &checked.findings, terminal.color_errors);
    terminal.complain(&text);
    let exit = checked.exit;
    // The process ends: the system takes the memory back at once, value by value takes longer.
    std::mem::forget((checked, families));
    Ok(exit)
}

fn print(arguments: &Arguments, found: &tables::Found<'_>, terminal: &Terminal) -> Result<(), Failure> {
    let shown_max = if arguments.max_families == 0 { usize::MAX } else { arguments.max_families };
    let plain = match arguments.format {
        Format::Pretty => TableName::Families,
        _ => TableName::Matrix,
    };
    let asked = if arguments.mapping { Some(TableName::Mapping) } else { arguments.table };
    let table = asked.unwrap_or(plain);
    terminal.print(|out| match (arguments.format, table) {
        (Format::Json, _) => formats::json(found, asked, out),
        (Format::Pretty, TableName::Mapping) => formats::pretty_mapping(&found.tables(table), out),
        (Format::Pretty, TableName::Families) => families::pretty(found, shown_max, terminal.color, out),
        (Format::Pretty, table) => formats::pretty(&found.tables(table), out),
        (Format::Markdown, table) => formats::markdown(&found.tables(table), out),
        (Format::Csv, table) => formats::csv(&found.tables(table), out),
    })
}

/// The same files as `tenon check` would read, and only the rules of this area.
fn plan(arguments: &Arguments, terminal: &Terminal) -> Result<Planned, Failure> {
    let mut checking = Checking::try_parse_from(["tenon"]).map_err(Failure::bug)?;
    checking.check.paths.clone_from(&arguments.paths);
    checking.check.config.clone_from(&arguments.config);
    let ids = catalogue::ALL.values().filter(|entry| entry.is_rule).map(|entry| entry.code.id);
    checking.check.only =
        ids.filter(|id| AREAS.iter().any(|area| id.starts_with(area))).map(str::to_owned).collect();
    Plan::of(&checking.check, terminal)
}
