//! Findings as text, one file a format. A format is a line in [`Format`], a line in
//! [`Format::write`], and a file.

mod json;
mod place;
mod pretty;

pub use json::Findings;

use std::io::{self, Write};
use std::time::Duration;

use clap::ValueEnum;
use tenon_graph::Graph;
use tenon_source::{Finding, Level};

/// Most findings that formats for people show unless told otherwise, a count: more than anyone
/// reads at once, and each costs an excerpt. Formats for programs always have all.
pub const FINDINGS_SHOWN_MAX: usize = 100;

/// Output formats of `tenon check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: source excerpts, related places, help.
    Pretty,
    /// Stable, versioned JSON.
    Json,
}

impl Format {
    /// Writes the report in this format.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn write(self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Pretty => pretty::write(report, out),
            Self::Json => json::write(report, out),
        }
    }
}

/// What is reported.
pub struct Report<'r> {
    /// The contracts.
    pub graph: &'r Graph,
    /// The findings, sorted by place.
    pub findings: &'r [Finding],
    /// How long it took.
    pub elapsed: Duration,
    /// Most findings that formats for people show.
    pub shown_max: usize,
    /// Whether colours are shown.
    pub color: bool,
}

impl Report<'_> {
    /// How many findings have a level.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.level == level).count()
    }
}

/// A count with its noun: `1 error`, `2 errors`.
fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
