//! OA006 `missing-operation-tags`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::offered;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA006",
        name: "missing-operation-tags",
        summary: "An operation has no tag",
        level: Level::Warning,
        aliases: &["spectral:operation-tags"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("missing_operation_tags.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        for operation in offered(ctx, api).filter(|operation| operation.detail.tags.is_empty()) {
            out.push(
                ctx.graph
                    .sources
                    .finding(&RULE.code, operation.at, "the operation has no tag")
                    .with_operation(operation.label())
                    .with_help("add `tags` with the group it belongs to: documentation is grouped by them"),
            );
        }
    }
}
