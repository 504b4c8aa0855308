//! `tenon check`: [`Arguments`] is what was typed, [`plan::Plan`] what it means, [`pass`] one walk
//! from files to findings; `fix` and `watch` walk it more than once.

mod baseline;
mod fix;
pub mod pass;
pub mod plan;
mod watch;

use std::path::PathBuf;
use std::time::Instant;

use clap::ValueEnum;
use tenon_checks::scans::Scans;
use tenon_checks::{Context, Profile};
use tenon_source::Level;

use crate::Exit;
use crate::failure::{Failure, Outcome};
use crate::render::{FINDINGS_SHOWN_MAX, Format, Report};
use crate::terminal::Terminal;

use pass::Checked;
use plan::Plan;

/// `tenon check`, as typed.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Files and folders to check; `-` is standard input.
    #[arg(default_value = ".", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How to report.
    #[arg(long, value_enum, default_value_t = Format::Pretty, help_heading = "Report")]
    pub format: Format,
    /// Most findings that `pretty` and `markdown` show; 0 shows all.
    #[arg(long, value_name = "COUNT", default_value_t = FINDINGS_SHOWN_MAX, help_heading = "Report")]
    pub max_findings: usize,
    /// Least grave level that makes the exit status 1 [default: error].
    #[arg(long, value_enum, value_name = "LEVEL", help_heading = "Report")]
    pub fail_on: Option<FailOn>,
    /// Which rules run, and how strictly [default: recommended].
    #[arg(long, value_enum, help_heading = "Rules")]
    pub profile: Option<ProfileName>,
    /// Level of one rule, such as `OA012=off`; may be repeated.
    #[arg(long, value_name = "RULE=LEVEL", help_heading = "Rules")]
    pub rule: Vec<String>,
    /// Run only this rule, by id or name; may be repeated.
    #[arg(long, value_name = "RULE", help_heading = "Rules")]
    pub only: Vec<String>,
    /// Report only this operation, such as `POST /pets`.
    #[arg(long, value_name = "OPERATION", help_heading = "Rules")]
    pub endpoint: Option<String>,
    /// The same contracts before the change, for rules that compare.
    #[arg(long, value_name = "PATH", help_heading = "Rules")]
    pub against: Option<PathBuf>,
    /// List every rule with its level, and end.
    #[arg(long, help_heading = "Rules")]
    pub list_rules: bool,
    /// Configuration file [default: `tenon.toml` in or above the folder of the first path].
    #[arg(long, value_name = "FILE", help_heading = "Configuration")]
    pub config: Option<PathBuf>,
    /// Take rule levels from a `.spectral.yaml` or `redocly.yaml`.
    #[arg(long, value_name = "FILE", help_heading = "Configuration")]
    pub config_from: Option<PathBuf>,
    /// Report only findings that are not in this file.
    #[arg(long, value_name = "FILE", help_heading = "Configuration")]
    pub baseline: Option<PathBuf>,
    /// Write the findings to a file for `--baseline`, and report none.
    #[arg(long, value_name = "FILE", conflicts_with = "baseline", help_heading = "Configuration")]
    pub write_baseline: Option<PathBuf>,
    /// Mend what can be mended mechanically.
    #[arg(long, help_heading = "Change")]
    pub fix: bool,
    /// With `--fix`: show what would change, and change nothing.
    #[arg(long, requires = "fix", help_heading = "Change")]
    pub dry_run: bool,
    /// Check again whenever a file changes, until interrupted.
    #[arg(long, conflicts_with_all = ["fix", "write_baseline"], help_heading = "Change")]
    pub watch: bool,
    /// How to name standard input, and where its references start.
    #[arg(long, value_name = "PATH", help_heading = "Configuration")]
    pub stdin_path: Option<PathBuf>,
}

/// Names of the profiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProfileName {
    /// Only what makes a contract unusable.
    Minimal,
    /// What most teams want.
    Recommended,
    /// Everything.
    Strict,
}

impl From<ProfileName> for Profile {
    fn from(name: ProfileName) -> Self {
        match name {
            ProfileName::Minimal => Self::Minimal,
            ProfileName::Recommended => Self::Recommended,
            ProfileName::Strict => Self::Strict,
        }
    }
}

