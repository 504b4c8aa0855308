//! OP067 `unknown-criterion`.

use tenon_source::{Code, Finding, Level};

use super::surface::{governed, surfaces};
use super::unknown_words;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP067",
        name: "unknown-criterion",
        summary: "An operation traces to a criterion that is not there",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("unknown_criterion.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (contract, surface) in surfaces(ctx) {
        let Some(criteria) = &surface.criteria else { continue };
        let known = criteria.iter().map(|name| name.as_str()).collect();
        for operation in governed(ctx, contract) {
            let traces = operation.governance.traces.iter().flatten();
            unknown_words(ctx, &RULE.code, operation, traces, &known, "criterion", out);
        }
    }
}
