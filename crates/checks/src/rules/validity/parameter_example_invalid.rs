//! OA111 `parameter-example-invalid`.

use tenon_graph::ExampleOf;
use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule, examples};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA111",
        name: "parameter-example-invalid",
        summary: "An example of a parameter or header does not fit its schema",
        level: Level::Warning,
        aliases: &["spectral:oas3-valid-media-example", "redocly:no-invalid-parameter-examples"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("parameter_example_invalid.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    examples::check(ctx, &RULE.code, "the example", |example| example.of == ExampleOf::Parameter, out);
}
