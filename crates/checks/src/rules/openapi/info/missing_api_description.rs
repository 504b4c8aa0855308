//! OA172 `missing-api-description`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::says;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA172",
        name: "missing-api-description",
        summary: "The document does not say what the API is for",
        level: Level::Warning,
        aliases: &["spectral:info-description"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("missing_api_description.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for info in ctx.graph.apis.iter().filter_map(|api| api.info) {
        if !says(ctx, info, "description") {
            let finding = ctx.graph.sources.finding(&RULE.code, info, "`info` has no `description`");
            out.push(finding.with_help("say what the API is for, how callers log in and where they start"));
        }
    }
}
