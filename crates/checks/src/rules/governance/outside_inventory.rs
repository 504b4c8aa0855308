//! OP049 `outside-inventory`.

use tenon_source::{Code, Finding, Level};

use super::report;
use super::surface::{governed, id_of, surfaces};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP049",
        name: "outside-inventory",
        summary: "An operation or event is not in the inventory its contract sets itself",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("outside_inventory.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (contract, surface) in surfaces(ctx) {
        let whose = surface.id.as_ref().map_or("the contract", |id| id.text.as_str());
        for operation in governed(ctx, contract) {
            let Some(list) = &surface.operations else { continue };
            if !list.iter().any(|name| name.text == id_of(operation)) {
                let message = format!("{} is outside inventory of {whose}", operation.label());
                let help = "leave it to another milestone, or add it to `surface.operations`";
                out.push(report(ctx, &RULE.code, operation, message).with_help(help));
            }
        }
        let Some(list) = &surface.events else { continue };
        for event in ctx.graph.events.iter().filter(|event| event.file == contract.at.file) {
            if !list.iter().any(|name| name.text == event.name.text) {
                let message = format!("the event `{}` is outside inventory of {whose}", event.name.text);
                let finding = ctx.graph.sources.finding(&RULE.code, event.at, message);
                out.push(finding.with_help("leave it to another milestone, or add it to `surface.events`"));
            }
        }
    }
}
