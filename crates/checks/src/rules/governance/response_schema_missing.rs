//! OP013 `response-schema-missing`.

use tenon_source::{Code, Finding, Level};

use super::{declared, report};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP013",
        name: "response-schema-missing",
        summary: "An operation does not say what it answers",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("response_schema_missing.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for operation in declared(ctx) {
        let described =
            !operation.detail.responses.is_empty() || operation.rpc.is_some() || operation.channel.is_some();
        if operation.service.is_none() && !described && operation.response_schema.is_none() {
            let message = format!("{} has no response schema", operation.label());
            let help = "name the schema of the success response";
            out.push(report(ctx, &RULE.code, operation, message).with_help(help));
        }
    }
}
