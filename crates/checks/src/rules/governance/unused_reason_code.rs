//! OP016 `unused-reason-code`.

use std::collections::BTreeSet;

use tenon_graph::ErrorCode;
use tenon_source::{Code, Finding, Level};

use super::declared;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP016",
        name: "unused-reason-code",
        summary: "A reason code of the catalogue belongs to no operation",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("unused_reason_code.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let lists = declared(ctx).filter_map(|operation| operation.governance.reason_codes.as_ref());
    let used: BTreeSet<&str> = lists.flatten().map(|code| code.as_str()).collect();
    // What stands for a condition of the gateway is told by every operation.
    let told = |error: &&ErrorCode| used.contains(error.code.as_str()) || !error.stands_for.is_empty();
    for error in ctx.graph.errors.iter().filter(|error| !told(error)) {
        let message = format!("no operation answers with `{}`", error.code.text);
        let finding = ctx.graph.sources.finding(&RULE.code, error.at, message);
        out.push(finding.with_help("bind it to an operation with `reason_codes`, or remove it"));
    }
}
