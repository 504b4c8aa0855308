//! OA046 `array-parameter-without-style`.

use tenon_graph::OpenApiVersion;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{parameters, types, with_operation};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA046",
        name: "array-parameter-without-style",
        summary: "An array parameter does not say how it is written",
        level: Level::Off,
        aliases: &["redocly:array-parameter-serialization"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("array_parameter_without_style.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in ctx.graph.apis.iter().filter(|api| api.version > OpenApiVersion::V2) {
        for (parameter, operation) in parameters(ctx, api) {
            let (Some(name), Some(schema)) = (&parameter.name, parameter.schema) else { continue };
            let node = ctx.graph.node(parameter.def);
            let schema = ctx.graph.node(ctx.graph.follow(schema));
            let is_array = types(schema).any(|name| name == "array") || schema.get("items").is_some();
            if !is_array || (node.get("style").is_some() && node.get("explode").is_some()) {
                continue;
            }
            let message = format!("the array parameter `{}` does not say how it is written", name.text);
            let finding = ctx.graph.sources.finding(&RULE.code, parameter.def, message);
            out.push(
                with_operation(finding, operation)
                    .with_help("add `style` and `explode`, such as `form` and `true`"),
            );
        }
    }
}
