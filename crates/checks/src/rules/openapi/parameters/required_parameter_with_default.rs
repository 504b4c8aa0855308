//! OA050 `required-parameter-with-default`.

use tenon_graph::ParameterIn;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{parameters, with_operation};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA050",
        name: "required-parameter-with-default",
        summary: "A required parameter has a default",
        level: Level::Off,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("required_parameter_with_default.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        for (parameter, operation) in parameters(ctx, api) {
            let (Some(name), Some(schema)) = (&parameter.name, parameter.schema) else { continue };
            let is_value = !matches!(parameter.place, Some(ParameterIn::Body | ParameterIn::Path) | None);
            if !parameter.required
                || !is_value
                || ctx.graph.node(ctx.graph.follow(schema)).get("default").is_none()
            {
                continue;
            }
            let message = format!("the parameter `{}` is required, so its default is never used", name.text);
            let finding = ctx.graph.sources.finding(&RULE.code, parameter.def, message);
            out.push(
                with_operation(finding, operation).with_help("remove `required: true`, or the `default`"),
            );
        }
    }
}
