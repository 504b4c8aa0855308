//! OA174 `license-without-text`.

use tenon_graph::OpenApiVersion;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{member, says};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA174",
        name: "license-without-text",
        summary: "The license leads to no text",
        level: Level::Warning,
        aliases: &["spectral:license-url", "redocly:info-license-strict"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("license_without_text.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        let Some(license) = api.info.and_then(|info| member(ctx, info, "license")) else { continue };
        let by_name = api.version >= OpenApiVersion::V3_1;
        if says(ctx, license, "url") || (by_name && says(ctx, license, "identifier")) {
            continue;
        }
        let missing = if by_name { "neither `url` nor `identifier`" } else { "no `url`" };
        let message = format!("the license has {missing}, so its text is not known");
        let finding = ctx.graph.sources.finding(&RULE.code, license, message);
        out.push(finding.with_help("add the URL of the license's text"));
    }
}
