//! OA004 `missing-operation-summary`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{operations, says};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA004",
        name: "missing-operation-summary",
        summary: "An operation has no summary",
        level: Level::Warning,
        aliases: &["redocly:operation-summary"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("missing_operation_summary.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        for operation in operations(ctx, api).filter(|operation| !says(ctx, operation.at, "summary")) {
            out.push(
                ctx.graph
                    .sources
                    .finding(&RULE.code, operation.at, "the operation has no `summary`")
                    .with_operation(operation.label())
                    .with_help("add one line that says what the operation does, such as `List pets`"),
            );
        }
    }
}
