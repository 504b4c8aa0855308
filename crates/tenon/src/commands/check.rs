//! `tenon check`.

use std::time::Instant;

use tenon_checks::{Context, Profile, Settings};
use tenon_source::Level;

use crate::Exit;
use crate::cli::{CheckArguments, Format, ProfileName};
use crate::disk::{self, Disk};
use crate::pipeline::analyse;
use crate::render::{self, Report};

/// Checks and reports.
pub fn run(arguments: &CheckArguments) -> Exit {
    let started = Instant::now();
    let roots = disk::find(&arguments.paths);
    let analysis = analyse(&roots, &Disk::new(&arguments.paths));
    for (path, problem) in &analysis.unreadable {
        anstream::eprintln!("error: cannot read {path}: {problem:?}");
    }
    let profile = match arguments.profile {
        Some(ProfileName::Minimal) => Profile::Minimal,
        Some(ProfileName::Strict) => Profile::Strict,
        Some(ProfileName::Recommended) | None => Profile::Recommended,
    };
    let settings = Settings::default();
    let ctx = Context { graph: &analysis.graph, previous: None, settings: &settings };
    let mut findings = analysis.findings;
    findings.extend(tenon_checks::run(&ctx, &|rule| rule.level(profile)));
    findings.sort_by(|a, b| (a.place, a.code.id, &a.message).cmp(&(b.place, b.code.id, &b.message)));
    let failed = findings.iter().any(|finding| finding.level == Level::Error);
    let report = Report { graph: &analysis.graph, findings: &findings, elapsed: started.elapsed() };
    match arguments.format {
        Format::Pretty => render::pretty::print(&report),
        Format::Json => render::json::print(&report),
    }
    match (analysis.unreadable.is_empty(), failed) {
        (false, _) => Exit::Unusable,
        (true, true) => Exit::Findings,
        (true, false) => Exit::Clean,
    }
}
