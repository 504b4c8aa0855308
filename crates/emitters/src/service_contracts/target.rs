//! Service contracts v2 as a target: derived from manifests, copied where they are written, or made of
//! the operations of other formats.

use serde_json::{Map, Value, json};
use tenon_graph::service::ServiceDialect;
use tenon_graph::{Graph, OperationKind, to_value};

use super::{derive, operations};
use crate::text;
use crate::{Emission, Input, Refusal};

/// Name of the file.
const FILE: &str = "service-contracts.json";

/// Records on a page where nothing is asked for, and at most (seed 004, section 3).
const PAGE_SIZES: (u64, u64) = (20, 100);

/// The document as a target.
pub(crate) fn target(input: &Input<'_>) -> Result<Emission, Refusal> {
    let graph = input.graph;
    let own = graph.services.iter().find(|services| services.dialect == ServiceDialect::V2);
    if let Some(services) = own {
        return Ok(Emission::file(FILE, text::json(&to_value(graph.node(services.root)))));
    }
    if let Ok(text) = derive(graph) {
        return Ok(Emission::file(FILE, text));
    }
    let mut notes = Vec::new();
    let endpoints = operations::endpoints(graph, &mut notes);
    if endpoints.is_empty() {
        return Err(Refusal::Nothing { lacks: "operation with an HTTP binding" });
    }
    let mut root = Map::new();
    root.insert("$schema".into(), json!("service-contracts-v2"));
    root.insert("routeConvention".into(), json!("tokenScoped"));
    root.insert("paginationStrategy".into(), json!("rootInheritance"));
    let (size, most) = PAGE_SIZES;
    root.insert(
        "pagination".into(),
        json!({ "maxPageSize": most, "defaultPageSize": size, "enforcement": "clamp" }),
    );
    if endpoints.iter().any(super::endpoint::Endpoint::is_deferred) {
        root.insert("deferredRouteHandling".into(), json!("excludeFromRegistration"));
    }
    let enums = status_enums(graph);
    if !enums.is_empty() {
        root.insert("statusEnums".into(), Value::Array(enums));
    }
    root.insert("endpointExclusions".into(), json!([]));
    root.insert("endpoints".into(), endpoints.iter().map(super::endpoint::Endpoint::to_json).collect());
    let others =
        graph.operations.iter().filter(|one| one.kind == OperationKind::Offered && one.http.is_none());
    if others.count() > 0 {
        notes.push("operations without an HTTP binding have no place in service contracts".to_owned());
    }
    Ok(Emission { notes, ..Emission::file(FILE, text::json(&Value::Object(root))) })
}

/// The states of entities.
fn status_enums(graph: &Graph) -> Vec<Value> {
    let with_states = graph.entities.iter().filter(|entity| !entity.states.is_empty());
    let entry = |entity: &tenon_graph::Entity| {
        let states = text::texts(&entity.states);
        let reached = |state: &str| {
            let mut from =
                entity.transitions.iter().filter(|one| one.to.iter().any(|to| to.as_str() == state));
            from.next().map_or("Initial state".to_owned(), |one| format!("Comes after {}", one.from.as_str()))
        };
        let transitions: Vec<Value> = entity
            .transitions
            .iter()
            .map(|one| json!({ "from": one.from.as_str(), "to": text::texts(&one.to) }))
            .collect();
        let semantics: Map<String, Value> =
            states.iter().map(|state| ((*state).to_owned(), reached(state).into())).collect();
        json!({
            "name": entity.name.as_str(),
            "statusField": entity.status_field.as_ref().map_or("status", |name| name.as_str()),
            "allowedValues": states,
            "transitions": transitions,
            "semantics": semantics,
        })
    };
    with_states.map(entry).collect()
}
