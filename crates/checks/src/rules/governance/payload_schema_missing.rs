//! EV002 `payload-schema-missing`.

use tenon_source::{Code, Finding, Level};

use super::declared_events;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "EV002",
        name: "payload-schema-missing",
        summary: "An event does not say what its payload is",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("payload_schema_missing.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for event in declared_events(ctx).filter(|event| event.payload_schema.is_none()) {
        let message = format!("the event `{}` has no payload schema", event.name.text);
        let finding = ctx.graph.sources.finding(&RULE.code, event.at, message);
        out.push(finding.with_help("name the schema of its payload"));
    }
}
