//! OP019 `operation-without-reason-code`.

use tenon_graph::Operation;
use tenon_source::{Code, Finding, Level};

use super::{declared, report};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP019",
        name: "operation-without-reason-code",
        summary: "An operation that can refuse its input has no reason code",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("operation_without_reason_code.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    // Without a catalogue the contract has no reason codes at all, which is its own decision.
    if ctx.graph.errors.is_empty() {
        return;
    }
    // A message without a reply is refused in silence.
    let answers = |operation: &&Operation| operation.channel.is_none() || operation.response_schema.is_some();
    for operation in declared(ctx).filter(answers) {
        let takes_input = operation.request_schema.is_some()
            || operation.http.as_ref().is_some_and(|http| http.path_parameters().next().is_some());
        let codes = operation.governance.reason_codes.as_deref().unwrap_or_default();
        if takes_input && codes.is_empty() {
            let message = format!("{} can refuse its input but has no reason code", operation.label());
            out.push(
                report(ctx, &RULE.code, operation, message)
                    .with_help("name the codes it refuses with in `reason_codes`"),
            );
        }
    }
}
