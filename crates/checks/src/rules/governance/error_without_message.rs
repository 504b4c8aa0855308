//! OP068 `error-without-message`.

use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP068",
        name: "error-without-message",
        summary: "An entry of the error catalogue has no message",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("error_without_message.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for error in ctx.graph.errors.iter().filter(|error| error.message.is_none()) {
        // A catalogue of codes alone is a list of names: RPC errors carry their texts elsewhere.
        let told =
            ctx.graph.errors.iter().any(|other| other.at.file == error.at.file && other.message.is_some());
        if told {
            let message = format!("the error `{}` has no message", error.code.text);
            let finding = ctx.graph.sources.finding(&RULE.code, error.at, message);
            out.push(finding.with_help("say in one sentence what is wrong"));
        }
    }
}
