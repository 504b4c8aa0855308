//! EV003 `minimum-field-not-required`.

use tenon_source::{Code, Finding, Level};

use super::declared_events;
use super::payloads::Payloads;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "EV003",
        name: "minimum-field-not-required",
        summary: "A field that every payload must have is not required by the schema",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("minimum_field_not_required.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    let mut payloads = Payloads::new(ctx);
    for event in declared_events(ctx) {
        let Some(Ok(schema)) = event.payload_schema else { continue };
        let Some(fields) = payloads.of(event) else { continue };
        for field in event.minimum_fields.iter().filter(|field| !fields.required.contains(field.as_str())) {
            let message = format!(
                "every `{}` must have `{}`, but its schema does not require it",
                event.name.text, field.text
            );
            let place = ctx.graph.sources.place(ctx.graph.follow(schema));
            let finding = ctx.graph.sources.finding_at_value(&RULE.code, field.at, message);
            out.push(
                finding
                    .with_related(place, "the payload schema")
                    .with_help(format!("add `{}` to `required` of the schema", field.text)),
            );
        }
    }
}
