//! The walk of `tenon check`: files ▸ trees ▸ parts ▸ graph ▸ findings.

use tenon_graph::{Graph, Resolver, link};
use tenon_readers::{Files, Root, load, read_all};
use tenon_source::Finding;

/// A graph, with all that was said while it was made.
#[derive(Debug)]
pub struct Analysis {
    /// The contracts.
    pub graph: Graph,
    /// Findings of the parsers and readers.
    pub findings: Vec<Finding>,
    /// Files asked for that could not be read, with the reason.
    pub unreadable: Vec<(String, tenon_graph::ReferenceProblem)>,
}

/// Reads files into a graph.
#[must_use]
pub fn analyse(roots: &[Root], files: &dyn Files) -> Analysis {
    let mut loaded = load(roots, files);
    let missing = std::mem::take(&mut loaded.missing);
    let parts = read_all(&loaded, &Resolver::new(&loaded.sources, missing));
    let mut findings = loaded.findings;
    let (graph, said) = link(loaded.sources, parts);
    findings.extend(said);
    Analysis { graph, findings, unreadable: loaded.unreadable }
}
