//! OA071 `repeated-alternative`.

use rustc_hash::FxHashMap;
use tenon_graph::Keywords;
use tenon_source::{Code, Finding, Level, Node};

use crate::rules::openapi::support::{at, same, schemas};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA071",
        name: "repeated-alternative",
        summary: "A member of an `allOf`, `anyOf` or `oneOf` stands there twice",
        level: Level::Warning,
        aliases: &["redocly:no-illogical-composition-keywords"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("repeated_alternative.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    let any = Keywords::ALL_OF | Keywords::ANY_OF | Keywords::ONE_OF;
    for (schema, _) in schemas(ctx, any) {
        for key in ["allOf", "anyOf", "oneOf"] {
            let Some(members) = ctx.graph.node(schema.at).get(key) else { continue };
            for (member, earlier) in repeated(members) {
                let message =
                    format!("the schema stands in this `{key}` already: it is equal to the first of the two");
                out.push(
                    sources
                        .finding(&RULE.code, at(schema.at, member), message)
                        .with_related(sources.place(at(schema.at, earlier)), "the first of the two")
                        .with_help("remove it"),
                );
            }
        }
    }
}

/// Members that are equal to an earlier one, each with it.
fn repeated(members: Node<'_>) -> Vec<(Node<'_>, Node<'_>)> {
    let mut references: FxHashMap<&str, Node<'_>> = FxHashMap::default();
    let mut inline: Vec<Node<'_>> = Vec::new();
    let mut found = Vec::new();
    for member in members.items() {
        let target = member.get_str("$ref").filter(|_| member.len() == 1);
        let earlier = match target {
            Some(target) => references.insert(target, member),
            None => inline.iter().copied().find(|other| same(*other, member)),
        };
        match earlier {
            Some(earlier) => found.push((member, earlier)),
            None if target.is_none() && inline.len() < INLINE_MAX => inline.push(member),
            None => {}
        }
    }
    found
}

/// Most inline members that are compared with each other, a count: bounds the comparisons of one
/// list to half a million.
const INLINE_MAX: usize = 1000;
