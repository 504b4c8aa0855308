//! Valid requests: the contract's examples, and values made of its schemas; new ones each time,
//! since most systems take a thing only once.

use serde_json::{Value, json};
use tenon_schemas::{Key, sample};

use super::mutants::{drop, put};
use super::persona::uuid;
use super::schemas::fits;
use crate::contract::{BodyFacts, ContractView, ParameterFacts};

/// How far in the future moments are put, in milliseconds: what is planned cannot be over.
const AHEAD_MS: i64 = 7 * 86_400_000;

/// Bodies tried of one operation until one is taken, a count.
const CANDIDATES_MAX: usize = 6;

/// Valid bodies, the likeliest first; new ones for another number.
pub fn candidates(view: &ContractView<'_>, body: &BodyFacts, now_ms: i64, number: u64) -> Vec<Value> {
    let Some(key) = body.schema else { return vec![json!({})] };
    let graph = view.validators.graph();
    let mut all: Vec<Value> = body.examples.iter().map(|at| tenon_graph::to_value(graph.node(*at))).collect();
    all.push(sample(&view.validators, key));
    all.retain(|value| fits(view, key, value));
    let fresh = all.iter().map(|value| freshened(view, key, value, now_ms, number));
    let mut found: Vec<Value> = fresh.chain(all.iter().cloned()).collect();
    if let Some(first) = all.first() {
        found.push(least(view, key, &freshened(view, key, first, now_ms, number)));
    }
    found.dedup();
    found.truncate(CANDIDATES_MAX);
    found
}

/// A value with new texts, numbers and moments wherever its schema lets it.
pub fn freshened(view: &ContractView<'_>, key: Key, value: &Value, now_ms: i64, number: u64) -> Value {
    freshened_but(view, key, value, now_ms, number, None)
}

/// The same, with what is at a place left as it is.
pub fn freshened_but(
    view: &ContractView<'_>,
    key: Key,
    value: &Value,
    now_ms: i64,
    number: u64,
    but: Option<&str>,
) -> Value {
    let mut places = Vec::new();
    leaves(value, String::new(), &mut places);
    places.retain(|(place, _)| but.is_none_or(|but| !place.starts_with(but)));
    let mut fresh = value.clone();
    for (place, old) in places {
        for new in others(&old, now_ms, number, &place) {
            let mut changed = fresh.clone();
            if put(&mut changed, &place, new) && fits(view, key, &changed) {
                fresh = changed;
                break;
            }
        }
    }
    fresh
}

/// Values like another one, the n-th.
fn others(old: &Value, now_ms: i64, number: u64, place: &str) -> Vec<Value> {
    match old {
        Value::String(text) if text.parse::<jiff::Timestamp>().is_ok() => {
            let ms = now_ms + AHEAD_MS + i64::try_from(number).unwrap_or_default() * 60_000;
            let at = jiff::Timestamp::from_millisecond(ms).map(|at| at.to_string());
            at.into_iter().map(Value::String).collect()
        }
        // An address that somebody else has is nobody's business.
        Value::String(text) if text.contains('@') => Vec::new(),
        Value::String(text) if text.len() == 36 && text.bytes().filter(|byte| *byte == b'-').count() == 4 => {
            vec![uuid(&format!("{number} {place}")).into()]
        }
        Value::String(text) => vec![format!("{text}-{number}").into(), format!("{text}{number}").into()],
        Value::Number(old) => {
            let number = i64::try_from(number % 100_000).unwrap_or_default();
            let more = |old: i64| vec![json!(old + number), json!(old + number % 10)];
            old.as_i64().map(more).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

fn leaves(value: &Value, place: String, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                leaves(member, format!("{place}/{}", tenon_source::escape_token(name)), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                leaves(item, format!("{place}/{index}"), found);
            }
        }
        scalar => found.push((place, scalar.clone())),
    }
}

/// A value without everything its schema can do without.
fn least(view: &ContractView<'_>, key: Key, value: &Value) -> Value {
    let mut places = Vec::new();
    members(value, String::new(), &mut places);
    let mut smaller = value.clone();
    for place in places {
        let mut changed = smaller.clone();
        if drop(&mut changed, &place) && fits(view, key, &changed) {
            smaller = changed;
        }
    }
    smaller
}

/// The place of every member and item, those further out first.
pub fn members(value: &Value, place: String, found: &mut Vec<String>) {
    match value {
        Value::Object(all) => {
            for (name, member) in all {
                let below = format!("{place}/{}", tenon_source::escape_token(name));
                found.push(below.clone());
                members(member, below, found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate().rev() {
                let below = format!("{place}/{index}");
                found.push(below.clone());
                members(item, below, found);
            }
        }
        _ => {}
    }
}

/// A value of a parameter as it is written.
pub fn parameter(view: &ContractView<'_>, parameter: &ParameterFacts) -> String {
    let Some(key) = parameter.schema else { return "1".to_owned() };
    match sample(&view.validators, key) {
        value if parameter.json => value.to_string(),
        Value::String(text) => text,
        Value::Array(items) => items
            .iter()
            .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
            .collect::<Vec<_>>()
            .join(","),
        other => other.to_string(),
    }
}

/// Whether a text fits the schema of a parameter, read as any scalar it may be.
pub fn text_fits(view: &ContractView<'_>, key: Key, text: &str) -> bool {
    let read = serde_json::from_str::<Value>(text).ok().filter(|value| !value.is_string());
    let list = Value::Array(text.split(',').map(|part| Value::String(part.to_owned())).collect());
    [Some(Value::String(text.to_owned())), read, Some(list)]
        .into_iter()
        .flatten()
        .any(|value| fits(view, key, &value))
}
