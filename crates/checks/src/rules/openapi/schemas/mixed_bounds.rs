//! OA069 `mixed-bounds`.

use tenon_graph::{Dialect, Keywords};
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{member, schemas};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA069",
        name: "mixed-bounds",
        summary: "A schema has an inclusive and an exclusive bound on one side",
        level: Level::Warning,
        aliases: &["redocly:no-mixed-number-range-constraints"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("mixed_bounds.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let pairs = [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")];
    let sides = Keywords::EXCLUSIVE_MINIMUM | Keywords::EXCLUSIVE_MAXIMUM;
    for (schema, _) in schemas(ctx, sides).filter(|(schema, _)| schema.dialect == Dialect::Draft202012) {
        for (inclusive, exclusive) in pairs {
            let (Some(_), Some(place)) =
                (member(ctx, schema.at, inclusive), member(ctx, schema.at, exclusive))
            else {
                continue;
            };
            if ctx.graph.node(place).as_f64().is_some() {
                let message = format!("`{exclusive}` beside `{inclusive}`: one of the two does nothing");
                out.push(
                    ctx.graph
                        .sources
                        .finding(&RULE.code, place, message)
                        .with_help("keep the one that is meant"),
                );
            }
        }
    }
}
