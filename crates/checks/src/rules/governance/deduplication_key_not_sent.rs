//! EV007 `deduplication-key-not-sent`.

use std::rc::Rc;

use tenon_graph::Event;
use tenon_source::{Code, Finding, Level};

use super::declared_events;
use super::payloads::{Fields, Payloads, message_of};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "EV007",
        name: "deduplication-key-not-sent",
        summary: "The field by which a repeated delivery is told is not always sent",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("deduplication_key_not_sent.md"),
    check,
};

/// The fields of the envelope around every payload, where a contract describes no envelope of
/// its own.
const ENVELOPE: [&str; 5] = ["event_id", "type", "occurred_at", "correlation_id", "actor"];

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let mut payloads = Payloads::new(ctx);
    for event in declared_events(ctx) {
        let Some(key) = &event.deduplication_key else { continue };
        // `$message.header#/id` and `payload.id` name the field at their end.
        let name = key.text.rsplit(['/', '.']).next().unwrap_or(&key.text);
        let Some(places) = places(ctx, &mut payloads, event) else { continue };
        if places.iter().any(|fields| fields.required.contains(name)) {
            continue;
        }
        let (what, help) = if places.iter().any(|fields| fields.has(name)) {
            ("need not be there", format!("add `{name}` to `required`"))
        } else {
            (
                "is no field of it",
                format!(
                    "add `{name}` to the payload or headers and require it, or name a field that is there"
                ),
            )
        };
        let message =
            format!("a repeated delivery of `{}` is told by `{name}`, but `{name}` {what}", event.name.text);
        let finding = ctx.graph.sources.finding(&RULE.code, event.at, message);
        let place = ctx.graph.sources.place(key.at);
        out.push(finding.with_related(place, "declared here").with_help(help));
    }
}

/// What is sent with an event, as far as it is described; `None` where a part of it is not read.
fn places<'g>(ctx: &Context<'g>, payloads: &mut Payloads<'g>, event: &Event) -> Option<Vec<Rc<Fields<'g>>>> {
    let mut all = vec![payloads.of(event)?];
    if let Some(message) = message_of(ctx, event) {
        for headers in &message.headers {
            headers.format.dialect()?;
            all.extend(payloads.of_schema(headers.schema));
        }
        return Some(all);
    }
    let manifest = ctx.graph.event_manifests.iter().find(|manifest| manifest.file == event.file);
    match manifest.and_then(|manifest| manifest.envelope_schema.as_ref()) {
        Some(Ok(envelope)) => all.extend(payloads.of_schema(*envelope)),
        Some(Err(_)) => return None,
        None => all.push(Rc::new(Fields { required: ENVELOPE.into(), all: Vec::new() })),
    }
    Some(all)
}
