//! OA083 `optional-discriminator`.

use tenon_graph::Keywords;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::lookup::{declares, discriminator, lacking_alternative, requires};
use crate::rules::openapi::support::schemas;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA083",
        name: "optional-discriminator",
        summary: "A discriminator's property may be left out",
        level: Level::Warning,
        aliases: &[
            "spectral:oas2-discriminator",
            "redocly:no-illogical-composition-keywords",
            "redocly:spec-discriminator-defaultMapping",
        ],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("optional_discriminator.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    for (schema, _) in schemas(ctx, Keywords::DISCRIMINATOR) {
        let Some((name, place)) = discriminator(ctx, schema.at) else { continue };
        let has_default = ctx.graph.node(place).get("defaultMapping").is_some();
        if has_default || !declares(ctx, schema.at, name) || requires(ctx, schema.at, name) {
            continue;
        }
        let alternative = lacking_alternative(ctx, schema.at, |branch| requires(ctx, branch, name));
        let message = format!("the discriminator's property `{name}` is not required");
        let finding =
            sources.finding(&RULE.code, place, message).with_help(format!("add `{name}` to `required`"));
        out.push(match alternative {
            Some(branch) => finding.with_related(sources.place(branch), "it may be left out here"),
            None => finding,
        });
    }
}
