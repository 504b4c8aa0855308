//! OA070 `pointless-composition`.

use tenon_graph::Keywords;
use tenon_source::{At, Code, Finding, Level, Node};

use crate::rules::openapi::support::{at, schemas};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA070",
        name: "pointless-composition",
        summary: "An `allOf`, `anyOf` or `oneOf` says nothing",
        level: Level::Warning,
        aliases: &["redocly:no-illogical-composition-keywords"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("pointless_composition.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let any = Keywords::ALL_OF | Keywords::ANY_OF | Keywords::ONE_OF;
    for (schema, _) in schemas(ctx, any) {
        for key in ["allOf", "anyOf", "oneOf"] {
            let Some(members) = ctx.graph.node(schema.at).get(key).filter(|members| members.is_array())
            else {
                continue;
            };
            if let Some(message) = problem(ctx, schema.at, key, members) {
                let finding = ctx.graph.sources.finding(&RULE.code, at(schema.at, members), message);
                out.push(finding.with_help("use the one schema itself, or add what is missing"));
            }
        }
    }
}

fn problem(ctx: &Context<'_>, schema: At, key: &str, members: Node<'_>) -> Option<String> {
    if members.is_empty() {
        return Some(format!("`{key}` has no schema"));
    }
    if members.items().any(|member| member.is_object() && member.is_empty()) {
        return Some(format!("a schema of `{key}` is empty, so it matches everything"));
    }
    let owner = ctx.graph.node(schema);
    let lonely = members.len() == 1
        && match key {
            "allOf" => owner.len() == 1 && !inherits(ctx, schema, members),
            _ => owner.get("discriminator").is_none() && !carries_siblings(owner, members),
        };
    lonely.then(|| format!("`{key}` has one schema, so it says no more than that schema"))
}

/// Whether the only member is a reference that is wrapped to stand beside other keywords, which
/// before 3.1 it could not by itself.
fn carries_siblings(owner: Node<'_>, members: Node<'_>) -> bool {
    owner.len() > 1 && members.items().all(|member| member.get("$ref").is_some())
}

/// Whether the only member is a schema with a discriminator: this is how its subtypes are written.
fn inherits(ctx: &Context<'_>, schema: At, members: Node<'_>) -> bool {
    let target = |member| ctx.graph.node(ctx.graph.follow(at(schema, member)));
    members.items().any(|member| target(member).get("discriminator").is_some())
}
