//! OP022 `rate-class-missing`.

use tenon_source::{Code, Finding, Level};

use super::{declared, report};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP022",
        name: "rate-class-missing",
        summary: "An operation of a contract with rate classes has none",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("rate_class_missing.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    if !ctx.graph.contracts.iter().any(|contract| contract.rate_classes.is_some()) {
        return;
    }
    for operation in declared(ctx).filter(|operation| operation.governance.rate_class.is_none()) {
        let message = format!("{} has no rate class", operation.label());
        out.push(
            report(ctx, &RULE.code, operation, message)
                .with_help("name one with `rate_class`, or once in `defaults`"),
        );
    }
}
