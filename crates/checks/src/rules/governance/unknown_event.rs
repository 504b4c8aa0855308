//! EV006 `unknown-event`.

use std::collections::BTreeSet;

use tenon_source::{Code, Finding, Level};

use super::declared;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "EV006",
        name: "unknown-event",
        summary: "An operation causes an event that no contract declares",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("unknown_event.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let known: BTreeSet<&str> = ctx.graph.events.iter().map(|event| event.name.as_str()).collect();
    for operation in declared(ctx) {
        for event in
            operation.governance.emits.iter().flatten().filter(|event| !known.contains(event.as_str()))
        {
            let message = format!(
                "{} causes the event `{}`, which no contract declares",
                operation.label(),
                event.text
            );
            let finding = ctx.graph.sources.finding_at_value(&RULE.code, event.at, message);
            let help = match tenon_source::nearest(&event.text, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "declare it under `events` with its payload".to_owned(),
            };
            out.push(finding.with_operation(operation.label()).with_help(help));
        }
    }
}
