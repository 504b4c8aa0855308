//! OA002 `missing-operation-id`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{Lack, operations, report_lacks, says};
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

/// What the operations lack.
const LACK: Lack = Lack {
    code: &RULE.code,
    what: "an `operationId`",
    message: "the operation has no `operationId`",
    help: "add an `operationId` such as `listPets`: generators name functions after it",
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        let found = operations(ctx, api)
            .map(|operation| (operation, (!says(ctx, operation.at, "operationId")).then_some(operation.at)));
        report_lacks(ctx, api, &LACK, found, out);
    }
}
