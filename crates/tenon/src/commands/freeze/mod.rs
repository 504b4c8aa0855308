//! `tenon freeze`: writes `tenon.lock`, or says what drifted from it, with the changes behind it.

mod behind;

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use tenon_checks::lock::findings as findings_of;
use tenon_graph::freeze::{Aspect, BlockKind, Lock, drift, freeze};
use tenon_source::{Finding, Level, SourceFile, Sources};

use crate::Exit;
use crate::commands::check::pass::calm_strangers;
use crate::commands::diff::inputs::{is_usable, is_wanted};
use crate::config::{self, Config};
use crate::disk;
use crate::failure::{Failure, Outcome};
use crate::frozen::{self, FILE_NAME, Frozen};
use crate::pipeline::{Analysis, analyse};
use crate::render::{self, Report, counted};
use crate::terminal::{Progress, Terminal};
use crate::versions::{self, Version};

/// `tenon freeze`, as typed.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Folder of the contracts, or a single one; `tenon.lock` stands in that folder.
    #[arg(default_value = ".", value_name = "PATH")]
    pub path: PathBuf,
    /// Write nothing: fail if anything is not what the lock says.
    #[arg(long)]
    pub check: bool,
    /// With `--check`: the version that was frozen, to show the changes behind each drift
    /// [default: the commit that wrote the lock, where there is one].
    #[arg(long, value_name = "VERSION", requires = "check")]
    pub against: Option<String>,
    /// With `--check`: how to report.
    #[arg(long, value_enum, default_value_t = Format::Pretty, requires = "check")]
    pub format: Format,
    /// Freeze a list of RPCs anew although it differs from the one that was frozen.
    #[arg(long, conflicts_with = "check")]
    pub unlock: bool,
    /// Configuration file [default: `tenon.toml` in or above the folder].
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Output formats of `tenon freeze --check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Pretty,
    /// Stable, versioned JSON, as `tenon check` writes it.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for test reports.
    Junit,
    /// Workflow commands that annotate a pull request on GitHub.
    Github,
    /// A Code Quality report for GitLab.
    Gitlab,
    /// A table for a comment or a summary.
    Markdown,
}

/// Freezes or checks.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    let progress = Progress::start(terminal, "reading");
    let config = match config::load(arguments.config.as_deref(), &arguments.path)? {
        Ok(config) => config,
        Err(unusable) => return super::check::report_unusable(*unusable, terminal),
    };
    let folder = versions::folder_of(&arguments.path);
    let locked = match frozen::read(&folder)? {
        Some(Err(unusable)) => return super::check::report_unusable(*unusable, terminal),
        Some(Ok(frozen)) => Some(frozen),
        None => None,
    };
    let Some((version, analysis)) = read(&arguments.path, &config, terminal)? else {
        return Ok(Exit::Unusable);
    };
    progress.stage("hashing");
    match (arguments.check, locked) {
        (false, locked) => write(arguments, &folder, locked, &version, analysis, terminal),
        (true, Some(frozen)) if frozen.lock.is_vacant() => Err(Failure::usage(
            format!("nothing is frozen in {}", frozen.source.path),
            "it only pins what was generated; `tenon freeze` freezes the contracts too",
        )),
        (true, Some(frozen)) => check(arguments, &config, &frozen, &version, analysis, terminal),
        (true, None) => Err(Failure::usage(
            format!("there is no {FILE_NAME} in {}", disk::shown(&folder)),
            "`tenon freeze` writes one",
        )),
    }
}

/// The contracts at a path; `None` where one could not be read, which was said.
fn read(path: &Path, config: &Config, terminal: &Terminal) -> Result<Option<(Version, Analysis)>, Failure> {
    let wanted = |folder: &Path, path: &str| is_wanted(config, folder, path);
    let version = versions::open_path(path, &wanted)?;
    let mut analysis = analyse(&version.roots, version.files.as_ref());
    calm_strangers(&version.roots, &mut analysis);
    if !is_usable(&version, &analysis, terminal) {
        return Ok(None);
    }
    if analysis.is_vacant() {
        return Err(Failure::nothing_to_check(&version.name, version.roots.len()));
    }
    Ok(Some((version, analysis)))
}

fn write(
    arguments: &Arguments,
    folder: &Path,
    locked: Option<Frozen>,
    version: &Version,
    mut analysis: Analysis,
    terminal: &Terminal,
) -> Outcome {
    let (mut lock, places) = freeze(&analysis.graph, frozen::tool(), &str::to_owned);
    if let Some(frozen) = &locked {
        // What was generated stays pinned: `tenon gen` looks after it.
        lock.outputs.clone_from(&frozen.lock.outputs);
        lock.numbers.clone_from(&frozen.lock.numbers);
    }
    if let Some(frozen) = locked.as_ref().filter(|_| !arguments.unlock) {
        let mut drifts = drift(&frozen.lock, &lock);
        drifts.retain(|drift| drift.aspect == Aspect::Rpcs);
        if !drifts.is_empty() {
            let file = analysis.graph.sources.push(copy(&frozen.source));
            let findings = findings_of(&analysis.graph, &drifts, &places, file);
            let sources = name(std::mem::take(&mut analysis.graph.sources), version, &frozen.source.path);
            terminal.complain(&render::excerpts(&sources, &findings, terminal.color_errors));
            return Ok(Exit::Findings);
        }
    }
    let path = folder.join(FILE_NAME);
    let shown = disk::relative_to_current(&path);
    let text = tenon_emitters::lock::write(&lock);
    if locked.is_some_and(|frozen| frozen.source.text() == text) {
        terminal.complain(&format!("{shown} is up to date: {}\n", said(&lock)));
        return Ok(Exit::Clean);
    }
    disk::write(&path, text.as_bytes())?;
    terminal.complain(&format!("wrote {shown}: {}\n", said(&lock)));
    Ok(Exit::Clean)
}

/// What is frozen, in words.
fn said(lock: &Lock) -> String {
    let count = |kind| lock.blocks.iter().filter(|block| block.kind == kind).count();
    let families = match count(BlockKind::Family) {
        0 => String::new(),
        1 => ", 1 schema family".to_owned(),
        count => format!(", {count} schema families"),
    };
    let pins = match lock.pins.len() {
        0 => String::new(),
        count => format!(", {}", counted(count, "pinned tool")),
    };
    format!("{}{families}{pins}", counted(count(BlockKind::Contract), "contract"))
}

fn check(
    arguments: &Arguments,
    config: &Config,
    frozen: &Frozen,
    version: &Version,
    analysis: Analysis,
    terminal: &Terminal,
) -> Outcome {
    let mut graph = analysis.graph;
    let is_whole = arguments.path.is_dir();
    let wanted = |drift: &tenon_graph::freeze::Drift| is_whole || frozen::is_present(drift);
    let mut drifted = frozen::compare(&mut graph, frozen, &str::to_owned, &wanted);
    if !drifted.drifts.is_empty() {
        let notes = behind::explain(arguments, config, frozen, &graph, &mut drifted)?;
        for note in notes {
            terminal.complain(&format!("{}: {note}\n", terminal.paint_help("note")));
        }
    }
    graph.sources = name(std::mem::take(&mut graph.sources), version, &frozen.source.path);
    let mut findings: Vec<Finding> = drifted.findings;
    findings.retain_mut(|finding| {
        let set = config.levels.iter().rev().find(|(id, _)| *id == finding.code.id);
        finding.level = set.map_or(finding.level, |(_, level)| *level);
        finding.level != Level::Off
    });
    findings.sort_by(|a, b| (a.place, a.code.id, &a.message).cmp(&(b.place, b.code.id, &b.message)));
    let lock = disk::relative_to_current(&frozen.folder.join(FILE_NAME));
    let summary = match findings.len() {
        0 => format!("nothing drifted from {lock}: {}", said(&frozen.lock)),
        count => format!("{} from {lock}", counted(count, "drift")),
    };
    let report = Report {
        title: "tenon freeze --check",
        summary: Some(&summary),
        ..Report::plain(&graph, &findings, terminal.color)
    };
    let format = match arguments.format {
        Format::Pretty => render::Format::Pretty,
        Format::Json => render::Format::Json,
        Format::Sarif => render::Format::Sarif,
        Format::Junit => render::Format::Junit,
        Format::Github => render::Format::Github,
        Format::Gitlab => render::Format::Gitlab,
        Format::Markdown => render::Format::Markdown,
    };
    terminal.print(|out| format.write(&report, out))?;
    let failed = findings.iter().any(|finding| finding.level == Level::Error);
    Ok(if failed { Exit::Findings } else { Exit::Clean })
}

/// Files named as people call them; the lock is named so already.
fn name(sources: Sources, version: &Version, lock: &str) -> Sources {
    let mut named = Sources::default();
    for mut file in sources.into_files() {
        if file.path != lock {
            file.path = version.display(&file.path);
        }
        named.push(file);
    }
    named
}

fn copy(source: &SourceFile) -> SourceFile {
    SourceFile::text_only(&source.path, source.text().to_owned())
}
