//! PB060 `enum-without-comment`.

use tenon_source::{Code, Finding, Level};

use super::support::{comment_missing, enums};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB060",
        name: "enum-without-comment",
        summary: "An enum has no comment",
        level: Level::Off,
        aliases: &["buf:COMMENT_ENUM"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("enum_without_comment.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for one in enums(ctx) {
        comment_missing(ctx, &RULE.code, ("enum", one.name()), one.at, out);
    }
}
