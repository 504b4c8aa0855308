//! OP044 `message-without-owner`.

use tenon_source::{Code, Finding, Level};

use super::*;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP044",
        name: "message-without-owner",
        summary: "A message of the service says not who answers for it",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("message_without_owner.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for (_, surface) in surfaces(ctx.graph).filter(|(_, surface)| !surface.messages.is_empty()) {
        for message in unsaid(ctx.graph, surface, |facts| facts.owner.is_some()) {
            let text = format!("nobody answers for `{}`", message.name());
            let finding = ctx.graph.sources.finding(&RULE.code, message.at, text);
            let help =
                format!("write `{}: {{owner: …}}` under `rpc.messages` of the contract", message.name());
            out.push(finding.with_help(help));
        }
    }
}
