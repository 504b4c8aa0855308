//! Gate `endpoint-status`: every endpoint has its mandatory fields, and a status that the scope
//! manifest agrees with.

use super::lines::{endpoint_of, field_of};
use super::report::GateReport;
use super::{Gate, GateInput, codes};

/// Version, fields, types, paths, roles and status.
const RULES: [&str; 7] = ["SC30", "SC31", "SC32", "SC36", "SC37", "SC38", "SC39"];

/// Fields whose types another gate judges.
const OF_OTHER_GATES: [&str; 5] =
    ["allowedMimeTypes", "maxSizeMb", "pagination", "paginationStrategy", "statusEnums"];

/// S4-188, S4-189, S4-286 to S4-290, S4-197.
pub(super) fn run(input: &GateInput<'_>) -> GateReport {
    let mut report = GateReport::new(Gate::EndpointStatus);
    if let Some(shape) = input.other_shape() {
        // One failure instead of five for each endpoint (S4-321).
        let message = format!("the contract is not service-contracts-v2 but the shape with {shape}");
        report.fail_plainly(input, &codes::OTHER_SHAPE, input.endpoints_at(), &message, None);
    }
    for finding in input.findings_of(&RULES) {
        if finding.code.id != "SC32" || !OF_OTHER_GATES.contains(&field_of(finding)) {
            report.adopt(input, finding);
        }
    }
    // Rule 6 is a rule of discipline, but a missing field is a missing field (S4-288).
    for finding in input.findings_of(&["SC06"]) {
        let contract = endpoint_of(input, finding).and_then(|endpoint| endpoint.get("serviceContract"));
        if contract.is_some_and(|contract| contract.get("acceptsBody").is_none()) {
            let label = finding.operation.as_deref().unwrap_or_default();
            let line = format!("{label} missing serviceContract.acceptsBody");
            report.issues.push(super::Issue { line, finding: finding.clone() });
        }
    }
    if input.facts().is_some_and(|facts| facts.scope.is_none()) {
        report
            .not_run
            .push("status and roles against the scope manifest: scope-manifest.json is missing".to_owned());
    }
    report
}
