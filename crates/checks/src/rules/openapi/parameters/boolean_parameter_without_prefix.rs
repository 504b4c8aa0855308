//! OA045 `boolean-parameter-without-prefix`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::{parameters, types, with_operation};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA045",
        name: "boolean-parameter-without-prefix",
        summary: "A boolean parameter's name does not read as a question",
        level: Level::Off,
        aliases: &["redocly:boolean-parameter-prefixes"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("boolean_parameter_without_prefix.md"),
    check,
};

const PREFIXES: &[&str] = &["is", "has"];

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for api in &ctx.graph.apis {
        for (parameter, operation) in parameters(ctx, api) {
            let (Some(name), Some(schema)) = (&parameter.name, parameter.schema) else { continue };
            let schema = ctx.graph.node(ctx.graph.follow(schema));
            if !types(schema).eq(["boolean"]) || PREFIXES.iter().any(|prefix| is_prefixed(&name.text, prefix))
            {
                continue;
            }
            let message = format!("the boolean parameter `{}` does not start with `is` or `has`", name.text);
            let finding = ctx.graph.sources.finding(&RULE.code, parameter.def, message);
            out.push(
                with_operation(finding, operation).with_help("write the name as a question: `isArchived`"),
            );
        }
    }
}

fn is_prefixed(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix)
        .is_some_and(|rest| rest.starts_with(|next: char| next.is_uppercase() || "-_".contains(next)))
}
