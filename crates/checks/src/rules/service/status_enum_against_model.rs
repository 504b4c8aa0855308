//! SC45 `status-enum-against-model`.

use tenon_graph::Name;
use tenon_graph::service::{StatusEnum, Table};
use tenon_source::{At, Code, Finding, Level};

use crate::facts::service::ServiceFacts;
use crate::facts::service::services;
use crate::facts::words::words;
use crate::{Context, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code {
        id: "SC45",
        name: "status-enum-against-model",
        summary: "A status enum and the data model have different states",
        level: Level::Error,
        aliases: &[],
    },
    minimal: Level::Off,
    strict: Level::Error,
    doc: include_str!("status_enum_against_model.md"),
    check,
};

fn check(ctx: &Context<'_>, out: &mut Vec<Finding>) {
    for facts in services(ctx) {
        for one in &facts.contract.status_enums {
            against_model(&facts, one, out);
        }
        if facts.contract.status_enums_at.is_none() {
            missing(&facts, out);
        }
    }
}

fn against_model(facts: &ServiceFacts<'_>, one: &StatusEnum, out: &mut Vec<Finding>) {
    let (Some(name), Some(field), Some(_)) = (&one.name, &one.status_field, facts.model) else { return };
    let sources = &facts.graph.sources;
    let Some(table) = facts.table(&name.text) else {
        let message = format!("the data model has no table `{}`", name.text);
        out.push(
            facts.finding(&RULE.code, name.at, message).with_help("name the table as the data model does"),
        );
        return;
    };
    let column = table.column(&field.text);
    let Some((column, values)) = column.and_then(|column| Some((column, column.enum_values.as_ref()?)))
    else {
        let message = format!("the data model has no enum column `{}.{}`", table.name.text, field.text);
        let finding = facts.finding(&RULE.code, field.at, message);
        out.push(
            finding
                .with_related(sources.place(table.at), "the table")
                .with_help("name the column that holds the state"),
        );
        return;
    };
    let lacks = |list: &[Name], other: &[Name]| -> Vec<String> {
        let absent = list.iter().filter(|one| !other.iter().any(|two| two.text == one.text));
        absent.map(|one| format!("`{}`", one.text)).collect()
    };
    let (missing, extra) = (lacks(values, &one.allowed_values), lacks(&one.allowed_values, values));
    let what = match (missing.is_empty(), extra.is_empty()) {
        (true, true) => return,
        (false, true) => format!("lacks {}", missing.join(", ")),
        (true, false) => format!("has {}, which the column has not", extra.join(", ")),
        (false, false) => format!("lacks {} and has {} instead", missing.join(", "), extra.join(", ")),
    };
    let at = facts.graph.node(one.at).get("allowedValues");
    let at = at.map_or(one.at, |list| At { file: one.at.file, node: list.id() });
    let message = format!("the status enum of `{}` {what}", name.text);
    out.push(
        facts
            .finding(&RULE.code, at, message)
            .with_related(sources.place(column.at), "the column")
            .with_help("make `allowedValues` and the column's values the same"),
    );
}

/// No status enums, and a required entity that has states.
fn missing(facts: &ServiceFacts<'_>, out: &mut Vec<Finding>) {
    let tables = facts.model.into_iter().flat_map(|model| &model.tables);
    let used = |table: &&Table| {
        facts.endpoints.iter().any(|endpoint| facts.names_entity(endpoint, &table.name.text))
    };
    let with_states = tables.filter(used).find_map(|table| {
        let column = table
            .columns
            .iter()
            .find(|column| column.enum_values.is_some() && is_state(&column.name.text))?;
        Some((table, column))
    });
    let Some((table, column)) = with_states else { return };
    let message = format!(
        "`{}.{}` has states, and the contract has no `statusEnums`",
        table.name.text, column.name.text
    );
    out.push(
        facts
            .finding(&RULE.code, facts.contract.root, message)
            .with_related(facts.graph.sources.place(column.at), "the column")
            .with_help(
                "add `statusEnums` with the states, their transitions and meanings of each such entity",
            ),
    );
}

fn is_state(column: &str) -> bool {
    let words = words(column);
    words.last().is_some_and(|last| matches!(last.as_str(), "status" | "state"))
}
