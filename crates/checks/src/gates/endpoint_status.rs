//! Gate `endpoint-status`: every endpoint has its mandatory fields, and a status that the scope
//! manifest agrees with.

use tenon_source::At;

use super::report::{Endpoint, GateReport, kind_of};
use super::{Gate, GateInput, codes, fields, words};

/// S4-188, S4-189, S4-286 to S4-290, S4-197.
pub(super) fn run(input: &GateInput<'_>) -> GateReport {
    let mut report = GateReport::new(Gate::EndpointStatus);
    let endpoints = input.endpoints();
    schema_name(input, &mut report);
    let own_names = other_shape(input, &mut report);
    for endpoint in &endpoints {
        if !endpoint.node.is_object() {
            let message = format!("is {}, not an object", kind_of(endpoint.node));
            report.fail(input, &codes::ENDPOINT_FIELD, endpoint, endpoint.at, &message);
            continue;
        }
        for problem in fields::problems(endpoint.node, own_names) {
            let at = endpoint.place(problem.node);
            report.fail(input, &codes::ENDPOINT_FIELD, endpoint, at, &problem.message);
        }
        out_of_scope(input, endpoint, &mut report);
    }
    // `endpoints: []` would pass every check above (A004-43).
    if !endpoints.iter().any(|endpoint| endpoint.node.get_str("status") == Some("required")) {
        let message = "the contract has no endpoint with status required";
        report.fail_plainly(input, &codes::NO_REQUIRED_ENDPOINT, input.endpoints_at(), message, None);
    }
    if input.scope().is_none() {
        report.not_run.push("status against the scope manifest: no scope-manifest.json was given".to_owned());
    }
    report
}

/// S4-32.
fn schema_name(input: &GateInput<'_>, report: &mut GateReport) {
    const SCHEMA: &str = "service-contracts-v2";
    let name = input.root().get("$schema");
    if name.and_then(|name| name.as_str()) == Some(SCHEMA) {
        return;
    }
    let shown = name.map_or("missing", |name| name.as_str().unwrap_or_else(|| kind_of(name)));
    let at = name.map_or(input.root_at(), |name| At { file: input.contract, node: name.id() });
    let message = format!("$schema is {shown}, not {SCHEMA}");
    report.fail_plainly(input, &codes::ENDPOINT_FIELD, at, &message, None);
}

/// One failure for a contract of another shape, instead of five for each endpoint (S4-321).
/// Returns whether the fields bear the names of version 2.
fn other_shape(input: &GateInput<'_>, report: &mut GateReport) -> bool {
    let Some(shape) = input.other_shape() else { return true };
    let message = format!("the contract is not service-contracts-v2 but the shape with {shape}");
    report.fail_plainly(input, &codes::OTHER_SHAPE, input.endpoints_at(), &message, None);
    false
}

/// An entity of `deferredEntities` has deferred endpoints only, one of `requiredEntities` none
/// that is deferred without a word in `notes` (S4-27).
fn out_of_scope(input: &GateInput<'_>, endpoint: &Endpoint<'_>, report: &mut GateReport) {
    let Some(scope) = input.scope() else { return };
    let Some(path) = endpoint.node.get_str("path") else { return };
    let status = endpoint.node.get("status");
    let Some(text) = status.and_then(|status| status.as_str()) else { return };
    // The last entity in the path is what the endpoint is about; those before it hold it.
    let entity = words::segments(path).into_iter().rev().find_map(|segment| {
        let named = |names: &[tenon_graph::Name]| {
            names.iter().find(|name| words::same_entity(&name.text, segment)).map(|name| name.text.clone())
        };
        let deferred = named(&scope.deferred_entities).map(|name| (name, "deferred"));
        deferred.or_else(|| named(&scope.required_entities).map(|name| (name, "required")))
    });
    let at = status.map_or(endpoint.at, |status| endpoint.place(status));
    match (entity, text) {
        (Some((name, "deferred")), "required") => {
            let message =
                format!("has status required, but {name} is in deferredEntities of the scope manifest");
            report.fail(input, &codes::STATUS_OUT_OF_SCOPE, endpoint, at, &message);
        }
        (Some((name, "required")), "deferred")
            if endpoint.contract_str("notes").is_none_or(|notes| notes.trim().is_empty()) =>
        {
            let message = format!(
                "has status deferred without notes that say why, but {name} is in requiredEntities of the scope manifest"
            );
            report.fail(input, &codes::STATUS_OUT_OF_SCOPE, endpoint, at, &message);
        }
        _ => {}
    }
}
