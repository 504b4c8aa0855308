//! Values as they are hashed: without what only people read, references set apart.

use serde_json::{Map, Value, json};
use tenon_source::{At, FileId, Node};

use crate::{Graph, to_value};

/// Members that only people read, where they are texts: a property that bears such a name is a
/// schema.
const PROSE: &[&str] = &["$comment", "description", "summary"];

/// Members that only people read, whatever they hold.
const DOCUMENTATION: &[&str] = &["example", "examples", "externalDocs", "x-enumDescriptions"];

/// Members whose own members are names that people chose: none of them is a keyword.
const NAMES: &[&str] = &[
    "$defs",
    "callbacks",
    "channels",
    "components",
    "content",
    "definitions",
    "dependencies",
    "dependentSchemas",
    "encoding",
    "errors",
    "entities",
    "events",
    "headers",
    "links",
    "mapping",
    "messages",
    "operations",
    "parameters",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "scopes",
    "securitySchemes",
    "variables",
    "webhooks",
];

/// Members that hold values and no schemas: taken as they are.
const DATA: &[&str] = &["const", "default", "enum"];

/// A value with the places its references lead to: each stands in it as `{"$ref": number}`, the
/// number an index of the list.
#[derive(Debug, Clone)]
pub(super) struct Skeleton {
    pub(super) value: Value,
    pub(super) targets: Vec<At>,
}

/// The value at a place. Members named in `without` are left out at its top.
pub(super) fn skeleton(graph: &Graph, at: At, without: &dyn Fn(&str) -> bool) -> Skeleton {
    let mut copier = Copier { graph, file: at.file, targets: Vec::new() };
    let node = graph.node(at);
    let value =
        if node.is_object() { copier.object(node, false, without) } else { copier.value(node, false) };
    Skeleton { value, targets: copier.targets }
}

struct Copier<'g> {
    graph: &'g Graph,
    file: FileId,
    targets: Vec<At>,
}

impl Copier<'_> {
    /// A copy of a value; `names` where its members are names.
    fn value(&mut self, node: Node<'_>, names: bool) -> Value {
        if node.is_object() {
            return self.object(node, names, &|_| false);
        }
        if node.is_array() {
            return node.items().map(|item| self.value(item, false)).collect();
        }
        match self.graph.target(At { file: self.file, node: node.id() }) {
            Some(target) => self.reference(target),
            None => to_value(node),
        }
    }

    fn object(&mut self, node: Node<'_>, names: bool, without: &dyn Fn(&str) -> bool) -> Value {
        let target = self.graph.target(At { file: self.file, node: node.id() });
        // In a fixed order, so that the references are counted alike in every layout.
        let mut members: Vec<(&str, Node<'_>)> = node.members().collect();
        members.sort_by_key(|(name, _)| *name);
        members.dedup_by_key(|(name, _)| *name);
        let mut out = Map::new();
        for (name, value) in members {
            if without(name) || (!names && is_documentation(name, value)) {
                continue;
            }
            if name == "$ref" && target.is_some() {
                continue;
            }
            let copy = if !names && DATA.contains(&name) {
                to_value(value)
            } else {
                self.value(value, !names && NAMES.contains(&name))
            };
            out.insert(name.to_owned(), copy);
        }
        match target {
            Some(target) if out.is_empty() => self.reference(target),
            Some(target) => {
                let reference = self.reference(target);
                out.insert("$ref".to_owned(), reference);
                Value::Object(out)
            }
            None => Value::Object(out),
        }
    }

    fn reference(&mut self, target: At) -> Value {
        let index = self.targets.len();
        self.targets.push(self.graph.follow(target));
        json!({ "$ref": index })
    }
}

fn is_documentation(name: &str, value: Node<'_>) -> bool {
    DOCUMENTATION.contains(&name) || (PROSE.contains(&name) && value.as_str().is_some())
}

/// The value with each reference replaced.
pub(super) fn filled(value: &Value, hash: &dyn Fn(usize) -> String) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| filled(item, hash)).collect(),
        Value::Object(members) => {
            if let (1, Some(Value::Number(index))) = (members.len(), members.get("$ref"))
                && let Some(index) = index.as_u64()
            {
                return json!({ "$ref": hash(usize::try_from(index).unwrap_or(usize::MAX)) });
            }
            members.iter().map(|(name, value)| (name.clone(), filled(value, hash))).collect()
        }
        other => other.clone(),
    }
}
