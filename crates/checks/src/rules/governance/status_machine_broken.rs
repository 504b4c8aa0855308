//! OP032 `status-machine-broken`.

use std::collections::BTreeSet;

use tenon_source::{Code, Finding, Level};

use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "OP032",
        name: "status-machine-broken",
        summary: "The transitions of an entity do not fit its states",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("status_machine_broken.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let sources = &ctx.graph.sources;
    for entity in ctx.graph.entities.iter().filter(|entity| !entity.states.is_empty()) {
        let states: BTreeSet<&str> = entity.states.iter().map(|state| state.as_str()).collect();
        let mut from = BTreeSet::new();
        for transition in &entity.transitions {
            if !from.insert(transition.from.as_str()) {
                let message = format!(
                    "transitions from `{}` are given twice for `{}`",
                    transition.from.text, entity.name.text
                );
                out.push(sources.finding(&RULE.code, transition.at, message).with_help("join the two lists"));
            }
            let ends = std::iter::once(&transition.from).chain(&transition.to);
            for state in ends.filter(|state| !states.contains(state.as_str())) {
                let message = format!("`{}` is no state of `{}`", state.text, entity.name.text);
                let help =
                    format!("the states are {}", states.iter().copied().collect::<Vec<_>>().join(", "));
                out.push(sources.finding_at_value(&RULE.code, state.at, message).with_help(help));
            }
        }
    }
}
