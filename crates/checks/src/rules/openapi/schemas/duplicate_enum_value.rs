//! OA061 `duplicate-enum-value`.

use rustc_hash::FxHashMap;
use tenon_graph::Keywords;
use tenon_source::{Code, Finding, Kind, Level, Node};

use crate::rules::openapi::support::{at, same, schemas};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA061",
        name: "duplicate-enum-value",
        summary: "A value stands twice in an enum",
        level: Level::Warning,
        aliases: &["spectral:duplicated-entry-in-enum", "redocly:no-duplicated-enum-values"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("duplicate_enum_value.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    for (schema, _) in schemas(ctx, Keywords::ENUM) {
        let Some(values) = ctx.graph.node(schema.at).get("enum") else { continue };
        for (value, earlier) in duplicates(values) {
            let shown = sources.slice(schema.at.file, value.span());
            let message = format!("the value `{shown}` stands in the enum already");
            out.push(
                sources
                    .finding_at_value(&RULE.code, at(schema.at, value), message)
                    .with_related(sources.place(at(schema.at, earlier)), "first here")
                    .with_help("remove it"),
            );
        }
    }
}

/// Values of an enum up to which comparing all pairs is cheaper than a table, a count.
const PAIRS_MAX: usize = 12;

/// The values that are equal to an earlier one, each with it.
fn duplicates(values: Node<'_>) -> Vec<(Node<'_>, Node<'_>)> {
    if values.len() <= PAIRS_MAX {
        let earlier = |index: usize, value| values.items().take(index).find(|other| same(*other, value));
        let pairs = values.items().enumerate();
        return pairs.filter_map(|(index, value)| Some((value, earlier(index, value)?))).collect();
    }
    let mut texts: FxHashMap<&str, Node<'_>> = FxHashMap::default();
    let mut others: Vec<Node<'_>> = Vec::new();
    let mut found = Vec::new();
    for value in values.items() {
        let earlier = match value.as_str() {
            Some(text) => texts.get(text).copied(),
            None => others.iter().copied().find(|other| same(*other, value)),
        };
        match (earlier, value.kind()) {
            (Some(earlier), _) => found.push((value, earlier)),
            (None, Kind::String) => drop(texts.insert(value.as_str().unwrap_or(""), value)),
            // Few enums have other values than strings and numbers, and none has many.
            (None, _) if others.len() < OTHERS_MAX => others.push(value),
            (None, _) => {}
        }
    }
    found
}

/// Most values of an enum that are no strings and are compared with each other, a count: bounds
/// the comparisons of one enum to half a million.
const OTHERS_MAX: usize = 1000;
