//! Schemas as components: each place once, under one name, in the dialect of the document.

mod dialect;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use tenon_graph::{Graph, SchemaRole, to_value};
use tenon_source::{At, Kind, Node, NodeId};

use dialect::Old;

/// Members of a file that say what it is, and mean nothing inside another document.
const OF_FILES: [&str; 3] = ["$schema", "$id", "id"];

/// Keywords whose value is a schema.
const ONE: [&str; 12] = [
    "not",
    "if",
    "then",
    "else",
    "additionalProperties",
    "additionalItems",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
    "items",
];

/// Keywords whose value is a list of schemas.
const LIST: [&str; 5] = ["allOf", "anyOf", "oneOf", "prefixItems", "items"];

/// Keywords whose value holds schemas by name.
const MAP: [&str; 6] =
    ["properties", "patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions"];

/// Levels of schemas in schemas, a count: documents are read with a limit of their own below this.
const LEVELS_MAX: usize = 512;

/// The dialect that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// JSON Schema 2020-12, and OpenAPI 3.1.
    Modern,
    /// The schema object of AsyncAPI 3.0, which is that of draft 7.
    Draft7,
}

/// The components of one document.
pub(crate) struct Components<'g> {
    graph: &'g Graph,
    /// What references to components begin with.
    base: &'static str,
    /// What they end in.
    ending: &'static str,
    written_as: Written,
    names: BTreeMap<At, String>,
    taken: BTreeSet<String>,
    /// Places whose schema is still to be written.
    open: Vec<At>,
    written: BTreeMap<String, Value>,
    notes: BTreeSet<String>,
}

impl<'g> Components<'g> {
    pub(crate) fn new(graph: &'g Graph, base: &'static str, written_as: Written) -> Self {
        Self {
            graph,
            base,
            ending: "",
            written_as,
            names: BTreeMap::new(),
            taken: BTreeSet::new(),
            open: Vec::new(),
            written: BTreeMap::new(),
            notes: BTreeSet::new(),
        }
    }

    /// The same, with references that end in something, such as `.schema.json`.
    pub(crate) fn ending(mut self, ending: &'static str) -> Self {
        self.ending = ending;
        self
    }

    /// The same, with names that are taken.
    pub(crate) fn avoiding(mut self, taken: BTreeSet<String>) -> Self {
        self.taken = taken;
        self
    }

    /// A schema where it is used: a reference to a component where it stands alone, else itself.
    pub(crate) fn used(&mut self, at: At) -> Value {
        let at = self.graph.follow(at);
        match self.stands_alone(at) {
            true => self.reference(at),
            false => self.copy(at),
        }
    }

    /// A component under a name of its own.
    pub(crate) fn add(&mut self, name: &str, schema: Value) {
        self.taken.insert(name.to_owned());
        self.written.insert(name.to_owned(), schema);
    }

    /// Makes a place a component, though nothing may refer to it.
    pub(crate) fn component(&mut self, at: At) {
        let at = self.graph.follow(at);
        self.reference(at);
    }

    /// Every component, by name.
    pub(crate) fn finish(mut self) -> (Map<String, Value>, Vec<String>) {
        while let Some(at) = self.open.pop() {
            let name = self.name(at);
            let schema = self.copy(at);
            self.written.insert(name, schema);
        }
        (self.written.into_iter().collect(), self.notes.into_iter().collect())
    }

    /// Files, and what has a name in its document.
    fn stands_alone(&self, at: At) -> bool {
        at.node == NodeId::ROOT
            || self.graph.schema(at).is_some_and(|schema| schema.role == SchemaRole::Component)
    }

    fn reference(&mut self, at: At) -> Value {
        let known = self.names.contains_key(&at);
        let name = self.name(at);
        if !known {
            self.open.push(at);
        }
        json!({ "$ref": format!("{}{name}{}", self.base, self.ending) })
    }

    /// The name of a component: of a file its title or name, else the name in its document. Names
    /// that are taken get a number.
    fn name(&mut self, at: At) -> String {
        if let Some(known) = self.names.get(&at) {
            return known.clone();
        }
        let base = name_of(self.graph, at);
        let mut name = base.clone();
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{base}{number}");
            number += 1;
        }
        self.names.insert(at, name.clone());
        name
    }

    /// A copy of a schema in which references lead to components.
    pub(crate) fn copy(&mut self, at: At) -> Value {
        let node = self.graph.node(at);
        let old = self.graph.schema(at).map_or(Old::Modern, |schema| Old::of(schema.dialect));
        self.schema(at, node, old, true, 0)
    }

    fn schema(&mut self, owner: At, node: Node<'g>, old: Old, top: bool, level: usize) -> Value {
        if node.kind() != Kind::Object || level > LEVELS_MAX {
            return to_value(node);
        }
        let here = At { file: owner.file, node: node.id() };
        let target = node.get_str("$ref").and_then(|_| self.graph.target(here));
        if let (Some(target), true) = (target, old.reference_stands_alone()) {
            let target = self.graph.follow(target);
            return self.reference(target);
        }
        let mut out = Map::new();
        for (name, value) in node.members() {
            // What definitions hold stands among the components as soon as it is referred to.
            let is_moved = matches!(name, "$defs" | "definitions") || (top && OF_FILES.contains(&name));
            if is_moved {
                continue;
            }
            let value = match (name, target) {
                ("$ref", Some(target)) => {
                    let target = self.graph.follow(target);
                    self.reference(target).get("$ref").cloned().unwrap_or(Value::Null)
                }
                _ => self.keyword(owner, name, value, old, level),
            };
            out.entry(name).or_insert(value);
        }
        dialect::modernise(&mut out, old);
        if self.written_as == Written::Draft7 {
            dialect::to_draft7(&mut out, &mut self.notes);
        }
        Value::Object(out)
    }

    fn keyword(&mut self, owner: At, name: &str, value: Node<'g>, old: Old, level: usize) -> Value {
        match value.kind() {
            Kind::Object if MAP.contains(&name) => {
                let mut out = Map::new();
                for (name, value) in value.members() {
                    let value = self.schema(owner, value, old, false, level + 1);
                    out.entry(name).or_insert(value);
                }
                Value::Object(out)
            }
            Kind::Object if ONE.contains(&name) => self.schema(owner, value, old, false, level + 1),
            Kind::Array if LIST.contains(&name) => {
                value.items().map(|item| self.schema(owner, item, old, false, level + 1)).collect()
            }
            // Examples, constants and extensions are values, whatever they look like.
            _ => to_value(value),
        }
    }
}

/// What people call a schema, in letters that every format takes.
pub(crate) fn name_of(graph: &Graph, at: At) -> String {
    let node = graph.node(at);
    let is_named = graph.schema(at).is_some_and(|schema| schema.role == SchemaRole::Component)
        || node
            .parent()
            .and_then(|parent| parent.key())
            .is_some_and(|key| matches!(key, "$defs" | "definitions"));
    let path = graph.sources.get(at.file).map_or("Schema", |file| file.path.as_str());
    let file = path.rsplit('/').next().unwrap_or(path);
    let file = file.split(".schema.").next().unwrap_or(file);
    let file = match file.rsplit_once('.') {
        Some((stem, "json" | "yaml" | "yml")) => stem,
        _ => file,
    };
    let wanted = match is_named {
        true => node.key().or_else(|| node.get_str("title")),
        false => node.get_str("title").or_else(|| node.key()),
    };
    let clean: String = wanted
        .unwrap_or(file)
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() || "._-".contains(letter) { letter } else { '_' })
        .collect();
    if clean.is_empty() { "Schema".to_owned() } else { clean }
}
