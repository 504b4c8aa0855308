//! EV005 `delivery-undeclared`.

use tenon_source::{Code, Finding, Level};

use super::declared_events;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "EV005",
        name: "delivery-undeclared",
        summary: "An event does not say how it is delivered",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("delivery_undeclared.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    // Where no event says anything of it the format has no place for it, and one finding is
    // enough to say so; see `undeclared_as_a_whole`.
    let silent = |event: &&tenon_graph::Event| {
        event.delivery.is_none() && event.deduplication_key.is_none() && event.ordering.is_none()
    };
    for document in &ctx.graph.documents {
        let mut events = declared_events(ctx).filter(|event| event.file == document.file).peekable();
        let Some(first) = events.peek().copied() else { continue };
        if declared_events(ctx).filter(|event| event.file == document.file).all(|event| silent(&event)) {
            out.push(undeclared_as_a_whole(ctx, first));
            continue;
        }
        for event in events {
            for (value, what) in [
                (&event.delivery, "its delivery guarantee"),
                (&event.deduplication_key, "by which field a repeated delivery is told"),
                (&event.ordering, "what order it promises"),
            ] {
                if value.is_none() {
                    let message = format!("the event `{}` does not say {what}", event.name.text);
                    let finding = ctx.graph.sources.finding(&RULE.code, event.at, message);
                    out.push(finding.with_help(HELP));
                }
            }
        }
    }
}

const HELP: &str = "say it once for all events: `delivery: {guarantee: at-least-once, deduplication_key: event_id, ordering: none}`";

fn undeclared_as_a_whole(ctx: &Context<'_>, first: &tenon_graph::Event) -> Finding {
    let message = "no event of this file says how it is delivered: guarantee, de-duplication key and order";
    ctx.graph.sources.finding(&RULE.code, first.at, message).with_help(HELP)
}
