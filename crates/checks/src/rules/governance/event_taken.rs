//! EV001 `event-taken`.

use tenon_source::{Code, Finding, Level};

use super::first_of_each;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "EV001",
        name: "event-taken",
        summary: "Two events of one run have the same type",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("event_taken.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let entries = ctx.graph.events.iter().map(|event| (event.name.text.clone(), event.name.at, None));
    first_of_each(ctx, &RULE.code, entries, "event type", out);
}
