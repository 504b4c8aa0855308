//! OA067 `undefined-discriminator`.

use tenon_graph::Keywords;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::lookup::{declares, discriminator, lacking_alternative};
use crate::rules::openapi::support::schemas;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA067",
        name: "undefined-discriminator",
        summary: "A discriminator names a property that is not described",
        level: Level::Warning,
        aliases: &["spectral:oas2-discriminator", "redocly:no-illogical-composition-keywords"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("undefined_discriminator.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    for (schema, _) in schemas(ctx, Keywords::DISCRIMINATOR) {
        let Some((name, place)) = discriminator(ctx, schema.at) else { continue };
        if declares(ctx, schema.at, name) {
            continue;
        }
        let alternative = lacking_alternative(ctx, schema.at, |branch| declares(ctx, branch, name));
        let message = format!("the discriminator's property `{name}` is not described");
        let finding = sources.finding(&RULE.code, place, message);
        let finding = finding.with_help(format!("add `{name}` to `properties` and to `required`"));
        out.push(match alternative {
            Some(branch) => finding.with_related(sources.place(branch), format!("`{name}` is missing here")),
            None => finding,
        });
    }
}
