//! OP061 `field-narrower-than-entity`.

use tenon_source::{Code, Finding, Level};

use super::entities::{Fit, fits};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP061",
        name: "field-narrower-than-entity",
        summary: "A request allows fewer values than its entity",
        level: Level::Info,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Info,
    doc: include_str!("field_narrower_than_entity.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for found in fits(ctx).into_iter().filter(|found| found.fit == Fit::Narrower) {
        let message = format!("`{}` is narrower than `{}`: {}", found.field, found.of, found.what);
        let finding = ctx.graph.sources.finding(&RULE.code, found.at, message);
        let place = ctx.graph.sources.place(found.entity_at);
        out.push(finding.with_operation(found.operation).with_related(place, "the entity says this"));
    }
}
