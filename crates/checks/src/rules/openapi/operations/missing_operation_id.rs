//! OA002 `missing-operation-id`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{operations, says};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA002",
        name: "missing-operation-id",
        summary: "An operation has no id",
        level: Level::Warning,
        aliases: &["spectral:operation-operationId", "redocly:operation-operationId"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("missing_operation_id.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        for operation in operations(ctx, api).filter(|operation| !says(ctx, operation.at, "operationId")) {
            out.push(
                ctx.graph
                    .sources
                    .finding(&RULE.code, operation.at, "the operation has no `operationId`")
                    .with_operation(operation.label())
                    .with_help("add an `operationId` such as `listPets`: generators name functions after it"),
            );
        }
    }
}
