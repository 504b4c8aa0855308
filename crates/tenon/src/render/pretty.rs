//! For people.

use super::Report;

/// Prints one line a finding.
pub fn print(report: &Report<'_>) {
    for finding in report.findings {
        let Some(file) = report.graph.sources.get(finding.place.file) else { continue };
        let at = file.locate(finding.place.span.start);
        let level = finding.level.as_str();
        let id = finding.code.id;
        anstream::println!("{}:{}:{}: {level}[{id}]: {}", file.path, at.line, at.column, finding.message);
    }
    anstream::println!("{} findings", report.findings.len());
}
