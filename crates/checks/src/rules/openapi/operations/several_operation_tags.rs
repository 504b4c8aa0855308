//! OA008 `several-operation-tags`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{member, operations};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA008",
        name: "several-operation-tags",
        summary: "An operation has more than one tag",
        level: Level::Off,
        aliases: &["spectral:operation-singular-tag", "redocly:operation-singular-tag"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("several_operation_tags.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        for operation in operations(ctx, api).filter(|operation| operation.detail.tags.len() > 1) {
            let place = member(ctx, operation.at, "tags").unwrap_or(operation.at);
            let message = format!(
                "the operation has {} tags, so it stands in several groups",
                operation.detail.tags.len()
            );
            out.push(
                ctx.graph
                    .sources
                    .finding(&RULE.code, place, message)
                    .with_operation(operation.label())
                    .with_help("keep the tag of the group it belongs to"),
            );
        }
    }
}
