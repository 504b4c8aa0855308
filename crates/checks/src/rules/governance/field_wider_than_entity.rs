//! OP060 `field-wider-than-entity`.

use tenon_source::{Code, Finding, Level};

use super::entities::{Fit, fits};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP060",
        name: "field-wider-than-entity",
        summary: "A request or response allows values its entity does not",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("field_wider_than_entity.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for found in fits(ctx).into_iter().filter(|found| found.fit == Fit::Wider) {
        let message = format!("`{}` is wider than `{}`: {}", found.field, found.of, found.what);
        let finding = ctx.graph.sources.finding(&RULE.code, found.at, message);
        let place = ctx.graph.sources.place(found.entity_at);
        out.push(
            finding
                .with_operation(found.operation)
                .with_related(place, "the entity says this")
                .with_help("narrow the field, or name the field it stands for with `x-entity`"),
        );
    }
}
