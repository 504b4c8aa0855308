//! JUnit XML: a suite a file, a case a finding; a file without findings is a case that passes.

use std::io::{self, Write};

use tenon_source::{FileId, Finding};

use super::Report;
use super::place::Locator;

/// Writes the report. Findings below the failing level are cases that pass, with their words as
/// output.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let suites = suites(report);
    let fails = |finding: &&Finding| finding.level >= report.fail_on;
    let tests: usize = suites.iter().map(|(_, findings)| findings.len().max(1)).sum();
    let failures = report.findings.iter().filter(fails).count();
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, r#"<testsuites name="tenon" tests="{tests}" failures="{failures}" errors="0">"#)?;
    let mut locator = Locator::new(&report.graph.sources);
    for (file, findings) in suites {
        let path = report.graph.sources.get(file).map_or("", |file| file.path.as_str());
        let path = escape(path);
        let failures = findings.iter().copied().filter(fails).count();
        let tests = findings.len().max(1);
        writeln!(out, r#"  <testsuite name="{path}" tests="{tests}" failures="{failures}" errors="0">"#)?;
        if findings.is_empty() {
            writeln!(out, r#"    <testcase classname="{path}" name="nothing to report"/>"#)?;
        }
        for finding in findings {
            write_case(finding, &path, fails(&finding), &mut locator, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// The files that are contracts or have findings, each with its findings, in order.
fn suites<'r>(report: &'r Report<'_>) -> Vec<(FileId, Vec<&'r Finding>)> {
    let mut suites: std::collections::BTreeMap<FileId, Vec<&Finding>> = report
        .graph
        .documents
        .iter()
        .filter(|document| document.kind != tenon_graph::DocumentKind::Fragment)
        .map(|document| (document.file, Vec::new()))
        .collect();
    for finding in report.findings {
        suites.entry(finding.place.file).or_default().push(finding);
    }
    suites.into_iter().collect()
}

fn write_case(
    finding: &Finding,
    path: &str,
    fails: bool,
    locator: &mut Locator<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some((_, range)) = locator.locate(finding.place) else { return Ok(()) };
    let at = range.start;
    let (id, name) = (finding.code.id, finding.code.name);
    let (line, column) = (at.line, at.column);
    writeln!(
        out,
        r#"    <testcase classname="{path}" name="{id} {name} at {line}:{column}" line="{line}">"#
    )?;
    let message = escape(&finding.message);
    let level = finding.level.as_str();
    let notes: String = finding.notes.iter().map(|note| format!("\n{}", escape(note))).collect();
    let help = finding.help.as_deref().map(|help| format!("\nhelp: {}", escape(help))).unwrap_or_default();
    let text = format!("{path}:{line}:{column}: {level}[{id}]: {message}{notes}{help}");
    if fails {
        writeln!(out, r#"      <failure type="{id}" message="{message}">{text}</failure>"#)?;
    } else {
        writeln!(out, "      <system-out>{text}</system-out>")?;
    }
    writeln!(out, "    </testcase>")
}

/// Text for XML: markup is escaped, and characters XML cannot have are replaced.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '\u{0}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn what_xml_cannot_hold_is_replaced() {
        assert_eq!(escape("<a href=\"x\">&\u{1}\n"), "&lt;a href=&quot;x&quot;&gt;&amp;\u{FFFD}&#10;");
    }
}
