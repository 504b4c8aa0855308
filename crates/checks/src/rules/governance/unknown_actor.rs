//! OP006 `unknown-actor`.

use tenon_source::{Code, Finding, Level};

use super::{declared, unknown_words, vocabulary};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP006",
        name: "unknown-actor",
        summary: "An operation names an actor type that no contract declares",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("unknown_actor.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(known) = vocabulary(ctx, |contract| contract.actors.as_ref()) else { return };
    for operation in declared(ctx) {
        let used = operation.governance.actors.iter().flatten();
        unknown_words(ctx, &RULE.code, operation, used, &known, "actor type", out);
    }
}
