//! The walk of `tenon check`: files ▸ trees ▸ parts ▸ graph ▸ findings.

use tenon_graph::{Document, DocumentKind, Graph, Resolver, link};
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

impl Analysis {
    /// Whether there was nothing to check: no contract, nothing wrong with a file, nothing that
    /// could not be read.
    #[must_use]
    pub fn is_vacant(&self) -> bool {
        let is_contract = |document: &Document| document.kind != DocumentKind::Fragment;
        self.unreadable.is_empty()
            && self.findings.is_empty()
            && !self.graph.documents.iter().any(is_contract)
    }
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
