//! PB020 `syntax-missing`.

use tenon_source::{Code, Finding, Level};

use super::support::{at_span, files};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB020",
        name: "syntax-missing",
        summary: "A file does not say which dialect it is written in",
        level: Level::Warning,
        aliases: &["buf:SYNTAX_SPECIFIED"],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("syntax_missing.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for file in files(ctx).filter(|file| file.syntax_span.is_none()) {
        let message =
            format!("`{}` has neither `syntax` nor `edition`, so that it is read as proto2", file.name);
        let finding = at_span(&RULE.code, file, None, message);
        out.push(finding.with_help("start the file with `syntax = \"proto3\";` or `edition = \"2023\";`"));
    }
}
