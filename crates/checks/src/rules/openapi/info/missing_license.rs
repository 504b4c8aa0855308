//! OA173 `missing-license`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::says;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA173",
        name: "missing-license",
        summary: "The document names no license",
        level: Level::Warning,
        aliases: &["spectral:info-license", "redocly:info-license"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("missing_license.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for info in ctx.graph.apis.iter().filter_map(|api| api.info) {
        if !says(ctx, info, "license") {
            let finding = ctx.graph.sources.finding(&RULE.code, info, "`info` has no `license`");
            out.push(finding.with_help("add `license` with its name and its URL"));
        }
    }
}
