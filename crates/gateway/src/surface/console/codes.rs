//! Reason codes: the contracts', and the conditions of the gateway itself.

use serde_json::{Value, json};
use tenon_policies::{Condition, Refusal};

use super::Asked;
use crate::plan::contract::ContractPlan;
use crate::reply::Reply;

pub(super) fn page(asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let contracts: Vec<Value> = asked
        .plan
        .contracts
        .iter()
        .map(|contract| json!({ "name": contract.name, "codes": own(asked, contract) }))
        .collect();
    let built_in: Vec<Value> = Condition::ALL
        .iter()
        .map(|condition| {
            let facts = condition.facts();
            json!({
                "code": facts.name, "status": facts.http_status, "stage": facts.stage.as_str(),
                "retryable": facts.retryable, "message": facts.title,
            })
        })
        .collect();
    asked.page("codes.html", "Reason codes", json!({ "contracts": contracts, "built_in": built_in }))
}

fn own(asked: &Asked<'_>, contract: &ContractPlan) -> Vec<Value> {
    let stands_for = |code: &str| {
        let entries = asked.plan.graph.errors.iter().filter(|entry| entry.code.text == code);
        let names = entries.flat_map(|entry| entry.stands_for.iter().map(|name| name.text.as_str()));
        names.collect::<Vec<_>>().join(", ")
    };
    let row = |(code, facts): (&str, &crate::plan::catalogue::CodeFacts)| {
        json!({
            "code": code, "status": facts.status.as_u16(), "retryable": facts.retryable,
            "message": facts.message.as_deref().unwrap_or_default(), "for": stands_for(code),
        })
    };
    contract.catalogue.codes().map(row).collect()
}
