//! AS021 `message-example-invalid`.

use tenon_graph::ExampleOf;
use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule, examples};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "AS021",
        name: "message-example-invalid",
        summary: "An example of a message does not fit its payload or headers",
        level: Level::Warning,
        aliases: &["spectral:asyncapi-message-examples"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("message_example_invalid.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    examples::check(ctx, &RULE.code, "the example", |example| example.of == ExampleOf::Message, out);
}
