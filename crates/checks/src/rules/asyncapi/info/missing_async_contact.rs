//! AS040 `missing-async-contact`.

use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::documents;
use crate::rules::openapi::support::says;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS040",
        name: "missing-async-contact",
        summary: "A document names no contact",
        level: Level::Warning,
        aliases: &["spectral:asyncapi-info-contact"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("missing_async_contact.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for info in documents(ctx).filter_map(|api| api.info).filter(|info| !says(ctx, *info, "contact")) {
        let finding = ctx.graph.sources.finding(&RULE.code, info, "the document has no `contact`");
        out.push(finding.with_help("say who answers for it: `contact: {name, url, email}`"));
    }
}
