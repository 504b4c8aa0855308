//! OP002 `idempotency-undeclared`.

use tenon_source::{Code, Finding, Level};

use super::{declared, report};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP002",
        name: "idempotency-undeclared",
        summary: "An operation that changes something does not say whether it may be repeated",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("idempotency_undeclared.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for operation in declared(ctx).filter(|operation| operation.is_mutating()) {
        if operation.governance.idempotency.is_none() {
            let message =
                format!("{} changes something but does not say whether it is idempotent", operation.label());
            out.push(report(ctx, &RULE.code, operation, message).with_help(
                "say `idempotency: required` with a key, scope and window, or `idempotency: none`",
            ));
        }
    }
}
