//! SC50 `parameter-without-column`.

use tenon_source::{Code, Finding, Level};

use crate::facts::service::services;
use crate::facts::words::{fold, has_word};
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC50",
        name: "parameter-without-column",
        summary: "A body field is no column of the table that its endpoint works on, and no note explains it",
        level: Level::Info,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Info,
    doc: include_str!("parameter_without_column.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for endpoint in &facts.endpoints {
            let Some(target) = facts.target(endpoint) else { continue };
            let writes = facts.is_create(endpoint) || facts.is_update(endpoint);
            // An action takes what it needs, not columns.
            if !writes || target.action.is_some() {
                continue;
            }
            for (field, name) in endpoint.body_fields() {
                let folded = fold(field);
                let is_column = target.table.columns.iter().any(|column| fold(&column.name.text) == folded);
                let is_hashed = target.table.column(&format!("{field}Hash")).is_some();
                if is_column || is_hashed || has_word(endpoint.notes(), field) {
                    continue;
                }
                let table = &target.table.name.text;
                let message =
                    format!("`{table}` has no column `{field}`, and the notes do not say what becomes of it");
                out.push(
                    facts
                        .finding_in(&RULE.code, endpoint, Some(name.at), message)
                        .with_related(facts.graph.sources.place(target.table.at), "the table")
                        .with_help("name the column, or say in `notes` where the value goes"),
                );
            }
        }
    }
}
