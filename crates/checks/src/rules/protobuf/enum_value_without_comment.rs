//! PB061 `enum-value-without-comment`.

use tenon_source::{Code, Finding, Level};

use super::support::{comment_missing, values};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB061",
        name: "enum-value-without-comment",
        summary: "An enum value has no comment",
        level: Level::Off,
        aliases: &["buf:COMMENT_ENUM_VALUE"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("enum_value_without_comment.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (_, one) in values(ctx) {
        comment_missing(ctx, &RULE.code, ("enum value", &one.name), one.at, out);
    }
}
