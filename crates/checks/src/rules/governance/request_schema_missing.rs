//! OP012 `request-schema-missing`.

use tenon_source::{Code, Finding, Level};

use super::{declared, report};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP012",
        name: "request-schema-missing",
        summary: "An operation that takes a body does not say what is in it",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("request_schema_missing.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for operation in
        declared(ctx).filter(|operation| operation.service.is_none() && operation.detail.request.is_none())
    {
        let Some(http) = &operation.http else { continue };
        let takes_body = matches!(http.method.as_str(), "POST" | "PUT" | "PATCH");
        if takes_body && operation.request_schema.is_none() {
            let message = format!("{} has no request schema", operation.label());
            let help =
                "name the schema of the body, or write `request: {type: \"null\"}` where there is none";
            out.push(report(ctx, &RULE.code, operation, message).with_help(help));
        }
    }
}
