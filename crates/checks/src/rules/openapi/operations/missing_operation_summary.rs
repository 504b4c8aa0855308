//! OA004 `missing-operation-summary`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{Lack, operations, report_lacks, says};
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

/// What the operations lack.
const LACK: Lack = Lack {
    code: &RULE.code,
    what: "a `summary`",
    message: "the operation has no `summary`",
    help: "add one line that says what the operation does, such as `List pets`",
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        let found = operations(ctx, api)
            .map(|operation| (operation, (!says(ctx, operation.at, "summary")).then_some(operation.at)));
        report_lacks(ctx, api, &LACK, found, out);
    }
}
