//! PB066 `service-without-comment`.

use tenon_source::{Code, Finding, Level};

use super::support::{comment_missing, services};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB066",
        name: "service-without-comment",
        summary: "A service has no comment",
        level: Level::Off,
        aliases: &["buf:COMMENT_SERVICE"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("service_without_comment.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for one in services(ctx) {
        comment_missing(ctx, &RULE.code, ("service", one.name()), one.at, out);
    }
}
