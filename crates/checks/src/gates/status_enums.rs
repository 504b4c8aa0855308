//! Gate `status-enums`: the states of an entity are complete, and those of the data model. The
//! seed names the gate and prints no script; section 2 says what it asks (A004-02).

use tenon_graph::service::{Column, DataModel, StatusEnum};
use tenon_source::{At, Node};

use super::report::{GateReport, kind_of};
use super::{Gate, GateInput, codes, words};

/// S4-195, S4-74 to S4-78.
pub(super) fn run(input: &GateInput<'_>) -> GateReport {
    let mut report = GateReport::new(Gate::StatusEnums);
    let model = input.data_model();
    if model.is_none() {
        report.not_run.push("values against the data model: no data-relationships.json was given".to_owned());
    }
    let list = input.root().get("statusEnums");
    let Some(list) = list else {
        undeclared(input, model, &mut report);
        return report;
    };
    // A stand-alone file has its entries below `entities` (A004-18).
    let entries = list.get("entities").unwrap_or(list);
    if !entries.is_array() {
        let message = format!("statusEnums is {}, not an array", kind_of(list));
        fail(input, At { file: input.contract, node: list.id() }, &message, &mut report);
        return report;
    }
    for (index, entry) in entries.items().enumerate() {
        entry_fields(input, index, entry, &mut report);
    }
    for status_enum in input.status_enums() {
        transitions(input, status_enum, &mut report);
        if let Some(model) = model {
            against_model(input, status_enum, model, &mut report);
        }
    }
    report
}

fn fail(input: &GateInput<'_>, at: At, message: &str, report: &mut GateReport) {
    report.fail_plainly(input, &codes::STATUS_ENUM, at, message, None);
}

/// An application with a status column has stateful entities (S4-76).
fn undeclared(input: &GateInput<'_>, model: Option<&DataModel>, report: &mut GateReport) {
    let tables = model.into_iter().flat_map(|model| &model.tables);
    let mut states = tables.flat_map(|table| table.columns.iter().map(move |column| (table, column)));
    let state = states.find(|(_, column)| is_status(column));
    if let Some((table, column)) = state {
        let message = format!(
            "statusEnums missing: {}.{} of the data model is a status",
            table.name.text, column.name.text
        );
        fail(input, input.root_at(), &message, report);
    }
}

fn is_status(column: &Column) -> bool {
    column.enum_values.is_some()
        && words::normal(&column.name.text).last().is_some_and(|word| word == "status")
}

/// S4-74: every entry has its fields, of their types.
fn entry_fields(input: &GateInput<'_>, index: usize, entry: Node<'_>, report: &mut GateReport) {
    let place = |node: Node<'_>| At { file: input.contract, node: node.id() };
    let label = entry.get_str("name").map_or_else(|| format!("statusEnums[{index}]"), str::to_owned);
    if !entry.is_object() {
        fail(input, place(entry), &format!("{label} is {}, not an object", kind_of(entry)), report);
        return;
    }
    for name in ["name", "statusField"] {
        match entry.get(name) {
            Some(value) if value.as_str().is_some_and(|text| !text.is_empty()) => {}
            Some(value) => fail(
                input,
                place(value),
                &format!("{label} {name} is {}, not a name", kind_of(value)),
                report,
            ),
            None => fail(input, place(entry), &format!("{label} missing {name}"), report),
        }
    }
    for name in ["allowedValues", "transitions"] {
        match entry.get(name) {
            Some(value) if value.is_array() && (name == "transitions" || !value.is_empty()) => {}
            Some(value) if value.is_array() => {
                fail(input, place(value), &format!("{label} {name} is empty"), report)
            }
            Some(value) => fail(
                input,
                place(value),
                &format!("{label} {name} is {}, not an array", kind_of(value)),
                report,
            ),
            None => fail(input, place(entry), &format!("{label} missing {name}"), report),
        }
    }
    for (at, step) in entry.get("transitions").into_iter().flat_map(|list| list.items()).enumerate() {
        if step.get_str("from").is_none() {
            fail(input, place(step), &format!("{label} transitions[{at}] has no from"), report);
        }
        if !step.get("to").is_some_and(|to| to.is_array() && !to.is_empty()) {
            fail(input, place(step), &format!("{label} transitions[{at}] has no to"), report);
        }
    }
}

/// S4-77: every state that is named is one of the allowed ones, and each is left in one entry.
fn transitions(input: &GateInput<'_>, status_enum: &StatusEnum, report: &mut GateReport) {
    let label = status_enum.name.as_ref().map_or("a status enum", |name| name.as_str());
    let allowed = |value: &str| status_enum.allowed_values.iter().any(|one| one.text == value);
    for (index, value) in status_enum.allowed_values.iter().enumerate() {
        if status_enum.allowed_values.iter().take(index).any(|earlier| earlier.text == value.text) {
            fail(input, value.at, &format!("{label} has {} twice in allowedValues", value.text), report);
        }
    }
    let mut left: Vec<&str> = Vec::new();
    for step in &status_enum.transitions {
        if let Some(from) = &step.from {
            if !allowed(&from.text) {
                fail(
                    input,
                    from.at,
                    &format!("{label} transition from {} is not in allowedValues", from.text),
                    report,
                );
            }
            if left.contains(&from.as_str()) {
                fail(
                    input,
                    from.at,
                    &format!("{label} has two transitions from {}: write one with every to", from.text),
                    report,
                );
            }
            left.push(from.as_str());
        }
        for to in step.to.iter().filter(|to| !allowed(&to.text)) {
            fail(input, to.at, &format!("{label} transition to {} is not in allowedValues", to.text), report);
        }
    }
    for meaning in status_enum.semantics.iter().filter(|meaning| !allowed(&meaning.text)) {
        fail(
            input,
            meaning.at,
            &format!("{label} semantics of {}, which is not in allowedValues", meaning.text),
            report,
        );
    }
}

/// S4-78: the values are those of the column.
fn against_model(
    input: &GateInput<'_>,
    status_enum: &StatusEnum,
    model: &DataModel,
    report: &mut GateReport,
) {
    let (Some(name), Some(field)) = (&status_enum.name, &status_enum.status_field) else { return };
    let table = model.tables.iter().find(|table| words::same_entity(&table.name.text, &name.text));
    let Some(table) = table else {
        fail(input, name.at, &format!("{} is no table of the data model", name.text), report);
        return;
    };
    let column =
        table.columns.iter().find(|column| words::normal(&column.name.text) == words::normal(&field.text));
    let Some(values) = column.and_then(|column| column.enum_values.as_ref()) else {
        let message = format!("{}.{} is no enum column of the data model", name.text, field.text);
        fail(input, field.at, &message, report);
        return;
    };
    let missing = |of: &[tenon_graph::Name], from: &[tenon_graph::Name]| -> Vec<String> {
        of.iter()
            .filter(|one| !from.iter().any(|other| other.text == one.text))
            .map(|one| one.text.clone())
            .collect()
    };
    let unknown = missing(&status_enum.allowed_values, values);
    let lacking = missing(values, &status_enum.allowed_values);
    if unknown.is_empty() && lacking.is_empty() {
        return;
    }
    let mut parts = Vec::new();
    if !lacking.is_empty() {
        parts.push(format!("lacks {}", lacking.join(", ")));
    }
    if !unknown.is_empty() {
        parts.push(format!("adds {}", unknown.join(", ")));
    }
    let message = format!(
        "{}.{} allowedValues differ from the data model: {}",
        name.text,
        field.text,
        parts.join(" and ")
    );
    fail(input, status_enum.at, &message, report);
}
