//! OA112 `schema-example-invalid`.

use tenon_graph::ExampleOf;
use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule, examples};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA112",
        name: "schema-example-invalid",
        summary: "An example in a schema does not fit that schema",
        level: Level::Warning,
        aliases: &[
            "spectral:oas3-valid-schema-example",
            "spectral:oas2-valid-schema-example",
            "spectral:asyncapi-schema-examples",
            "spectral:asyncapi-payload-examples",
            "redocly:no-invalid-schema-examples",
        ],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("schema_example_invalid.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    examples::check(ctx, &RULE.code, "the example", |example| example.of == ExampleOf::Schema, out);
}
