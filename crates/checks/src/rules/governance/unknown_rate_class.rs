//! OP023 `unknown-rate-class`.

use tenon_source::{Code, Finding, Level};

use super::{declared, unknown_words, vocabulary};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP023",
        name: "unknown-rate-class",
        summary: "An operation names a rate class that no contract declares",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("unknown_rate_class.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(known) = vocabulary(ctx, |contract| contract.rate_classes.as_ref()) else { return };
    for operation in declared(ctx) {
        let used = operation.governance.rate_class.iter();
        unknown_words(ctx, &RULE.code, operation, used, &known, "rate class", out);
    }
}
