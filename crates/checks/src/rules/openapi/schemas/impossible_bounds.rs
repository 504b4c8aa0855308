//! OA079 `impossible-bounds`.

use tenon_graph::Keywords;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{at, schemas};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA079",
        name: "impossible-bounds",
        summary: "A lower bound is above its upper bound",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("impossible_bounds.md"),
    check,
};

const PAIRS: &[(Keywords, &str, &str)] = &[
    (Keywords::MINIMUM, "minimum", "maximum"),
    (Keywords::MIN_LENGTH, "minLength", "maxLength"),
    (Keywords::MIN_ITEMS, "minItems", "maxItems"),
    (Keywords::MIN_PROPERTIES, "minProperties", "maxProperties"),
];

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let any = Keywords::MINIMUM | Keywords::MIN_LENGTH | Keywords::MIN_ITEMS | Keywords::MIN_PROPERTIES;
    for (schema, found) in schemas(ctx, any) {
        let node = ctx.graph.node(schema.at);
        for &(_, low, high) in PAIRS.iter().filter(|(keyword, ..)| found.has(*keyword)) {
            let (Some(lower), Some(upper)) = (node.get(low), node.get(high)) else { continue };
            if lower.as_f64().zip(upper.as_f64()).is_some_and(|(lower, upper)| lower > upper) {
                let message = format!("`{low}` is greater than `{high}`, so no value is valid");
                let finding = ctx.graph.sources.finding(&RULE.code, at(schema.at, lower), message);
                out.push(finding.with_help("swap the two, or correct the one that is wrong"));
            }
        }
    }
}
