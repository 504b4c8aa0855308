//! OA005 `missing-operation-description`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{operations, says};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA005",
        name: "missing-operation-description",
        summary: "An operation has no description",
        level: Level::Warning,
        aliases: &["spectral:operation-description", "redocly:operation-description"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("missing_operation_description.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        for operation in operations(ctx, api).filter(|operation| !says(ctx, operation.at, "description")) {
            out.push(
                ctx.graph
                    .sources
                    .finding(&RULE.code, operation.at, "the operation has no `description`")
                    .with_operation(operation.label())
                    .with_help("say what the operation changes, what it needs and when it fails"),
            );
        }
    }
}
