//! The whole way from text to findings, with files in memory.

use std::collections::BTreeMap;

use tenon_checks::{Context, Profile, Settings};
use tenon_graph::{Graph, ReferenceProblem, Resolver, link};
use tenon_readers::{Files, Root, load, read_all};
use tenon_source::{Finding, Level};

use crate::case::{Case, Expected};

/// Files in memory, by path.
#[derive(Debug, Default)]
pub struct MemoryFiles(pub BTreeMap<String, Vec<u8>>);

impl Files for MemoryFiles {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReferenceProblem> {
        self.0.get(path).cloned().ok_or_else(|| ReferenceProblem::MissingFile(path.to_owned()))
    }
}

/// A graph and all findings about it.
#[derive(Debug)]
pub struct Outcome {
    /// The graph.
    pub graph: Graph,
    /// Findings of readers and rules, sorted by place.
    pub findings: Vec<Finding>,
}

/// Reads files and runs the rules for which `wanted` holds, at their level in the strict profile
/// if they are off otherwise.
///
/// `previous` holds the files before the change, if any.
#[must_use]
pub fn run_files(
    files: &MemoryFiles,
    previous: Option<&MemoryFiles>,
    wanted: &(dyn Fn(&str) -> bool + Sync),
) -> Outcome {
    let (graph, mut findings) = graph_of(files);
    let before = previous.map(|files| graph_of(files).0);
    let settings = Settings::default();
    let ctx = Context::new(&graph, before.as_ref(), &settings);
    let level = |rule: &tenon_checks::Rule| match rule.level(Profile::Recommended) {
        _ if !wanted(rule.code.id) => Level::Off,
        Level::Off => rule.level(Profile::Strict),
        level => level,
    };
    findings.extend(tenon_checks::run(&ctx, &level));
    findings.sort_by_key(|finding| (finding.place, finding.code.id));
    Outcome { graph, findings }
}

/// The graph of some files, with what was said while it was made.
#[must_use]
pub fn graph_of(files: &MemoryFiles) -> (Graph, Vec<Finding>) {
    let roots: Vec<Root> = files.0.keys().map(|path| Root { path: path.clone(), named: false }).collect();
    let mut loaded = load(&roots, files);
    let missing = std::mem::take(&mut loaded.missing);
    let parts = read_all(&loaded, &Resolver::new(&loaded.sources, missing));
    let (graph, findings) = link(loaded.sources, parts);
    loaded.findings.extend(findings);
    (graph, loaded.findings)
}

/// Runs a case. Only the rules with an id in `rules` run, or all if the case says `rules=all`;
/// findings of other codes than the expected and the wanted ones are left out.
///
/// # Errors
/// What differs, as text for a person.
pub fn run_case(case: &Case, rules: &[&str]) -> Result<(), String> {
    let marked: Vec<&str> = case.expected.iter().map(|expected| expected.rule.as_str()).collect();
    let wanted = |id: &str| case.all_rules || rules.contains(&id) || marked.contains(&id);
    let previous = (!case.previous.0.is_empty()).then_some(&case.previous);
    let outcome = run_files(&case.files, previous, &wanted);
    let sources = &outcome.graph.sources;
    let mut found: Vec<(Expected, String)> = outcome
        .findings
        .iter()
        .filter(|finding| wanted(finding.code.id))
        .filter_map(|finding| {
            let file = sources.get(finding.place.file)?;
            let expected = Expected {
                file: file.path.clone(),
                line: file.locate(finding.place.span.start).line,
                level: finding.level,
                rule: finding.code.id.to_owned(),
                words: String::new(),
            };
            Some((expected, finding.message.clone()))
        })
        .collect();
    let mut report = String::new();
    for expected in &case.expected {
        let hit = found.iter().position(|(finding, message)| finding.meets(expected, message));
        match hit {
            Some(index) => drop(found.remove(index)),
            None => report.push_str(&format!("  missing: {expected}\n")),
        }
    }
    for (finding, message) in &found {
        report.push_str(&format!("  not expected: {finding} {message}\n"));
    }
    if report.is_empty() { Ok(()) } else { Err(format!("{}\n{report}", case.title)) }
}
