//! OA142 `operation-without-security`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{count, document_finding, offered};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA142",
        name: "operation-without-security",
        summary: "An operation says nothing about security",
        level: Level::Warning,
        aliases: &["redocly:security-defined"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("operation_without_security.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in ctx.graph.apis.iter().filter(|api| api.security.is_none()) {
        let total = offered(ctx, api).count();
        let bare: Vec<_> =
            offered(ctx, api).filter(|operation| operation.detail.security.is_none()).collect();
        let help =
            "add `security` to the document, and `security: []` to operations that are open to everyone";
        if total > 1 && bare.len() == total {
            let message = format!(
                "the document says nothing about security, nor does any of its {}",
                count(total, "operation")
            );
            out.push(document_finding(ctx, api, &RULE.code, message).with_help(help));
            continue;
        }
        for operation in bare {
            let finding = ctx.graph.sources.finding(
                &RULE.code,
                operation.at,
                "the operation says nothing about security",
            );
            out.push(finding.with_operation(operation.label()).with_help(help));
        }
    }
}
