//! PB063 `message-without-comment`.

use tenon_source::{Code, Finding, Level};

use super::support::{comment_missing, messages};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB063",
        name: "message-without-comment",
        summary: "A message has no comment",
        level: Level::Off,
        aliases: &["buf:COMMENT_MESSAGE"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("message_without_comment.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for one in messages(ctx) {
        comment_missing(ctx, &RULE.code, ("message", one.name()), one.at, out);
    }
}
