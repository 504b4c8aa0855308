//! Stable JSON, version 1: the fields of design.md and no others.

use std::cell::RefCell;
use std::io::{self, Write};

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use tenon_source::{Finding, Level, Sources};

use super::Report;
use super::place::Locator;

#[derive(Serialize)]
struct Output<'r> {
    version: u32,
    summary: Summary,
    findings: Findings<'r>,
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

/// Findings as the member `findings` of any output: written one after the other, so that a long
/// list is never held twice.
pub struct Findings<'r> {
    findings: &'r [Finding],
    locator: RefCell<Locator<'r>>,
}

impl<'r> Findings<'r> {
    /// Findings about these sources.
    #[must_use]
    pub fn new(findings: &'r [Finding], sources: &'r Sources) -> Self {
        Self { findings, locator: RefCell::new(Locator::new(sources)) }
    }
}

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for finding in self.findings {
            let Some((file, range)) = self.locator.borrow_mut().locate(finding.place) else { continue };
            list.serialize_element(&Item {
                rule: finding.code.id,
                name: finding.code.name,
                level: finding.level.as_str(),
                message: &finding.message,
                file: &file.path,
                line: range.start.line,
                column: range.start.column,
                end_line: range.end.line,
                end_column: range.end.column,
                pointer: finding.pointer.as_deref(),
                operation: finding.operation.as_deref(),
                help: finding.help.as_deref(),
                aliases: finding.code.aliases,
            })?;
        }
        list.end()
    }
}

/// Writes the report.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let graph = report.graph;
    let summary = Summary {
        files: report.files,
        operations: graph.operations.len(),
        events: graph.events.len(),
        schemas: graph.schemas.len(),
        errors: report.count(Level::Error),
        warnings: report.count(Level::Warning),
        elapsed_ms: u64::try_from(report.elapsed.as_millis()).unwrap_or(u64::MAX),
    };
    let findings = Findings::new(report.findings, &graph.sources);
    serde_json::to_writer_pretty(&mut *out, &Output { version: 1, summary, findings })?;
    writeln!(out)
}
