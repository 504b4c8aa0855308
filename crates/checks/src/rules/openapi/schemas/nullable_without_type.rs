//! OA064 `nullable-without-type`.

use tenon_graph::{Dialect, Keywords};
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{member, schemas};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA064",
        name: "nullable-without-type",
        summary: "`nullable` stands in a schema without a type",
        level: Level::Warning,
        aliases: &["redocly:nullable-type-sibling"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("nullable_without_type.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (schema, found) in schemas(ctx, Keywords::NULLABLE) {
        if schema.dialect != Dialect::OpenApi30 || found.has_any(Keywords::TYPE | Keywords::REF) {
            continue;
        }
        let Some(place) = member(ctx, schema.at, "nullable") else { continue };
        if ctx.graph.node(place).as_bool() == Some(true) {
            let message = "`nullable` has no effect in a schema without `type`";
            let finding = ctx.graph.sources.finding(&RULE.code, place, message);
            out.push(finding.with_help("add the `type` here, or `nullable` where the type stands"));
        }
    }
}
