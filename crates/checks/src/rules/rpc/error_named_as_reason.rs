//! OP048 `error-named-as-reason`.

use tenon_source::{Code, Finding, Level};

use super::*;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP048",
        name: "error-named-as-reason",
        summary: "An RPC error code has the name of a reason code",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("error_named_as_reason.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    for (_, surface) in surfaces(ctx.graph) {
        let Some(codes) = error_enum(ctx.graph, surface) else { continue };
        for catalogue in &surface.reason_catalogues {
            let path = &catalogue.path;
            let Some(reasons) = &catalogue.codes else {
                let message = format!(
                    "error codes and reason codes cannot be told apart: `{}` has no list of codes",
                    path.text
                );
                let finding = sources.finding_at_value(&RULE.code, path.at, message);
                out.push(
                    finding
                        .with_help("name a JSON or YAML file with a list `codes`, as seen from the contract"),
                );
                continue;
            };
            for (code, at) in error_codes(ctx.graph, codes) {
                let Some(reason) = reasons.iter().find(|reason| reason.as_str() == code) else { continue };
                let message = format!("the error code `{code}` is a reason code of `{}` too", path.text);
                let finding = sources.finding(&RULE.code, at, message);
                out.push(
                    finding
                        .with_related(sources.place(reason.at), "the reason code")
                        .with_help("give the error code a name of its own"),
                );
            }
        }
    }
}
