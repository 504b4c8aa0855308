//! OA005 `missing-operation-description`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{Lack, operations, report_lacks, says};
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

/// What the operations lack.
const LACK: Lack = Lack {
    code: &RULE.code,
    what: "a `description`",
    message: "the operation has no `description`",
    help: "say what the operation changes, what it needs and when it fails",
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        let found = operations(ctx, api)
            .map(|operation| (operation, (!says(ctx, operation.at, "description")).then_some(operation.at)));
        report_lacks(ctx, api, &LACK, found, out);
    }
}
