//! `statusEnums`: the states of each entity that has them.

use serde_json::{Map, Value, json};
use tenon_graph::service::Table;
use tenon_source::Node;

use super::model::Model;

/// One entry for each required entity with a state column; its values are the data model's.
pub(super) fn enums(model: &Model<'_>) -> Vec<Value> {
    let required = model.scope.required_entities.iter();
    let tables = required.filter_map(|entity| model.table(&entity.text));
    tables.filter_map(|table| entry(model, table)).collect()
}

fn entry(model: &Model<'_>, table: &Table) -> Option<Value> {
    let table = model.table(&table.name.text)?;
    let column = model.status_column(table)?;
    let values: Vec<&str> = column.enum_values.iter().flatten().map(|value| value.text.as_str()).collect();
    let declared: Vec<(&str, &str, &str)> = model
        .entity_contract(&table.name.text)
        .and_then(|contract| contract.get("stateTransitions"))
        .into_iter()
        .flat_map(Node::items)
        .filter_map(|item| {
            let trigger = item.get_str("trigger").unwrap_or("");
            Some((item.get_str("from")?, item.get_str("to")?, trigger))
        })
        .filter(|(from, to, _)| values.contains(from) && values.contains(to))
        .collect();
    let mut transitions: Vec<(&str, Vec<&str>)> = Vec::new();
    for (from, to, _) in &declared {
        match transitions.iter_mut().find(|(known, _)| known == from) {
            Some((_, targets)) if targets.contains(to) => {}
            Some((_, targets)) => targets.push(to),
            None => transitions.push((from, vec![to])),
        }
    }
    let transitions: Vec<Value> =
        transitions.into_iter().map(|(from, to)| json!({ "from": from, "to": to })).collect();
    let mut semantics = Map::new();
    for value in &values {
        let triggers: Vec<&str> = declared
            .iter()
            .filter(|(_, to, trigger)| to == value && !trigger.is_empty())
            .map(|item| item.2)
            .collect();
        let meaning = if triggers.is_empty() { "Initial state".to_owned() } else { triggers.join("; or: ") };
        semantics.insert((*value).to_owned(), json!(meaning));
    }
    Some(json!({
        "name": table.name.text,
        "statusField": column.name.text,
        "allowedValues": values,
        "transitions": transitions,
        "semantics": semantics,
    }))
}
