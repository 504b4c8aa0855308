//! Handlers that answer with examples: those of the contract, or values made from the schema, the
//! same for the same contract.

mod generate;

use http::StatusCode;
use serde_json::Value;
use tenon_policies::Refusal;
use tenon_schemas::Key;

use super::Work;
use crate::call::Call;
use crate::plan::Plan;
use crate::plan::operation::OperationPlan;

/// Status of a mock where the contract tells of no success.
const STATUS_DEFAULT: u16 = 200;

/// Answers with the first example of the first success.
pub(crate) fn answer(plan: &Plan, operation: &OperationPlan, call: &Call) -> Result<Work, Refusal> {
    let asked = preferred(call).and_then(|status| {
        let known = operation.replies.iter().find(|(known, _)| *known == status.to_string());
        known.map(|(_, key)| (status, *key))
    });
    let success = operation.replies.iter().find(|(status, _)| status.starts_with('2'));
    let usual = success.map(|(status, key)| (status.parse().unwrap_or(STATUS_DEFAULT), *key));
    let (status, key) = asked.or(usual).unwrap_or((STATUS_DEFAULT, None));
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    Ok(Work::new(status, key.map(|key| example(plan, key, false))))
}

/// `Prefer: code=404` asks for the example of another status, as in other mock servers.
fn preferred(call: &Call) -> Option<u16> {
    let prefer = call.header("prefer")?;
    prefer.split([',', ';']).find_map(|one| one.trim().strip_prefix("code=")?.trim().parse().ok())
}

/// An example that fits a schema: the contract's, or one that is made. `request` tells which way it
/// goes.
pub(crate) fn example(plan: &Plan, key: Key, request: bool) -> Value {
    let at = plan.graph.follow(key.at);
    let of_it = plan.graph.examples.iter().filter(|example| plan.graph.follow(example.schema) == at);
    let mut good = of_it
        .filter(|example| example.request != Some(!request) && plan.validators.is_valid(key, example.value));
    match good.next() {
        Some(example) => tenon_graph::to_value(plan.graph.node(example.value)),
        None => generate::value(plan, key),
    }
}
