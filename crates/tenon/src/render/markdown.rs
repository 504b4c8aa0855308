//! Markdown for a comment or a job's summary: counts by rule, then the findings.

use std::io::{self, Write};

use super::Report;
use super::place::Locator;

/// Writes the report.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## {}\n", report.title)?;
    writeln!(out, "{}.", report.closing())?;
    if report.findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n| count | level | rule | finds |\n|--:|---|---|---|")?;
    for (level, code, count) in report.by_rule() {
        writeln!(
            out,
            "| {count} | {} | `{}` {} | {} |",
            level.as_str(),
            code.id,
            code.name,
            cell(code.summary)
        )?;
    }
    writeln!(out, "\n| level | rule | place | what |\n|---|---|---|---|")?;
    let mut locator = Locator::new(&report.graph.sources);
    for finding in report.findings.iter().take(report.shown_max) {
        let Some((file, range)) = locator.locate(finding.place) else { continue };
        let place = format!("{}:{}:{}", file.path, range.start.line, range.start.column);
        let help = finding.help.as_deref().map(|help| format!("<br>{}", cell(help))).unwrap_or_default();
        let what = cell(&finding.message);
        writeln!(
            out,
            "| {} | `{}` | `{}` | {what}{help} |",
            finding.level.as_str(),
            finding.code.id,
            cell(&place)
        )?;
    }
    if report.findings.len() > report.shown_max {
        let rest = report.findings.len() - report.shown_max;
        writeln!(out, "\n{rest} more are not shown; `{} 0` shows all.", report.shown_option)?;
    }
    Ok(())
}

/// Text for a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace(['\r', '\n'], " ")
}
