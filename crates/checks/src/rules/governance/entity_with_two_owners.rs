//! OP029 `entity-with-two-owners`.

use tenon_source::{Code, Finding, Level};

use super::first_of_each;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP029",
        name: "entity-with-two-owners",
        summary: "Two contracts claim to keep the same entity",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("entity_with_two_owners.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let kept = ctx.graph.entities.iter().filter(|entity| entity.facade_of.is_none());
    let entries = kept.map(|entity| (entity.name.text.clone(), entity.at, None));
    first_of_each(ctx, &RULE.code, entries, "entity", out);
}
