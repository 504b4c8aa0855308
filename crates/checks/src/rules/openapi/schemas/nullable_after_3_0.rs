//! OA073 `nullable-after-3-0`.

use tenon_graph::{Dialect, Keywords};
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{member, schemas};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA073",
        name: "nullable-after-3-0",
        summary: "`nullable` stands in a document where it has no meaning",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("nullable_after_3_0.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (schema, _) in schemas(ctx, Keywords::NULLABLE) {
        if schema.dialect != Dialect::Draft202012 {
            continue;
        }
        let Some(place) = member(ctx, schema.at, "nullable") else { continue };
        if ctx.graph.node(place).as_bool().is_some() {
            let message = "`nullable` has no meaning from OpenAPI 3.1 on and is ignored";
            let finding = ctx.graph.sources.finding(&RULE.code, place, message);
            out.push(
                finding.with_help("write `type: [string, \"null\"]`, or `anyOf` with `{type: \"null\"}`"),
            );
        }
    }
}
