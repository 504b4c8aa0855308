//! AS042 `missing-async-description`.

use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::documents;
use crate::rules::openapi::support::says;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS042",
        name: "missing-async-description",
        summary: "A document does not say what the application does",
        level: Level::Warning,
        aliases: &["spectral:asyncapi-info-description"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("missing_async_description.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for info in documents(ctx).filter_map(|api| api.info).filter(|info| !says(ctx, *info, "description")) {
        let finding = ctx.graph.sources.finding(&RULE.code, info, "the document has no `description`");
        out.push(finding.with_help("say what the application does and for whom"));
    }
}
