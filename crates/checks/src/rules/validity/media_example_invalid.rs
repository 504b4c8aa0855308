//! OA110 `media-example-invalid`.

use tenon_graph::ExampleOf;
use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule, examples};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA110",
        name: "media-example-invalid",
        summary: "An example of a body does not fit the schema of the body",
        level: Level::Warning,
        aliases: &[
            "spectral:oas3-valid-media-example",
            "spectral:oas2-valid-media-example",
            "redocly:no-invalid-media-type-examples",
        ],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("media_example_invalid.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    examples::check(ctx, &RULE.code, "the example", |example| example.of == ExampleOf::Media, out);
}
