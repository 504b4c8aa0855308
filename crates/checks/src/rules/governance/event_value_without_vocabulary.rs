//! EV008 `event-value-without-vocabulary`.

use rustc_hash::FxHashSet;
use tenon_graph::{AvroKind, AvroType};
use tenon_source::{Code, Finding, Level, Node};

use super::declared_events;
use super::payloads::{FieldKind, Payloads, payload_of};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "EV008",
        name: "event-value-without-vocabulary",
        summary: "A reason code, state or tier of an event may be any text",
        level: Level::Info,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Warning,
    doc: include_str!("event_value_without_vocabulary.md"),
    check,
};

/// Ends of names whose values are words that consumers compare with.
const ENDS: [&str; 4] = ["reason_code", "_state", "_tier", "_status"];

/// Keywords that say which texts there may be, here or elsewhere.
const NARROWING: [&str; 6] = ["enum", "const", "pattern", "allOf", "anyOf", "oneOf"];

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let mut payloads = Payloads::new(ctx);
    // A payload of several events is told once.
    let mut seen = FxHashSet::default();
    for event in declared_events(ctx) {
        let Some(fields) = payloads.of(event).filter(|_| seen.insert(payload_of(event))) else { continue };
        for field in fields.all.iter().filter(|field| ENDS.iter().any(|end| field.name.ends_with(end))) {
            let any = match field.kind {
                FieldKind::Json(schema) => is_any_text(schema),
                FieldKind::Avro(avro) => is_any_avro_text(avro),
            };
            if any {
                let message = format!(
                    "`{}` of `{}` may be any text: no vocabulary is declared",
                    field.name, event.name.text
                );
                let finding = ctx.graph.sources.finding(&RULE.code, field.at, message);
                out.push(finding.with_help("list its values in `enum`, if consumers may rely on them"));
            }
        }
    }
}

fn is_any_text(schema: Node<'_>) -> bool {
    schema.get_str("type") == Some("string") && NARROWING.iter().all(|keyword| schema.get(keyword).is_none())
}

fn is_any_avro_text(avro: &AvroType) -> bool {
    match &avro.kind {
        AvroKind::Primitive("string") => true,
        AvroKind::Union(branches) => branches.iter().any(is_any_avro_text),
        _ => false,
    }
}
