//! OA014 `callbacks-of-webhook`.

use tenon_graph::OperationKind;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{member, operations};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA014",
        name: "callbacks-of-webhook",
        summary: "An operation of a webhook has callbacks",
        level: Level::Warning,
        aliases: &["spectral:oas3_1-callbacks-in-webhook"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("callbacks_of_webhook.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        for operation in operations(ctx, api).filter(|operation| operation.kind == OperationKind::Webhook) {
            let Some(place) = member(ctx, operation.at, "callbacks") else { continue };
            out.push(
                ctx.graph
                    .sources
                    .finding(&RULE.code, place, "a webhook has callbacks, which no tool reads")
                    .with_operation(operation.label())
                    .with_help("describe the answer as an operation under `paths`"),
            );
        }
    }
}
