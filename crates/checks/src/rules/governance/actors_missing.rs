//! OP004 `actors-missing`.

use tenon_source::{Code, Finding, Level};

use super::report_without_callers;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP004",
        name: "actors-missing",
        summary: "An operation does not say which actor types may call it",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("actors_missing.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    report_without_callers(
        ctx,
        &RULE.code,
        |governance| governance.actors.as_ref(),
        "actor types",
        "actors: [partner]",
        out,
    );
}
