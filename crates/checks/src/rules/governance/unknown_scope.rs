//! OP007 `unknown-scope`.

use tenon_source::{Code, Finding, Level};

use super::{declared, unknown_words, vocabulary};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP007",
        name: "unknown-scope",
        summary: "An operation names a scope that no contract declares",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("unknown_scope.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(known) = vocabulary(ctx, |contract| contract.scopes.as_ref()) else { return };
    for operation in declared(ctx) {
        let used = operation.governance.scopes.iter().flatten();
        unknown_words(ctx, &RULE.code, operation, used, &known, "scope", out);
    }
}
