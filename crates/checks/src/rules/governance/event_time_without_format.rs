//! EV004 `event-time-without-format`.

use rustc_hash::FxHashSet;
use tenon_graph::{AvroKind, AvroType};
use tenon_source::{Code, Finding, Level, Node};

use super::declared_events;
use super::payloads::{FieldKind, Payloads, payload_of};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "EV004",
        name: "event-time-without-format",
        summary: "A time of an event is not typed as one",
        level: Level::Warning,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("event_time_without_format.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let mut payloads = Payloads::new(ctx);
    // A payload of several events is told once.
    let mut seen = FxHashSet::default();
    for event in declared_events(ctx) {
        let Some(fields) = payloads.of(event).filter(|_| seen.insert(payload_of(event))) else { continue };
        for field in fields.all.iter().filter(|field| field.name.ends_with("_at")) {
            let (wanted, said) = match field.kind {
                FieldKind::Json(schema) => ("format: date-time", is_time(schema)),
                FieldKind::Avro(avro) => ("logicalType: timestamp-millis", is_avro_time(avro)),
            };
            if !said {
                let message = format!(
                    "`{}` of `{}` is a time, but its schema does not say `{wanted}`",
                    field.name, event.name.text
                );
                let finding = ctx.graph.sources.finding(&RULE.code, field.at, message);
                out.push(finding.with_help(format!("add `{wanted}`")));
            }
        }
    }
}

/// Whether a field is a time or no text at all.
fn is_time(schema: Node<'_>) -> bool {
    let is_text = schema.get_str("type").is_none_or(|kind| kind == "string");
    !is_text || schema.get_str("format") == Some("date-time")
}

/// Whether a number says that it is a time; a text of Avro has no way to.
fn is_avro_time(avro: &AvroType) -> bool {
    match &avro.kind {
        AvroKind::Union(branches) => branches.iter().all(is_avro_time),
        AvroKind::Primitive("int" | "long") => avro.logical.is_some(),
        _ => true,
    }
}
