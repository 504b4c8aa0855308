//! OA065 `keyword-of-other-type`.

use tenon_graph::Keywords;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{member, schemas, types};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA065",
        name: "keyword-of-other-type",
        summary: "A schema has `items` or `properties` but another type",
        level: Level::Warning,
        aliases: &["redocly:no-schema-type-mismatch"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("keyword_of_other_type.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let typed =
        schemas(ctx, Keywords::ITEMS | Keywords::PROPERTIES).filter(|(_, found)| found.has(Keywords::TYPE));
    for (schema, found) in typed.filter(|(_, found)| !found.has(Keywords::REF)) {
        let node = ctx.graph.node(schema.at);
        for (keyword, key, wanted) in
            [(Keywords::ITEMS, "items", "array"), (Keywords::PROPERTIES, "properties", "object")]
        {
            if !found.has(keyword) || types(node).any(|name| name == wanted) {
                continue;
            }
            let (Some(place), Some(written)) = (member(ctx, schema.at, key), types(node).next()) else {
                continue;
            };
            let message = format!("`{key}` is for the type `{wanted}`, but the type is `{written}`");
            let finding = ctx.graph.sources.finding(&RULE.code, place, message);
            out.push(finding.with_help(format!("make the type `{wanted}`, or remove `{key}`")));
        }
    }
}
