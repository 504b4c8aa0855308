//! PB065 `rpc-without-comment`.

use tenon_source::{Code, Finding, Level};

use super::support::{comment_missing, rpcs};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "PB065",
        name: "rpc-without-comment",
        summary: "An RPC has no comment",
        level: Level::Off,
        aliases: &["buf:COMMENT_RPC"],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("rpc_without_comment.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (_, one) in rpcs(ctx) {
        comment_missing(ctx, &RULE.code, ("RPC", &one.name), one.at, out);
    }
}
