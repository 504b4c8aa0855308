//! `tenon check`.

use std::path::PathBuf;
use std::time::Instant;

use clap::ValueEnum;
use tenon_checks::{Context, Profile, Settings};
use tenon_source::Level;

use crate::Exit;
use crate::disk::{self, Disk};
use crate::failure::{Failure, Outcome};
use crate::pipeline::analyse;
use crate::render::{FINDINGS_SHOWN_MAX, Format, Report};
use crate::terminal::Terminal;

/// `tenon check`, as typed.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Files and folders to check.
    #[arg(default_value = ".", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How to report.
    #[arg(long, value_enum, default_value_t = Format::Pretty)]
    pub format: Format,
    /// Which rules run, and how strictly.
    #[arg(long, value_enum)]
    pub profile: Option<ProfileName>,
    /// Most findings that `pretty` and `markdown` show; 0 shows all.
    #[arg(long, value_name = "COUNT", default_value_t = FINDINGS_SHOWN_MAX)]
    pub max_findings: usize,
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

/// Checks and reports.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    let started = Instant::now();
    let roots = disk::find(&arguments.paths)?;
    let analysis = analyse(&roots, &Disk::new(&arguments.paths));
    if analysis.is_vacant() {
        let paths: Vec<String> = arguments.paths.iter().map(|path| disk::shown(path)).collect();
        return Err(Failure::nothing_to_check(&paths.join(", "), roots.len()));
    }
    for (path, problem) in &analysis.unreadable {
        Failure::unreadable(path, problem).print(terminal);
    }
    let profile = arguments.profile.map_or(Profile::Recommended, Profile::from);
    let settings = Settings::default();
    let ctx = Context::new(&analysis.graph, None, &settings);
    let mut findings = analysis.findings;
    findings.extend(tenon_checks::run(&ctx, &|rule| rule.level(profile)));
    findings.sort_by(|a, b| (a.place, a.code.id, &a.message).cmp(&(b.place, b.code.id, &b.message)));
    let failed = findings.iter().any(|finding| finding.level == Level::Error);
    let report = Report {
        graph: &analysis.graph,
        findings: &findings,
        elapsed: started.elapsed(),
        shown_max: if arguments.max_findings == 0 { usize::MAX } else { arguments.max_findings },
        color: terminal.color,
    };
    terminal.print(|out| arguments.format.write(&report, out))?;
    Ok(match (analysis.unreadable.is_empty(), failed) {
        (false, _) => Exit::Unusable,
        (true, true) => Exit::Findings,
        (true, false) => Exit::Clean,
    })
}
