//! OA161 `missing-tag-description`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::says;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA161",
        name: "missing-tag-description",
        summary: "A tag has no description",
        level: Level::Warning,
        aliases: &["spectral:tag-description", "redocly:tag-description"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("missing_tag_description.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for tag in ctx.graph.apis.iter().flat_map(|api| &api.tags) {
        if !says(ctx, tag.at, "description") {
            let message = format!("the tag `{}` has no `description`", tag.name.text);
            let finding = ctx.graph.sources.finding_at_value(&RULE.code, tag.name.at, message);
            out.push(finding.with_help("say in a sentence what belongs to the tag"));
        }
    }
}
