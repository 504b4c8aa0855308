//! EV004 `event-time-without-format`.

use tenon_source::{Code, Finding, Level};

use super::declared_events;
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
    for event in declared_events(ctx) {
        let Some(Ok(schema)) = event.payload_schema else { continue };
        let schema = ctx.graph.follow(schema);
        let Some(properties) = ctx.graph.node(schema).get("properties") else { continue };
        for (name, property) in properties.members().filter(|(name, _)| name.ends_with("_at")) {
            let written = tenon_source::At { file: schema.file, node: property.id() };
            let property = ctx.graph.node(ctx.graph.follow(written));
            let is_text = property.get_str("type").is_none_or(|kind| kind == "string");
            if is_text && property.get_str("format") != Some("date-time") {
                let message = format!(
                    "`{name}` of `{}` is a time, but its schema does not say `format: date-time`",
                    event.name.text
                );
                let finding = ctx.graph.sources.finding(&RULE.code, written, message);
                out.push(finding.with_help("add `format: date-time`"));
            }
        }
    }
}
