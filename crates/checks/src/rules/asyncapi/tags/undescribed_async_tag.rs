//! AS061 `undescribed-async-tag`.

use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::documents;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS061",
        name: "undescribed-async-tag",
        summary: "A tag has no description",
        level: Level::Warning,
        aliases: &["spectral:asyncapi-tag-description", "spectral:asyncapi-3-tag-description"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("undescribed_async_tag.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for tag in documents(ctx).flat_map(|api| &api.tags).filter(|tag| !tag.described) {
        let message = format!("the tag `{}` has no description", tag.name.text);
        let finding = ctx.graph.sources.finding_at_value(&RULE.code, tag.name.at, message);
        out.push(finding.with_help("say what it groups"));
    }
}
