//! JS011 `unknown-format`.

use tenon_schemas::formats;
use tenon_source::{At, Code, Finding, Level, nearest};

use super::schemas;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "JS011",
        name: "unknown-format",
        summary: "A `format` is none that is known, so nothing is checked by it",
        level: Level::Info,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("unknown_format.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let known = || formats::CHECKED.iter().chain(formats::NOTES).copied();
    for (schema, node) in schemas(ctx) {
        let Some(format) = node.get("format") else { continue };
        let Some(name) = format.as_str().filter(|name| !known().any(|known| known == *name)) else {
            continue;
        };
        let at = At { file: schema.at.file, node: format.id() };
        let message = format!("`{name}` is no format that is known, so nothing is checked by it");
        let finding = ctx.graph.sources.finding_at_value(&RULE.code, at, message);
        out.push(finding.with_help(match nearest(name, known()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "if it is your own, say in the description what it means".to_owned(),
        }));
    }
}
