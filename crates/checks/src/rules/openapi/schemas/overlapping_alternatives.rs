//! OA072 `overlapping-alternatives`.

use tenon_graph::Keywords;
use tenon_source::{Code, Finding, Level, Node};

use crate::rules::openapi::overlap::{Alternative, overlap};
use crate::rules::openapi::support::{at, schemas};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA072",
        name: "overlapping-alternatives",
        summary: "Two alternatives of a `oneOf` admit the same values",
        level: Level::Warning,
        aliases: &["redocly:no-illogical-composition-keywords"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("overlapping_alternatives.md"),
    check,
};

/// Most alternatives of one `oneOf` that are compared pair by pair, a count: bounds the work for
/// one schema to about 30,000 pairs. Real ones have fewer than a hundred.
const ALTERNATIVES_MAX: usize = 256;

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    let undecided = |found: Keywords| !found.has(Keywords::DISCRIMINATOR);
    for (schema, _) in schemas(ctx, Keywords::ONE_OF).filter(|(_, found)| undecided(*found)) {
        let Some(members) = ctx.graph.node(schema.at).get("oneOf") else { continue };
        let places: Vec<_> =
            members.items().take(ALTERNATIVES_MAX).map(|member| at(schema.at, member)).collect();
        let alternatives: Vec<_> =
            places.iter().map(|place| Alternative::read(ctx, ctx.graph.follow(*place))).collect();
        let pair = alternatives.iter().enumerate().find_map(|(index, left)| {
            let mut others = alternatives.iter().enumerate().skip(index + 1);
            others.find_map(|(other, right)| {
                Some((index, other, overlap(ctx, left.as_ref()?, right.as_ref()?)?))
            })
        });
        let Some((first, second, reason)) = pair else { continue };
        let (Some(left), Some(right)) = (places.get(first), places.get(second)) else { continue };
        if ctx.graph.follow(*left) == ctx.graph.follow(*right) {
            // Said by `repeated-alternative`.
            continue;
        }
        let name = |place, index: usize| {
            let node: Node<'_> = sources.node(place);
            let named = node
                .get_str("$ref")
                .and_then(|text| text.rsplit('/').next())
                .or_else(|| node.get_str("title"));
            named.map_or_else(|| (index + 1).to_string(), |name| format!("`{name}`"))
        };
        let (first, second) = (name(*left, first), name(*right, second));
        let message = format!("the alternatives {first} and {second} overlap: {reason}");
        out.push(
            sources
                .finding(&RULE.code, at(schema.at, members), message)
                .with_related(sources.place(*left), "one alternative")
                .with_related(sources.place(*right), "the other alternative")
                .with_help("require a property with a value of its own in each, add a `discriminator`, or use `anyOf`"),
        );
    }
}
