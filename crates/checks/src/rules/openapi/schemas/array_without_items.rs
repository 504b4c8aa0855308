//! OA062 `array-without-items`.

use tenon_graph::{Dialect, Keywords};
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{member, schemas, types};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA062",
        name: "array-without-items",
        summary: "An array does not say what is in it",
        level: Level::Error,
        aliases: &["spectral:array-items"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("array_without_items.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let lacking =
        schemas(ctx, Keywords::TYPE).filter(|(_, found)| !found.has_any(Keywords::ITEMS | Keywords::REF));
    for (schema, found) in lacking {
        if !types(ctx.graph.node(schema.at)).any(|name| name == "array") {
            continue;
        }
        let demanded = matches!(schema.dialect, Dialect::Swagger2 | Dialect::OpenApi30);
        if !demanded && found.has(Keywords::PREFIX_ITEMS) {
            continue;
        }
        let place = member(ctx, schema.at, "type").unwrap_or(schema.at);
        let finding =
            ctx.graph.sources.finding(&RULE.code, place, "the array has no `items`: it may hold anything");
        let finding =
            finding.with_help("add `items` with the schema of one item, or `items: {}` if that is meant");
        out.push(if demanded { finding } else { finding.at_level(Level::Warning) });
    }
}
