//! OA012 `callback-in-callback`.

use tenon_graph::OperationKind;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{member, operations};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA012",
        name: "callback-in-callback",
        summary: "An operation of a callback has callbacks itself",
        level: Level::Warning,
        aliases: &["spectral:oas3-callbacks-in-callbacks"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("callback_in_callback.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        for operation in operations(ctx, api).filter(|operation| operation.kind == OperationKind::Callback) {
            let Some(place) = member(ctx, operation.at, "callbacks") else { continue };
            out.push(
                ctx.graph
                    .sources
                    .finding(&RULE.code, place, "callbacks within a callback are read by no tool")
                    .with_operation(operation.label())
                    .with_help(
                        "move them to the operation that causes the first call, or make them webhooks",
                    ),
            );
        }
    }
}
