//! SC23 `unbound-payload`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::facts::words::fold;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC23",
        name: "unbound-payload",
        summary: "A structured body field is not bound to its column by the notes",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("unbound_payload.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for endpoint in &facts.endpoints {
            for payload in facts.structured_payloads(endpoint) {
                if is_bound(endpoint.notes(), &payload.table.name.text, payload.field) {
                    continue;
                }
                let column = format!("{}.{}", payload.table.name.text, payload.field);
                let message =
                    format!("`{}` is structured, and the notes do not say where it is kept", payload.field);
                let declared =
                    payload.table.column(payload.field).map_or(payload.table.at, |column| column.at);
                out.push(
                    facts
                        .finding_in(&RULE.code, endpoint, Some(payload.name.at), message)
                        .with_related(facts.graph.sources.place(declared), "the column")
                        .with_help(format!("add to `notes`: \"persisted to {column}\"")),
                );
            }
        }
    }
}

/// Whether the notes have `table.column`, the table in any of its variants.
fn is_bound(notes: &str, table: &str, column: &str) -> bool {
    notes.match_indices(&format!(".{column}")).any(|(at, found)| {
        let before = notes.get(..at).unwrap_or_default();
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let name = before.rsplit(|c: char| !is_name(c)).next().unwrap_or_default();
        let after = notes.get(at + found.len()..).and_then(|tail| tail.chars().next());
        fold(name) == fold(table) && !after.is_some_and(is_name)
    })
}
