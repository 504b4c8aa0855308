//! Findings as text, one file a format. A format is a line in [`Format`], a line in
//! [`Format::write`], and a file.

mod github;
mod gitlab;
mod json;
mod junit;
mod markdown;
mod place;
mod pretty;
mod sarif;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use clap::ValueEnum;
use serde::{Serialize, Serializer};
use tenon_checks::report::{Suppressed, Suppression};
use tenon_checks::scans::Scans;
use tenon_graph::Graph;
use tenon_source::{Code, Finding, Level, Place, Sources};

pub use json::Findings;

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
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for test reports.
    Junit,
    /// Workflow commands that annotate a pull request on GitHub.
    Github,
    /// A Code Quality report for GitLab.
    Gitlab,
    /// A table for a comment or a summary.
    Markdown,
    /// The 18 scans of service contracts and their result, as a table.
    Scans,
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
            Self::Sarif => sarif::write(report, out),
            Self::Junit => junit::write(report, out),
            Self::Github => github::write(report, out),
            Self::Gitlab => gitlab::write(report, out),
            Self::Markdown => markdown::write(report, out),
            Self::Scans => report.scans.map_or(Ok(()), |scans| out.write_all(scans.table().as_bytes())),
        }
    }
}

/// Fingerprints by what tells findings apart.
pub type Prints = BTreeMap<(Place, &'static str, String), String>;

/// What tells a finding apart from others.
#[must_use]
pub fn print_key(finding: &Finding) -> (Place, &'static str, String) {
    (finding.place, finding.code.id, finding.message.clone())
}

/// What is reported.
pub struct Report<'r> {
    /// The contracts.
    pub graph: &'r Graph,
    /// The findings, sorted by place.
    pub findings: &'r [Finding],
    /// Findings set aside.
    pub suppressed: &'r [Suppressed],
    /// What set them aside.
    pub suppressions: &'r [Suppression],
    /// Findings that the baseline knows, if there is one.
    pub known: Option<&'r [Finding]>,
    /// The scans of service contracts, where they were asked for.
    pub scans: Option<&'r Scans>,
    /// Each file's path from the project's folder, by its id.
    pub paths: &'r [String],
    /// Fingerprints that findings have beside what would be made for them.
    pub prints: Option<&'r Prints>,
    /// The command that reports.
    pub title: &'r str,
    /// What is said at the end, in place of how much was found in how many files.
    pub summary: Option<&'r str>,
    /// How many files were read.
    pub files: usize,
    /// How many of them no rule judged, because they could not be read whole.
    pub broken: usize,
    /// The least grave level that fails the run.
    pub fail_on: Level,
    /// How long it took.
    pub elapsed: Duration,
    /// Most findings that formats for people show.
    pub shown_max: usize,
    /// The option that sets it.
    pub shown_option: &'static str,
    /// Whether colours are shown.
    pub color: bool,
}

impl<'r> Report<'r> {
    /// A report of findings alone, for people: nothing suppressed, nothing known.
    #[must_use]
    pub fn plain(graph: &'r Graph, findings: &'r [Finding], color: bool) -> Self {
        Self {
            graph,
            findings,
            suppressed: &[],
            suppressions: &[],
            known: None,
            scans: None,
            paths: &[],
            prints: None,
            title: "tenon check",
            summary: None,
            files: graph.file_count(),
            broken: 0,
            fail_on: Level::Error,
            elapsed: Duration::ZERO,
            shown_max: FINDINGS_SHOWN_MAX,
            shown_option: "--max-findings",
            color,
        }
    }

    /// How many findings have a level.
    fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.level == level).count()
    }

    /// A fingerprint for each finding.
    fn fingerprints(&self, findings: &[Finding]) -> Vec<String> {
        let own: Vec<String>;
        let paths = if self.paths.is_empty() {
            own = self.graph.sources.iter().map(|(_, file)| file.path.clone()).collect();
            &own
        } else {
            self.paths
        };
        let mut prints = tenon_checks::report::fingerprints(findings, paths);
        for (finding, print) in findings.iter().zip(&mut prints) {
            let known = self.prints.and_then(|prints| prints.get(&print_key(finding)));
            if let Some(known) = known {
                print.clone_from(known);
            }
        }
        prints
    }

    /// What is said at the end: how much was found, and where.
    fn closing(&self) -> String {
        if let Some(summary) = self.summary {
            return summary.to_owned();
        }
        let aside = self.aside();
        let aside = if aside.is_empty() { String::new() } else { format!("; {aside}") };
        format!("{} in {}{aside}", self.said(), self.read())
    }

    /// How many findings each rule has, the gravest first.
    fn by_rule(&self) -> Vec<(Level, &'static Code, usize)> {
        let mut counts: BTreeMap<(std::cmp::Reverse<Level>, &str), (&'static Code, usize)> = BTreeMap::new();
        for finding in self.findings {
            let key = (std::cmp::Reverse(finding.level), finding.code.id);
            counts.entry(key).or_insert((finding.code, 0)).1 += 1;
        }
        counts.into_iter().map(|((level, _), (code, count))| (level.0, code, count)).collect()
    }

    /// How many findings of each level there are, in words.
    fn said(&self) -> String {
        let levels = [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Info, "note")];
        let said: Vec<String> = levels
            .iter()
            .map(|(level, noun)| (self.count(*level), noun))
            .filter(|(count, _)| *count > 0)
            .map(|(count, noun)| counted(count, noun))
            .collect();
        if said.is_empty() { "nothing to report".to_owned() } else { said.join(", ") }
    }

    /// What was read, in words.
    fn read(&self) -> String {
        let graph = self.graph;
        let parts = [
            (graph.operations.len(), "operation"),
            (graph.events.len(), "event"),
            (graph.schemas.len(), "schema"),
        ];
        let parts: Vec<String> =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, noun)| counted(*count, noun)).collect();
        let files = counted(self.files, "file");
        if parts.is_empty() { files } else { format!("{files} ({})", parts.join(", ")) }
    }

    /// What is not reported and why, in words; empty if that is nothing.
    fn aside(&self) -> String {
        let mut parts = Vec::new();
        if self.broken > 0 {
            parts
                .push(format!("{} cannot be read whole, so no rule judged it", counted(self.broken, "file")));
        }
        if !self.suppressed.is_empty() {
            parts.push(format!("{} suppressed", self.suppressed.len()));
        }
        if let Some(known) = self.known {
            parts.push(format!("{} known from the baseline", known.len()));
        }
        parts.join(", ")
    }
}

/// Findings as people see them, without a summary.
#[must_use]
pub fn excerpts(sources: &Sources, findings: &[Finding], color: bool) -> String {
    let mut out = Vec::new();
    // Writing to memory does not fail.
    let _ = pretty::write_excerpts(sources, findings.iter(), color, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// A count with its noun: `1 error`, `2 errors`.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// A list that is made while it is written, so that a long one is never held twice.
struct Listed<I>(RefCell<I>);

impl<I> Listed<I> {
    fn new(items: I) -> Self {
        Self(RefCell::new(items))
    }
}

impl<I: Iterator<Item: Serialize>> Serialize for Listed<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.borrow_mut().by_ref())
    }
}
