//! OA044 `missing-parameter-description`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{parameters, says, with_operation};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA044",
        name: "missing-parameter-description",
        summary: "A parameter has no description",
        level: Level::Off,
        aliases: &[
            "spectral:oas2-parameter-description",
            "spectral:oas3-parameter-description",
            "redocly:parameter-description",
        ],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("missing_parameter_description.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        for (parameter, operation) in parameters(ctx, api) {
            let Some(name) = &parameter.name else { continue };
            if says(ctx, parameter.def, "description") || says(ctx, parameter.at, "description") {
                continue;
            }
            let message = format!("the parameter `{}` has no `description`", name.text);
            let finding = ctx.graph.sources.finding(&RULE.code, parameter.def, message);
            out.push(
                with_operation(finding, operation).with_help("say what may stand there and what it does"),
            );
        }
    }
}
