//! OP027 `boundary-crossed`.

use tenon_source::{Code, Finding, Level};

use super::declared;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP027",
        name: "boundary-crossed",
        summary: "An operation causes what the contract's boundary forbids",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("boundary_crossed.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for boundary in ctx.graph.contracts.iter().filter_map(|contract| contract.boundary.as_ref()) {
        for operation in declared(ctx) {
            let effects =
                operation.governance.emits.iter().chain(&operation.governance.side_effects).flatten();
            for effect in effects {
                let same = |name: &&tenon_graph::Name| name.text == effect.text;
                let forbidden = boundary.forbidden.iter().find(same);
                let notify = boundary.notify_only.iter().find(same);
                let Some(limit) = forbidden.or(notify) else { continue };
                let message = format!(
                    "{} causes `{}`, which lies beyond the contract's boundary",
                    operation.label(),
                    effect.text
                );
                let finding = ctx.graph.sources.finding_at_value(&RULE.code, effect.at, message);
                let said = if forbidden.is_some() {
                    "no operation may cause it"
                } else {
                    "it may be announced, never caused"
                };
                out.push(
                    finding
                        .with_operation(operation.label())
                        .with_related(ctx.graph.sources.place(limit.at), said)
                        .with_help("leave it to the system that owns it"),
                );
            }
        }
    }
}
