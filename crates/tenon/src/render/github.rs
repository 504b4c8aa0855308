//! GitHub workflow commands: a line a finding, which GitHub shows beside the changed lines.

use std::io::{self, Write};

use tenon_source::Level;

use super::Report;
use super::place::Locator;

/// Writes the report.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut locator = Locator::new(&report.graph.sources);
    for finding in report.findings {
        let Some((file, range)) = locator.locate(finding.place) else { continue };
        let command = match finding.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Info | Level::Off => "notice",
        };
        let title = format!("{} {}", finding.code.id, finding.code.name);
        write!(out, "::{command} file={},line={}", property(&file.path), range.start.line)?;
        write!(out, ",endLine={},col={}", range.end.line, range.start.column)?;
        // Columns over several lines would be read as columns of the first.
        if range.start.line == range.end.line {
            write!(out, ",endColumn={}", range.end.column)?;
        }
        write!(out, ",title={}::{}", property(&title), message(&finding.message))?;
        for note in &finding.notes {
            write!(out, "%0A{}", message(note))?;
        }
        if let Some(help) = &finding.help {
            write!(out, "%0Ahelp: {}", message(help))?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", report.closing())
}

/// A message: line breaks and `%` would end it or be read as an escape.
fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property: `,` and `:` would end it.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{message, property};

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(message("100%\r\nsure: yes, ::error::"), "100%25%0D%0Asure: yes, ::error::");
        assert_eq!(property("a,b:c%"), "a%2Cb%3Ac%25");
    }
}
