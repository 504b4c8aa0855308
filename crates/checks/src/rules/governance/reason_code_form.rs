//! OP017 `reason-code-form`.

use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP017",
        name: "reason-code-form",
        summary: "A reason code is not in snake case",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("reason_code_form.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for error in &ctx.graph.errors {
        let name = error.code.as_str();
        let lower =
            name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        let upper =
            name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        let starts = name.starts_with(|first: char| first.is_ascii_alphabetic());
        // RPC errors are written in capitals (google.rpc.ErrorInfo); that is snake case too.
        if !(lower || upper) || !starts || name.ends_with('_') || name.contains("__") {
            let message = format!("the reason code `{name}` is not in snake case");
            let finding = ctx.graph.sources.finding(&RULE.code, error.at, message);
            out.push(
                finding.with_help("write it like `dispute_not_found`, or `E_NOT_FOUND` for an RPC error"),
            );
        }
    }
}
