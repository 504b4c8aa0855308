//! PB062 `field-without-comment`.

use tenon_source::{Code, Finding, Level};

use super::support::{comment_missing, fields, is_group};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB062",
        name: "field-without-comment",
        summary: "A field has no comment",
        level: Level::Off,
        aliases: &["buf:COMMENT_FIELD"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("field_without_comment.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for one in fields(ctx).filter(|field| !is_group(ctx, field)) {
        comment_missing(ctx, &RULE.code, ("field", &one.name), one.at, out);
    }
}
