//! JS007 `required-but-forbidden`.

use tenon_source::{At, Code, Finding, Level, Node, nearest};

use super::schemas;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "JS007",
        name: "required-but-forbidden",
        summary: "A schema requires a member that it does not allow",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("required_but_forbidden.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (schema, node) in schemas(ctx) {
        let closed = node.get("additionalProperties").and_then(Node::as_bool) == Some(false);
        if !closed || node.get("patternProperties").is_some_and(|patterns| !patterns.is_empty()) {
            continue;
        }
        let properties = node.get("properties");
        for item in node.get("required").into_iter().flat_map(Node::items) {
            let Some(name) = item.as_str() else { continue };
            if properties.is_some_and(|properties| properties.get(name).is_some()) {
                continue;
            }
            let message =
                format!("`{name}` is required, but `additionalProperties: false` does not allow it");
            let at = At { file: schema.at.file, node: item.id() };
            let finding = ctx.graph.sources.finding_at_value(&RULE.code, at, message);
            let known = properties.into_iter().flat_map(Node::members).map(|(known, _)| known);
            out.push(finding.with_help(match nearest(name, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("describe `{name}` in `properties`, or take it out of `required`"),
            }));
        }
    }
}
