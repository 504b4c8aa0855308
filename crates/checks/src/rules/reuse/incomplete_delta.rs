//! RE008 `incomplete-delta`.

use tenon_source::{Code, Finding, Level};

use super::is_said;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "RE008",
        name: "incomplete-delta",
        summary: "A delta does not say who owns it, what it must keep or who takes it over",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("incomplete_delta.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let deltas = ctx.graph.reuse_registers.iter().flat_map(|register| &register.deltas);
    for delta in deltas {
        let said = |name: &Option<tenon_graph::Name>| name.as_ref().is_some_and(|name| is_said(&name.text));
        let columns = [
            ("authority_owner", said(&delta.authority_owner), "who decides about it"),
            ("compatibility_rule", said(&delta.compatibility_rule), "what later versions must keep"),
            (
                "downstream_consumers",
                delta.downstream_consumers.iter().any(|name| is_said(&name.text)),
                "who takes it over",
            ),
        ];
        for (column, _, help) in columns.iter().filter(|(_, said, _)| !said) {
            let message = format!("the delta `{}` says no `{column}`", delta.delta.text);
            out.push(
                ctx.graph.sources.finding(&RULE.code, delta.at, message).with_help(format!("write {help}")),
            );
        }
    }
}
