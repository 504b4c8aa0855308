//! Parts to one graph: the single sequential step.

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use tenon_source::{Finding, Sources};

use crate::{Example, Graph, Keywords, Part};

/// Joins the parts, in the order given, into one graph. Returns the readers' findings too.
#[must_use]
pub fn link(sources: Sources, parts: Vec<Part>) -> (Graph, Vec<Finding>) {
    let mut graph = Graph { sources, ..Graph::default() };
    let mut findings = Vec::new();
    for part in parts {
        let first = graph.operations.len();
        graph.operations.extend(part.operations);
        if let Some(document) = part.document {
            graph.operations_by_file.insert(document.file, first..graph.operations.len());
            graph.documents.push(document);
        }
        graph.apis.extend(part.apis);
        graph.events.extend(part.events);
        graph.schemas.extend(part.schemas);
        graph.examples.extend(part.examples);
        graph.contracts.extend(part.contracts);
        graph.errors.extend(part.errors);
        graph.entities.extend(part.entities);
        graph.services.extend(part.services);
        graph.scopes.extend(part.scopes);
        graph.data_models.extend(part.data_models);
        graph.env_manifests.extend(part.env_manifests);
        graph.api_manifests.extend(part.api_manifests);
        graph.event_manifests.extend(part.event_manifests);
        graph.targets.reserve(part.references.len());
        for reference in &part.references {
            if let Ok(target) = reference.target {
                graph.targets.insert(reference.at, target);
            }
        }
        graph.references.extend(part.references);
        findings.extend(part.findings);
    }
    // A file that two documents refer to is walked for each of them.
    graph.references.sort_by_key(|reference| reference.at);
    graph.references.dedup_by_key(|reference| reference.at);
    graph.schemas.sort_by_key(|schema| schema.at);
    graph.schemas.dedup_by_key(|schema| schema.at);
    let same = |example: &Example| (example.value, example.schema);
    graph.examples.sort_by_key(same);
    graph.examples.dedup_by_key(|example| same(example));
    if graph.sources.len() > 1 {
        let mut said = FxHashSet::default();
        findings.retain(|finding: &Finding| {
            said.insert((finding.place, finding.code.id, finding.message.clone()))
        });
    }
    // A pure function of each schema: worth both cores on a document with 100,000 of them.
    let sources = &graph.sources;
    graph.keywords = graph.schemas.par_iter().map(|schema| Keywords::of(sources.node(schema.at))).collect();
    (graph, findings)
}
