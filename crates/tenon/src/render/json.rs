//! Stable JSON, version 1 (design.md).

use std::io::Write;

use serde::Serialize;
use tenon_source::Level;

use super::Report;

#[derive(Serialize)]
struct Output<'r> {
    version: u32,
    summary: Summary,
    findings: Vec<Item<'r>>,
}

#[derive(Serialize)]
struct Summary {
    files: usize,
    operations: usize,
    events: usize,
    schemas: usize,
    errors: usize,
    warnings: usize,
    elapsed_ms: u64,
}

#[derive(Serialize)]
struct Item<'r> {
    rule: &'r str,
    name: &'r str,
    level: &'r str,
    message: &'r str,
    file: &'r str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    pointer: Option<&'r str>,
    operation: Option<&'r str>,
    help: Option<&'r str>,
    aliases: &'r [&'r str],
}

/// Prints the report to standard output.
pub fn print(report: &Report<'_>) {
    let count = |level| report.findings.iter().filter(|finding| finding.level == level).count();
    let graph = report.graph;
    let summary = Summary {
        files: graph.sources.len(),
        operations: graph.operations.len(),
        events: graph.events.len(),
        schemas: graph.schemas.len(),
        errors: count(Level::Error),
        warnings: count(Level::Warning),
        elapsed_ms: u64::try_from(report.elapsed.as_millis()).unwrap_or(u64::MAX),
    };
    let findings = report.findings.iter().filter_map(|finding| {
        let file = graph.sources.get(finding.place.file)?;
        let (start, end) = (file.locate(finding.place.span.start), file.locate(finding.place.span.end));
        Some(Item {
            rule: finding.code.id,
            name: finding.code.name,
            level: finding.level.as_str(),
            message: &finding.message,
            file: &file.path,
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            pointer: finding.pointer.as_deref(),
            operation: finding.operation.as_deref(),
            help: finding.help.as_deref(),
            aliases: finding.code.aliases,
        })
    });
    let output = Output { version: 1, summary, findings: findings.collect() };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    // A reader that went away early, such as `head`, is no error of ours.
    let _ = serde_json::to_writer_pretty(&mut out, &output);
    let _ = writeln!(out);
}
