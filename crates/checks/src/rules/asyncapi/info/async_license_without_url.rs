//! AS044 `async-license-without-url`.

use tenon_source::{Code, Finding, Level};

use crate::rules::asyncapi::support::documents;
use crate::rules::openapi::support::{member, says};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS044",
        name: "async-license-without-url",
        summary: "A license has no `url`",
        level: Level::Warning,
        aliases: &["spectral:asyncapi-info-license-url"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("async_license_without_url.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let licenses = documents(ctx).filter_map(|api| member(ctx, api.info?, "license"));
    for license in licenses.filter(|license| !says(ctx, *license, "url")) {
        let finding = ctx.graph.sources.finding(&RULE.code, license, "the license has no `url`");
        out.push(finding.with_help("add the address of its text"));
    }
}
