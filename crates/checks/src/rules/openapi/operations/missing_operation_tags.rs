//! OA006 `missing-operation-tags`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{Lack, offered, report_lacks};
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

/// What the operations lack.
const LACK: Lack = Lack {
    code: &RULE.code,
    what: "a tag",
    message: "the operation has no tag",
    help: "add `tags` with the group it belongs to: documentation is grouped by them",
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        let found = offered(ctx, api)
            .map(|operation| (operation, operation.detail.tags.is_empty().then_some(operation.at)));
        report_lacks(ctx, api, &LACK, found, out);
    }
}
