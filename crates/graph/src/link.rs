//! Parts to one graph: the single sequential step.

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use tenon_source::{FileId, Finding, Sources};

use crate::{Example, Governance, Graph, Keywords, Operation, Part, RpcBinding};

/// Joins the parts, in the order given, into one graph. Returns the readers' findings too.
#[must_use]
pub fn link(sources: Sources, parts: Vec<Part>) -> (Graph, Vec<Finding>) {
    let mut graph = Graph { sources, ..Graph::default() };
    let mut findings = Vec::new();
    let mut overlays = Vec::new();
    for part in parts {
        let first = graph.operations.len();
        graph.operations.extend(part.operations);
        if let Some(document) = part.document {
            graph.operations_by_file.insert(document.file, first..graph.operations.len());
            graph.documents.push(document);
        }
        overlays.extend(part.overlays);
        graph.apis.extend(part.apis);
        graph.async_apis.extend(part.async_apis);
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
        graph.buf_modules.extend(part.buf_modules);
        graph.codegen_manifests.extend(part.codegen_manifests);
        if let Some(protobuf) = part.protobuf {
            graph.protobuf = *protobuf;
        }
        graph.reuse_registers.extend(part.reuse_registers);
        graph.pin_manifests.extend(part.pin_manifests);
        graph.targets.reserve(part.references.len());
        for reference in &part.references {
            if let Ok(target) = reference.target {
                graph.targets.insert(reference.at, target);
            }
        }
        graph.references.extend(part.references);
        findings.extend(part.findings);
    }
    // What Protobuf files declare stands in the graph now.
    graph.sources.drop_proto_syntax();
    for (said, files) in overlays {
        overlay(&mut graph, said, &files);
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

/// Adds what a contract says to the operation it is said about: the one of the governed files
/// with the same RPC, the same id, or else with the same method and path.
fn overlay(graph: &mut Graph, said: Operation, files: &[FileId]) {
    let id = said.id.as_ref().map(|id| id.text.as_str());
    let route = said.http.as_ref().map(|http| (http.method.clone(), http.normal_path()));
    let rpc = said.rpc.as_ref().map(RpcBinding::path);
    let same_rpc = |other: &Operation| rpc.is_some() && other.rpc.as_ref().map(RpcBinding::path) == rpc;
    let same_id = |other: &Operation| id.is_some() && other.id.as_ref().map(|id| id.text.as_str()) == id;
    let same_route = |other: &Operation| {
        route.is_some() && other.http.as_ref().map(|http| (http.method.clone(), http.normal_path())) == route
    };
    let find = |same: &dyn Fn(&Operation) -> bool| {
        graph.operations.iter().position(|other| files.contains(&other.file) && same(other))
    };
    let found = find(&same_rpc).or_else(|| find(&same_id)).or_else(|| find(&same_route));
    match found.and_then(|index| graph.operations.get_mut(index)) {
        Some(operation) => add_facts(&mut operation.governance, said.governance),
        None => graph.unmatched.push(said),
    }
}

/// What is said in the operation's own file counts; the contract says the rest.
fn add_facts(own: &mut Governance, said: Governance) {
    own.declared |= said.declared;
    own.auth_required = own.auth_required.or(said.auth_required);
    own.actors = own.actors.take().or(said.actors);
    own.scopes = own.scopes.take().or(said.scopes);
    own.role = own.role.take().or(said.role);
    own.tenancy = own.tenancy.take().or(said.tenancy);
    own.idempotency = own.idempotency.take().or(said.idempotency);
    own.consent = own.consent.take().or(said.consent);
    own.usage = own.usage.take().or(said.usage);
    own.rate_class = own.rate_class.take().or(said.rate_class);
    own.reason_codes = own.reason_codes.take().or(said.reason_codes);
    own.emits = own.emits.take().or(said.emits);
    own.side_effects = own.side_effects.take().or(said.side_effects);
    own.facade_of = own.facade_of.take().or(said.facade_of);
    own.entity = own.entity.take().or(said.entity);
    own.tier = own.tier.take().or(said.tier);
    own.owner = own.owner.take().or(said.owner);
    own.deprecation = own.deprecation.take().or(said.deprecation);
    own.stage = own.stage.take().or(said.stage);
    own.traces = own.traces.take().or(said.traces);
    own.forbids = own.forbids.take().or(said.forbids);
    own.serving = own.serving.take().or(said.serving);
}
