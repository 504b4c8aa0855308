//! A Code Quality report as GitLab reads it.

use std::io::{self, Write};

use serde::Serialize;
use tenon_source::Level;

use super::place::Locator;
use super::{Listed, Report};

#[derive(Serialize)]
struct Issue<'r> {
    description: &'r str,
    check_name: &'r str,
    fingerprint: &'r str,
    severity: &'static str,
    location: Location<'r>,
}

#[derive(Serialize)]
struct Location<'r> {
    path: &'r str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Writes the report.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let prints = report.fingerprints(report.findings);
    let mut locator = Locator::new(&report.graph.sources);
    let issues = report.findings.iter().zip(&prints).filter_map(|(finding, fingerprint)| {
        let (file, range) = locator.locate(finding.place)?;
        Some(Issue {
            description: &finding.message,
            check_name: finding.code.id,
            fingerprint,
            severity: match finding.level {
                Level::Error => "major",
                Level::Warning => "minor",
                Level::Info | Level::Off => "info",
            },
            location: Location {
                path: &file.path,
                lines: Lines { begin: range.start.line, end: range.end.line },
            },
        })
    });
    serde_json::to_writer_pretty(&mut *out, &Listed::new(issues))?;
    writeln!(out)
}
