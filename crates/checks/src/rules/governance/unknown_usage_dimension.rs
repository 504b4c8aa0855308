//! OP025 `unknown-usage-dimension`.

use tenon_source::{Code, Finding, Level};

use super::{declared, unknown_words, vocabulary};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP025",
        name: "unknown-usage-dimension",
        summary: "An operation names a usage dimension that no contract declares",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("unknown_usage_dimension.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(known) = vocabulary(ctx, |contract| contract.usage_dimensions.as_ref()) else { return };
    for operation in declared(ctx) {
        let used = operation.governance.usage.iter().filter_map(|usage| usage.dimension.as_ref());
        unknown_words(ctx, &RULE.code, operation, used, &known, "usage dimension", out);
    }
}
