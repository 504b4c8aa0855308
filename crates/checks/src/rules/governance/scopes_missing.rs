//! OP005 `scopes-missing`.

use tenon_source::{Code, Finding, Level};

use super::report_without_callers;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP005",
        name: "scopes-missing",
        summary: "An operation does not say which scopes may call it",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("scopes_missing.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    report_without_callers(
        ctx,
        &RULE.code,
        |governance| governance.scopes.as_ref(),
        "scopes",
        "scopes: [pets:read]",
        out,
    );
}
