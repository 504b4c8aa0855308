//! OA113 `default-invalid`.

use tenon_graph::ExampleOf;
use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule, examples};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA113",
        name: "default-invalid",
        summary: "A default does not fit its own schema",
        level: Level::Warning,
        aliases: &[
            "spectral:oas3-valid-schema-example",
            "spectral:oas2-valid-schema-example",
            "spectral:asyncapi-schema-default",
            "spectral:asyncapi-payload-default",
        ],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("default_invalid.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    examples::check(ctx, &RULE.code, "the default", |example| example.of == ExampleOf::Default, out);
}
