//! OA138 `example-without-value`.

use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::bodies::examples;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA138",
        name: "example-without-value",
        summary: "An example has no value",
        level: Level::Warning,
        aliases: &["spectral:oas3-examples-value-or-externalValue"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("example_without_value.md"),
    check,
};

const VALUES: &[&str] = &["value", "externalValue", "dataValue", "serializedValue"];

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for place in ctx.graph.apis.iter().flat_map(|api| examples(ctx, api)) {
        let example = ctx.graph.node(place);
        // A reference that leads nowhere is reported as such.
        let says = VALUES.iter().any(|key| example.get(key).is_some()) || example.get("$ref").is_some();
        if example.is_object() && !says {
            let finding = ctx.graph.sources.finding(&RULE.code, place, "the example has no `value`");
            out.push(finding.with_help("put the example's value below `value`"));
        }
    }
}
