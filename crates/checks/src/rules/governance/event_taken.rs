//! EV001 `event-taken`.

use std::collections::BTreeSet;

use tenon_source::{Code, FileId, Finding, Level};

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
    // An AsyncAPI document describes how events travel, its own and those that others declare.
    let travels: BTreeSet<FileId> = ctx.graph.async_apis.iter().map(|api| api.file).collect();
    let declared = ctx.graph.events.iter().filter(|event| !travels.contains(&event.file));
    let entries = declared.map(|event| (event.name.text.clone(), event.name.at, None));
    first_of_each(ctx, &RULE.code, entries, "event type", out);
}
