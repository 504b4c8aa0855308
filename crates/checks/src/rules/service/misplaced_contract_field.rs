//! SC35 `misplaced-contract-field`.

use tenon_source::{At, Code, Finding, Level};

use super::fields;
use crate::facts::service::services;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC35",
        name: "misplaced-contract-field",
        summary: "A field stands at another level than the format has it",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("misplaced_contract_field.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for endpoint in &facts.endpoints {
            let outer = endpoint.node(facts.graph);
            let inner = endpoint.service.contract.map(|at| facts.graph.node(at));
            let levels = [(Some(outer), fields::Level::Endpoint), (inner, fields::Level::Contract)];
            for (owner, level) in levels {
                let members = owner.into_iter().flat_map(|owner| owner.members());
                for (name, value) in members.filter(|(name, _)| fields::find(level, name).is_none()) {
                    let Some(right) = right_level(name, level, facts.is_v2()) else { continue };
                    let at = At { file: facts.contract.file, node: value.id() };
                    let message =
                        format!("`{name}` belongs to {}, not to {}", right.as_str(), level.as_str());
                    let twice = right == fields::Level::Endpoint && outer.get(name).is_some();
                    let help = if twice {
                        "remove it here: it stands where it belongs too".to_owned()
                    } else {
                        format!("move it to {}: what reads the contract does not look here", right.as_str())
                    };
                    out.push(facts.finding_in(&RULE.code, endpoint, Some(at), message).with_help(help));
                }
            }
        }
    }
}

/// The level at which the format has a field, if it is not this one.
fn right_level(name: &str, level: fields::Level, is_v2: bool) -> Option<fields::Level> {
    let field =
        fields::FIELDS.iter().find(|field| field.name == name && field.level != fields::Level::Root)?;
    // The other dialects have a `method` of their own within the contract.
    let own = name == "method" && level == fields::Level::Contract && !is_v2;
    (field.level != level && !own && name != "pagination").then_some(field.level)
}
