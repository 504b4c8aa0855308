//! A file for each schema.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use tenon_graph::{Graph, SchemaRole, to_value};
use tenon_source::{At, FileId, Kind, Node, NodeId};

use super::messages;
use crate::GeneratedFile;
use crate::components::{Components, Written, name_of};
use crate::text;

/// What names of files end in.
const ENDING: &str = ".schema.json";

/// Schema files stay as they are but for references to each other; components of other documents and
/// messages become files.
pub(super) fn write(graph: &Graph) -> Vec<GeneratedFile> {
    let mut taken = BTreeSet::new();
    let mut names: BTreeMap<FileId, String> = BTreeMap::new();
    for schema in graph.schemas.iter().filter(|schema| schema.role == SchemaRole::File) {
        let base = name_of(graph, schema.at);
        let mut name = base.clone();
        let mut number = 2;
        while !taken.insert(name.clone()) {
            name = format!("{base}{number}");
            number += 1;
        }
        names.insert(schema.at.file, name);
    }
    let mut files = Vec::new();
    for (file, name) in &names {
        let at = At { file: *file, node: NodeId::ROOT };
        let value = copy(graph, at, graph.node(at), &names);
        files.push(GeneratedFile::new(format!("{name}{ENDING}"), text::json(&value)));
    }
    let mut components = Components::new(graph, "", Written::Modern).ending(ENDING).avoiding(taken);
    for schema in graph.schemas.iter().filter(|schema| schema.role == SchemaRole::Component) {
        // What a schema file defines for itself stays in it.
        if graph.follow(schema.at) == schema.at && !names.contains_key(&schema.at.file) {
            components.used(schema.at);
        }
    }
    for (name, schema) in messages::schemas(graph, "", ENDING) {
        components.add(&name, schema);
    }
    let (schemas, _) = components.finish();
    for (name, schema) in schemas {
        let mut whole = Map::new();
        whole.insert("$schema".to_owned(), super::DIALECT.into());
        match schema {
            Value::Object(members) => whole.extend(members),
            // A schema that is `true` or `false` says so in an object, too.
            Value::Bool(false) => whole.extend([("not".to_owned(), Value::Object(Map::new()))]),
            _ => {}
        }
        files.push(GeneratedFile::new(format!("{name}{ENDING}"), text::json(&Value::Object(whole))));
    }
    files.sort();
    files
}

fn copy(graph: &Graph, owner: At, node: Node<'_>, names: &BTreeMap<FileId, String>) -> Value {
    match node.kind() {
        Kind::Array => node.items().map(|item| copy(graph, owner, item, names)).collect(),
        Kind::Object => {
            let here = At { file: owner.file, node: node.id() };
            let target = node.get_str("$ref").and_then(|_| graph.target(here));
            let mut out = Map::new();
            for (name, value) in node.members() {
                let value = match (name, target) {
                    ("$ref", Some(target))
                        if target.file != owner.file && names.contains_key(&target.file) =>
                    {
                        let file = names.get(&target.file).map_or("", String::as_str);
                        let pointer = graph.node(target).pointer();
                        let inner = if pointer.is_empty() { String::new() } else { format!("#{pointer}") };
                        Value::from(format!("{file}{ENDING}{inner}"))
                    }
                    _ => copy(graph, owner, value, names),
                };
                out.entry(name).or_insert(value);
            }
            Value::Object(out)
        }
        _ => to_value(node),
    }
}
