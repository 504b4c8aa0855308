//! OA176 `eval-in-markdown`.

use memchr::memmem;
use tenon_source::{Code, Finding, Level};

use crate::rules::openapi::support::texts;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OA176",
        name: "eval-in-markdown",
        summary: "A text calls `eval`",
        level: Level::Warning,
        aliases: &["spectral:no-eval-in-markdown"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("eval_in_markdown.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (place, text) in texts(ctx, |text| memmem::find(text.as_bytes(), b"eval(").is_some()) {
        if text.contains("eval(") {
            let finding =
                ctx.graph.sources.finding(&RULE.code, place, "the text has `eval(`, which runs code");
            out.push(finding.with_help("remove the call"));
        }
    }
}
