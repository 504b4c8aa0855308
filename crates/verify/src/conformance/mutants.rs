//! A valid body with one change: at the bounds of its schema, and beyond them. Which of the two it
//! is, the schema says.

use serde_json::{Map, Value, json};
use tenon_graph::Graph;
use tenon_schemas::Key;
use tenon_source::{At, Node};

use super::schemas;
use crate::contract::ContractView;

/// Longest text that is made to go beyond a bound, in characters.
const TEXT_MAX: usize = 20_000;

/// Longest list that is made to go beyond a bound, a count.
const ITEMS_MAX: usize = 1_000;

/// A member that no contract has.
const UNDECLARED: &str = "undeclaredMember";

/// A changed body.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// What was changed.
    pub what: String,
    /// Where: a JSON pointer.
    pub place: String,
    /// The body.
    pub body: Value,
    /// Whether it still fits.
    pub valid: bool,
}

/// Every body that is one change away from another one.
pub fn mutants(view: &ContractView<'_>, key: Key, base: &Value) -> Vec<Mutant> {
    let graph = view.validators.graph();
    let mut changes = Changes { graph, found: Vec::new() };
    changes.walk(&schemas::parts(graph, &[key.at]), base, "");
    let mut all: Vec<Mutant> = Vec::new();
    for (place, what, value) in changes.found {
        let mut body = base.clone();
        let done = match value {
            Some(value) => put(&mut body, &place, value),
            None => drop(&mut body, &place),
        };
        if done && body != *base && all.iter().all(|known| known.body != body) {
            let shown = if place.is_empty() { "the body".to_owned() } else { format!("`{place}`") };
            let valid = schemas::fits(view, key, &body);
            all.push(Mutant { what: format!("{shown} {what}"), place, body, valid });
        }
    }
    all
}

/// Sets the value at a pointer; a member that is not there is added.
pub fn put(body: &mut Value, pointer: &str, value: Value) -> bool {
    if let Some(place) = body.pointer_mut(pointer) {
        *place = value;
        return true;
    }
    let Some((parent, name)) = pointer.rsplit_once('/') else { return false };
    match body.pointer_mut(parent) {
        Some(Value::Object(members)) => {
            members.insert(tenon_source::unescape_token(name).into_owned(), value);
            true
        }
        _ => false,
    }
}

/// Takes out the member or item at a pointer.
pub fn drop(body: &mut Value, pointer: &str) -> bool {
    let Some((parent, name)) = pointer.rsplit_once('/') else { return false };
    match body.pointer_mut(parent) {
        Some(Value::Object(members)) => {
            members.shift_remove(tenon_source::unescape_token(name).as_ref()).is_some()
        }
        Some(Value::Array(items)) => match name.parse::<usize>() {
            Ok(index) if index < items.len() => {
                items.remove(index);
                true
            }
            _ => false,
        },
        _ => false,
    }
}

/// Place, what, the value there; `None` where it is taken out.
type Change = (String, String, Option<Value>);

struct Changes<'g> {
    graph: &'g Graph,
    found: Vec<Change>,
}