/// Levels that can fail a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors only.
    Error,
    /// Errors and warnings.
    Warning,
    /// Everything reported.
    Info,
}

impl From<FailOn> for Level {
    fn from(name: FailOn) -> Self {
        match name {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Info => Self::Info,
        }
    }
}

/// Checks and reports.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    let started = Instant::now();
    let plan = match Plan::of(arguments, terminal)? {
        plan::Planned::Plan(plan) => plan,
        plan::Planned::Unusable(unusable) => return report_unusable(*unusable, terminal),
    };
    if arguments.list_rules {
        return list_rules(&plan, terminal);
    }
    if arguments.watch {
        if plan.stdin.is_some() {
            return Err(Failure::usage(
                "standard input cannot be watched",
                "give `--watch` files or folders",
            ));
        }
        return watch::run(arguments, &plan, terminal);
    }
    if arguments.fix {
        if plan.stdin.is_some() {
            return Err(Failure::usage("standard input cannot be fixed", "give `--fix` files or folders"));
        }
        return fix::run(&plan, started, terminal);
    }
    let checked = pass::check(&plan, terminal)?;
    if let Some(path) = &plan.write_baseline {
        return baseline::write(path, &checked, terminal);
    }
    let ended = report(&plan, &checked, started, terminal);
    // The process ends: the system takes the memory back at once, value by value takes longer.
    std::mem::forget(checked);
    ended
}

/// Prints what was found in the format asked for.
fn report(plan: &Plan, checked: &Checked, started: Instant, terminal: &Terminal) -> Outcome {
    if plan.format == Format::Scans && checked.exit == Exit::Unusable {
        // A table about half a file would say PASS where nobody looked.
        let text = crate::render::excerpts(&checked.graph.sources, &checked.findings, terminal.color_errors);
        terminal.complain(&text);
        return Ok(Exit::Unusable);
    }
    let scans = if plan.format == Format::Scans { Some(scan(plan, checked)?) } else { None };
    let report = Report {
        graph: &checked.graph,
        findings: &checked.findings,
        suppressed: &checked.suppressed,
        suppressions: &checked.suppressions,
        known: checked.known.as_deref(),
        scans: scans.as_ref(),
        paths: &checked.paths,
        prints: None,
        title: "tenon check",
        summary: None,
        files: checked.files,
        broken: checked.broken,
        fail_on: plan.fail_on,
        elapsed: started.elapsed(),
        shown_max: plan.shown_max,
        shown_option: "--max-findings",
        color: terminal.color,
    };
    terminal.print(|out| plan.format.write(&report, out))?;
    // The table is judged by its own rows.
    Ok(match &scans {
        Some(scans) if scans.failed() => Exit::Findings,
        Some(_) => Exit::Clean,
        None => checked.exit,
    })
}

/// The scans of the service contracts that were read.
fn scan(plan: &Plan, checked: &Checked) -> Result<Scans, Failure> {
    let scans = tenon_checks::scans::run(&Context::new(&checked.graph, None, &plan.config.settings));
    if scans.contracts.is_empty() {
        return Err(Failure::usage(
            format!("there are no service contracts in {}", plan.shown_paths()),
            "scans are for `service-contracts-v2` files; give the folder that holds them and their manifests",
        ));
    }
    Ok(scans)
}

/// Shows what is wrong with a configuration as findings are shown; nothing was checked.
pub fn report_unusable(unusable: crate::config::Unusable, terminal: &Terminal) -> Outcome {
    let mut graph = tenon_graph::Graph::default();
    graph.sources.push(unusable.source);
    let mut findings = unusable.findings;
    findings.sort_by_key(|finding| finding.place);
    let text = crate::render::excerpts(&graph.sources, &findings, terminal.color_errors);
    terminal.complain(&text);
    Ok(Exit::Unusable)
}

/// One line a rule: id, level, name, summary.
fn list_rules(plan: &Plan, terminal: &Terminal) -> Outcome {
    terminal.print(|out| {
        for entry in crate::catalogue::ALL.values().filter(|entry| entry.effect.is_none()) {
            let level = plan.levels.of(entry).as_str();
            writeln!(out, "{:<6} {level:<8} {:<42} {}", entry.code.id, entry.code.name, entry.code.summary)?;
        }
        Ok(())
    })?;
    Ok(Exit::Clean)
}
