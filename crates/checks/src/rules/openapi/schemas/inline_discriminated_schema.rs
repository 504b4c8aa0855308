//! OA084 `inline-discriminated-schema`.

use tenon_graph::Keywords;
use tenon_source::{Code, Finding, Level, Node};

use crate::rules::openapi::support::{at, schemas};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA084",
        name: "inline-discriminated-schema",
        summary: "A discriminator cannot choose an alternative without a name",
        level: Level::Warning,
        aliases: &["redocly:no-illogical-composition-keywords"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("inline_discriminated_schema.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let chosen = schemas(ctx, Keywords::ANY_OF | Keywords::ONE_OF)
        .filter(|(_, found)| found.has(Keywords::DISCRIMINATOR));
    for (schema, _) in chosen {
        let node = ctx.graph.node(schema.at);
        let members = ["oneOf", "anyOf"].into_iter().filter_map(|key| node.get(key)).flat_map(Node::items);
        for member in members.filter(|member| member.get("$ref").is_none() && member.get("$id").is_none()) {
            let message = "the alternative has no name, so the discriminator can never choose it";
            let finding = ctx.graph.sources.finding(&RULE.code, at(schema.at, member), message);
            out.push(finding.with_help("move it to `components/schemas` and refer to it"));
        }
    }
}
