//! JS020 `example-file-invalid`.

use tenon_graph::ExampleOf;
use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule, examples};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "JS020",
        name: "example-file-invalid",
        summary: "An example file does not fit its schema",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Error,
    strict: Level::Error,
    doc: include_str!("example_file_invalid.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    examples::check(ctx, &RULE.code, "the example", |example| example.of == ExampleOf::File, out);
}
