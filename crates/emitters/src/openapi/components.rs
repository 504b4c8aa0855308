//! Schemas as components: each place once, under one name.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use tenon_graph::{Graph, SchemaRole, to_value};
use tenon_source::{At, Kind, Node, NodeId};

/// What references to components begin with.
const BASE: &str = "#/components/schemas/";

/// Members of a file that say what it is, and mean nothing inside another document.
const OF_FILES: [&str; 2] = ["$schema", "$id"];

/// The components of one document.
pub(super) struct Components<'g> {
    graph: &'g Graph,
    names: BTreeMap<At, String>,
    /// Places whose schema is still to be written.
    open: Vec<At>,
    written: BTreeMap<String, Value>,
}

impl<'g> Components<'g> {
    pub(super) fn new(graph: &'g Graph) -> Self {
        Self { graph, names: BTreeMap::new(), open: Vec::new(), written: BTreeMap::new() }
    }

    /// A schema where it is used: a reference to a component where it stands alone, else itself.
    pub(super) fn used(&mut self, at: At) -> Value {
        let at = self.graph.follow(at);
        match self.stands_alone(at) {
            true => self.reference(at),
            false => self.copy(at),
        }
    }

    /// Every component, by name.
    pub(super) fn finish(mut self) -> Map<String, Value> {
        while let Some(at) = self.open.pop() {
            let name = self.name(at);
            let schema = self.copy(at);
            self.written.insert(name, schema);
        }
        self.written.into_iter().collect()
    }

    /// Files, and what has a name in its document.
    fn stands_alone(&self, at: At) -> bool {
        if at.node == NodeId::ROOT {
            return true;
        }
        self.graph.schema(at).is_some_and(|schema| schema.role == SchemaRole::Component)
    }

    fn reference(&mut self, at: At) -> Value {
        let known = self.names.contains_key(&at);
        let name = self.name(at);
        if !known {
            self.open.push(at);
        }
        json!({ "$ref": format!("{BASE}{name}") })
    }

    /// The name of a component: the title, the name in its document, or the file's. Names that are
    /// taken get a number.
    fn name(&mut self, at: At) -> String {
        if let Some(known) = self.names.get(&at) {
            return known.clone();
        }
        let node = self.graph.node(at);
        let path = self.graph.sources.get(at.file).map_or("Schema", |file| file.path.as_str());
        let file = path.rsplit('/').next().unwrap_or(path);
        let file = file.split('.').next().unwrap_or(file);
        let wanted = node.get_str("title").or_else(|| node.key()).unwrap_or(file);
        let clean: String = wanted
            .chars()
            .map(|letter| if letter.is_ascii_alphanumeric() || "._-".contains(letter) { letter } else { '_' })
            .collect();
        let base = if clean.is_empty() { "Schema".to_owned() } else { clean };
        let mut name = base.clone();
        let mut number = 2;
        while self.names.values().any(|taken| *taken == name) {
            name = format!("{base}{number}");
            number += 1;
        }
        self.names.insert(at, name.clone());
        name
    }

    /// A copy of a schema in which references lead to components.
    fn copy(&mut self, at: At) -> Value {
        let node = self.graph.node(at);
        self.walk(at, node, true)
    }

    fn walk(&mut self, owner: At, node: Node<'g>, top: bool) -> Value {
        match node.kind() {
            Kind::Array => node.items().map(|item| self.walk(owner, item, false)).collect(),
            Kind::Object => {
                let here = At { file: owner.file, node: node.id() };
                let target = node.get_str("$ref").and_then(|_| self.graph.target(here));
                let mut out = Map::new();
                for (name, value) in node.members() {
                    if top && OF_FILES.contains(&name) {
                        continue;
                    }
                    let value = match (name, target) {
                        ("$ref", Some(target)) => {
                            let target = self.graph.follow(target);
                            let reference = self.reference(target);
                            reference.get("$ref").cloned().unwrap_or(Value::Null)
                        }
                        // Examples and constants are values, whatever they look like.
                        ("const" | "enum" | "default" | "examples" | "example", _) => to_value(value),
                        _ => self.walk(owner, value, false),
                    };
                    out.entry(name).or_insert(value);
                }
                Value::Object(out)
            }
            _ => to_value(node),
        }
    }
}
