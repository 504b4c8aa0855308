//! AS031 `missing-channel-operation-id`.

use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::{Lack, of_version_2, report_lacks};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS031",
        name: "missing-channel-operation-id",
        summary: "An operation has no `operationId`",
        level: Level::Warning,
        aliases: &["spectral:asyncapi-operation-operationId"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("missing_channel_operation_id.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let lack = Lack {
        code: &RULE.code,
        what: "an `operationId`",
        help: "add an `operationId`, unique in the document",
    };
    for api in of_version_2(ctx) {
        report_lacks(ctx, api, &lack, |operation| operation.id.is_none(), out);
    }
}