impl Changes<'_> {
    fn add(&mut self, place: &str, what: impl Into<String>, value: Value) {
        self.found.push((place.to_owned(), what.into(), Some(value)));
    }

    fn walk(&mut self, parts: &[At], value: &Value, place: &str) {
        self.listed(parts, place);
        match value {
            Value::Object(members) => self.object(parts, members, place),
            Value::Array(items) => self.array(parts, items, place),
            Value::String(text) => self.text(parts, text, place),
            Value::Number(_) => self.number(parts, place),
            Value::Bool(flag) => {
                self.add(place, "the other way round", json!(!flag));
                self.add(place, "as a text", json!("yes"));
            }
            Value::Null => self.add(place, "as a number", json!(7)),
        }
        if !value.is_null() {
            self.add(place, "as null", Value::Null);
        }
    }

    /// Every value a schema lists, and one that it does not.
    fn listed(&mut self, parts: &[At], place: &str) {
        let listed: Vec<Value> = parts
            .iter()
            .filter_map(|at| self.graph.node(*at).get("enum"))
            .flat_map(Node::items)
            .map(tenon_graph::to_value)
            .collect();
        if !listed.is_empty() {
            self.add(place, "as none of those that are listed", json!("none of those that are listed"));
        }
        for value in listed {
            self.add(place, format!("as {value}"), value.clone());
        }
    }

    fn object(&mut self, parts: &[At], members: &Map<String, Value>, place: &str) {
        for (name, member) in members {
            let below = format!("{place}/{}", tenon_source::escape_token(name));
            self.found.push((below.clone(), "left out".to_owned(), None));
            let schemas = schemas::member(self.graph, parts, name);
            self.walk(&schemas::parts(self.graph, &schemas), member, &below);
        }
        self.add(&format!("{place}/{UNDECLARED}"), "added", json!("x"));
        self.add(place, "as a list", json!([]));
    }

    fn array(&mut self, parts: &[At], items: &[Value], place: &str) {
        let below = schemas::parts(self.graph, &schemas::items(self.graph, parts));
        if let Some(first) = items.first() {
            self.walk(&below, first, &format!("{place}/0"));
            let twice: Vec<Value> = items.iter().chain([first]).cloned().collect();
            self.add(place, "with an item twice", Value::Array(twice));
            for most in self.bounds(parts, "maxItems").filter(|most| *most < ITEMS_MAX).collect::<Vec<_>>() {
                self.add(place, format!("of {} items", most + 1), json!(vec![first; most + 1]));
            }
        }
        let listed: Vec<Value> = below
            .iter()
            .filter_map(|at| self.graph.node(*at).get("enum"))
            .flat_map(Node::items)
            .map(tenon_graph::to_value)
            .collect();
        if !listed.is_empty() {
            self.add(place, "with all that are listed", Value::Array(listed));
        }
        self.add(place, "empty", json!([]));
        self.add(place, "as an object", json!({}));
    }

    fn text(&mut self, parts: &[At], text: &str, place: &str) {
        let sized =
            |length: usize| -> String { text.chars().chain(std::iter::repeat('x')).take(length).collect() };
        let lengths: Vec<usize> = self
            .bounds(parts, "minLength")
            .flat_map(|least| [least, least.saturating_sub(1)])
            .chain(self.bounds(parts, "maxLength").flat_map(|most| [most, most.saturating_add(1)]))
            .filter(|length| *length <= TEXT_MAX)
            .collect();
        for length in lengths {
            self.add(place, format!("of {length} characters"), sized(length).into());
        }
        self.add(place, "empty", json!(""));
        self.add(place, "as a number", json!(12_345));
        self.add(place, "as an object", json!({ "text": text }));
        for at in parts {
            let node = self.graph.node(*at);
            if let Some(format) = node.get_str("format") {
                self.found.push((place.to_owned(), format!("as no {format}"), Some(json!("yesterday :"))));
            }
            if node.get("pattern").is_some() {
                let value = Some(json!("\u{1}does not match\u{1}"));
                self.found.push((place.to_owned(), "against its pattern".to_owned(), value));
            }
        }
    }

    fn number(&mut self, parts: &[At], place: &str) {
        let bound = |word: &str| -> Vec<f64> {
            parts.iter().filter_map(|at| self.graph.node(*at).get(word)?.as_f64()).collect()
        };
        let mut values: Vec<f64> = Vec::new();
        for least in bound("minimum").into_iter().chain(bound("exclusiveMinimum")) {
            values.extend([least, least - 1.0, least + 1.0]);
        }
        for most in bound("maximum").into_iter().chain(bound("exclusiveMaximum")) {
            values.extend([most, most + 1.0, most - 1.0]);
        }
        values.extend([-1.0, 0.0, 1.5]);
        for value in values {
            let whole = value.fract() == 0.0 && value.abs() < 9e15;
            let value = if whole { json!(value as i64) } else { json!(value) };
            self.add(place, format!("as {value}"), value);
        }
        self.add(place, "as a text", json!("seven"));
    }

    fn bounds(&self, parts: &[At], word: &'static str) -> impl Iterator<Item = usize> + use<> {
        let found: Vec<usize> = parts
            .iter()
            .filter_map(|at| usize::try_from(self.graph.node(*at).get(word)?.as_i64()?).ok())
            .collect();
        found.into_iter()
    }
}
