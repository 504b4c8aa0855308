//! JS006 `impossible-schema-bounds`.

use tenon_source::{At, Code, Finding, Level};

use super::schemas;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "JS006",
        name: "impossible-schema-bounds",
        summary: "A lower bound in a JSON Schema is above its upper bound",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("impossible_schema_bounds.md"),
    check,
};

/// Lower and upper bounds, and whether a value may be equal to both.
const PAIRS: [(&str, &str, bool); 8] = [
    ("minimum", "maximum", true),
    ("exclusiveMinimum", "maximum", false),
    ("minimum", "exclusiveMaximum", false),
    ("exclusiveMinimum", "exclusiveMaximum", false),
    ("minLength", "maxLength", true),
    ("minItems", "maxItems", true),
    ("minProperties", "maxProperties", true),
    ("minContains", "maxContains", true),
];

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (schema, node) in schemas(ctx) {
        for (low, high, may_be_equal) in PAIRS {
            let (Some(lower), Some(upper)) = (node.get(low), node.get(high)) else { continue };
            let (Some(least), Some(most)) = (lower.as_f64(), upper.as_f64()) else { continue };
            if least < most || (may_be_equal && least <= most) {
                continue;
            }
            let relation = if least > most { "greater than" } else { "equal to" };
            let message = format!("`{low}` is {relation} `{high}`, so no value is valid");
            let at = At { file: schema.at.file, node: lower.id() };
            let other = At { file: schema.at.file, node: upper.id() };
            let sources = &ctx.graph.sources;
            out.push(
                sources
                    .finding_at_value(&RULE.code, at, message)
                    .with_related(sources.place(other), "the other bound")
                    .with_help("swap the two, or correct the one that is wrong"),
            );
        }
    }
}
