//! OA170 `missing-contact`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::says;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA170",
        name: "missing-contact",
        summary: "The document names no contact",
        level: Level::Warning,
        aliases: &["spectral:info-contact", "redocly:info-contact"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("missing_contact.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for info in ctx.graph.apis.iter().filter_map(|api| api.info) {
        if !says(ctx, info, "contact") {
            let finding = ctx.graph.sources.finding(&RULE.code, info, "`info` has no `contact`");
            out.push(finding.with_help("add `contact` with a name and an email address or a URL"));
        }
    }
}
