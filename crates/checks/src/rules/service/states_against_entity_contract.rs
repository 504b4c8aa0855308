//! SC48 `states-against-entity-contract`.

use tenon_graph::service::StatusEnum;
use tenon_source::{At, Code, Finding, Level, Node};

use crate::facts::service::services;
use crate::facts::words::fold;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC48",
        name: "states-against-entity-contract",
        summary: "A status enum contradicts the states of the scope manifest's entity contract",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("states_against_entity_contract.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        let Some(scope) = facts.scope else { continue };
        for one in &facts.contract.status_enums {
            let Some(name) = &one.name else { continue };
            let of_entity =
                scope.entity_contracts.iter().find(|(entity, _)| fold(&entity.text) == fold(&name.text));
            let Some((_, declared)) = of_entity else { continue };
            let contract = facts.graph.node(*declared);
            for (at, message) in differences(one, contract) {
                out.push(
                    facts
                        .finding(&RULE.code, at, message)
                        .with_related(
                            facts.graph.sources.place(contract_place(*declared, contract)),
                            "declared here",
                        )
                        .with_help(
                            "make the status enum and `entityContracts` of the scope manifest the same",
                        ),
                );
            }
        }
    }
}

fn contract_place(at: At, contract: Node<'_>) -> At {
    let member = contract.get("stateTransitions").or_else(|| contract.get("states"));
    member.map_or(at, |member| At { file: at.file, node: member.id() })
}

fn differences(one: &StatusEnum, contract: Node<'_>) -> Vec<(At, String)> {
    let mut out = Vec::new();
    if let Some(states) = contract.get("states").filter(|list| list.is_array()) {
        let states: Vec<&str> = states.items().filter_map(|state| state.as_str()).collect();
        for value in one.allowed_values.iter().filter(|value| !states.contains(&value.text.as_str())) {
            out.push((value.at, format!("the entity contract has no state `{}`", value.text)));
        }
        let has = |state: &str| one.allowed_values.iter().any(|value| value.text == state);
        out.extend(states.iter().filter(|state| !has(state)).map(|state| {
            (one.at, format!("the entity contract has the state `{state}`, and the status enum has not"))
        }));
    }
    if let Some(transitions) = contract.get("stateTransitions").filter(|list| list.is_array()) {
        let allowed: Vec<(&str, &str)> = transitions.items().flat_map(steps).collect();
        let declared = one.transitions.iter().filter_map(|step| Some((step.from.as_ref()?, &step.to)));
        for (from, to) in declared.flat_map(|(from, all)| all.iter().map(move |to| (from, to))) {
            if !allowed.contains(&(from.text.as_str(), to.text.as_str())) {
                let message =
                    format!("the entity contract has no transition from `{}` to `{}`", from.text, to.text);
                out.push((to.at, message));
            }
        }
        for (from, to) in allowed {
            let is_declared = one.transitions.iter().any(|step| {
                step.from.as_ref().is_some_and(|name| name.text == from)
                    && step.to.iter().any(|name| name.text == to)
            });
            if !is_declared {
                let message = format!(
                    "the entity contract has the transition from `{from}` to `{to}`, and the status enum has not"
                );
                out.push((one.at, message));
            }
        }
    }
    out
}

/// `{from, to}` with one state or a list of them at either side.
fn steps<'t>(entry: Node<'t>) -> Vec<(&'t str, &'t str)> {
    let side = |key: &str| -> Vec<&'t str> {
        let Some(value) = entry.get(key) else { return Vec::new() };
        value.as_str().into_iter().chain(value.items().filter_map(|item| item.as_str())).collect()
    };
    let to = side("to");
    side("from")
        .into_iter()
        .flat_map(|from| to.iter().map(move |to| (from, *to)).collect::<Vec<_>>())
        .collect()
}
