//! PB064 `oneof-without-comment`.

use tenon_source::{Code, Finding, Level};

use super::support::{comment_missing, oneofs};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB064",
        name: "oneof-without-comment",
        summary: "A oneof has no comment",
        level: Level::Off,
        aliases: &["buf:COMMENT_ONEOF"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("oneof_without_comment.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for one in oneofs(ctx) {
        comment_missing(ctx, &RULE.code, ("oneof", &one.name), one.at, out);
    }
}
