//! AS043 `missing-async-license`.

use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::documents;
use crate::rules::openapi::support::says;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS043",
        name: "missing-async-license",
        summary: "A document names no license",
        level: Level::Warning,
        aliases: &["spectral:asyncapi-info-license"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("missing_async_license.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for info in documents(ctx).filter_map(|api| api.info).filter(|info| !says(ctx, *info, "license")) {
        let finding = ctx.graph.sources.finding(&RULE.code, info, "the document has no `license`");
        out.push(finding.with_help("add `license: {name, url}`"));
    }
}
