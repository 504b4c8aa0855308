//! OP050 `missing-from-contract`.

use tenon_graph::Name;
use tenon_source::{Code, Finding, Level};

use super::surface::{governed, id_of, surfaces};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP050",
        name: "missing-from-contract",
        summary: "An operation or event of the inventory is not in the contract",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("missing_from_contract.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (contract, surface) in surfaces(ctx) {
        for name in surface.operations.iter().flatten() {
            if !governed(ctx, contract).any(|operation| id_of(operation) == name.text) {
                out.push(missing(ctx, "operation", name));
            }
        }
        for name in surface.events.iter().flatten() {
            if !ctx.graph.events.iter().any(|event| event.name.text == name.text) {
                out.push(missing(ctx, "event", name));
            }
        }
    }
}

fn missing(ctx: &Context<'_>, what: &str, name: &Name) -> Finding {
    let message = format!("the {what} `{}` of the inventory is missing from the contract", name.text);
    let finding = ctx.graph.sources.finding_at_value(&RULE.code, name.at, message);
    finding.with_help("declare it, or take it out of the inventory")
}
