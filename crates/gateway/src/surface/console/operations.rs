//! The operations, one line each.

use serde_json::{Value, json};
use tenon_policies::Refusal;

use super::{Asked, shown};
use crate::plan::operation::OperationPlan;
use crate::reply::Reply;

pub(super) fn page(asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let mut contracts: Vec<(String, Vec<Value>)> = Vec::new();
    for operation in &asked.plan.operations {
        let name = &operation.contract.name;
        match contracts.iter_mut().find(|(known, _)| known == name) {
            Some((_, rows)) => rows.push(row(operation)),
            None => contracts.push((name.clone(), vec![row(operation)])),
        }
    }
    let contracts: Vec<Value> =
        contracts.into_iter().map(|(name, rows)| json!({ "name": name, "operations": rows })).collect();
    asked.page("operations.html", "Operations", json!({ "contracts": contracts }))
}

fn row(operation: &OperationPlan) -> Value {
    json!({
        "id": operation.id,
        "link": shown::segment(&operation.id),
        "method": operation.http.method.as_str(),
        "path": operation.http.path.text,
        "summary": operation.summary.as_deref().unwrap_or_default(),
        "public": operation.public,
        "actors": operation.access.actors.as_deref().unwrap_or_default(),
        "scopes": operation.access.scopes,
    })
}
