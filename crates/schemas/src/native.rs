//! Schemas that need all of JSON Schema's referencing: `$dynamicRef`, `unevaluatedProperties`
//! that looks through references, schemas with an `$id` inside others.
//!
//! Their files go whole into one registry, in which the validator finds references itself; only
//! those between files are rewritten, because which file a name means is the graph's to say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::{Registry, Retrieve, Uri};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};
use tenon_graph::{Dialect, Graph};
use tenon_source::{At, FileId, Kind, Node, NodeId};

use crate::validators::{Compiled, Direction, Key, Problem, build, draft};
use crate::value::to_value;

/// Registries by the file they start from, and direction.
pub(crate) type Registries = Mutex<FxHashMap<(FileId, Direction), Arc<Registry<'static>>>>;

/// Whether the schemas of a file cannot be compiled one by one.
pub(crate) fn is_needed(graph: &Graph, key: Key) -> bool {
    if matches!(key.dialect, Dialect::Swagger2 | Dialect::OpenApi30 | Dialect::Draft4) {
        return false;
    }
    let Some(file) = graph.sources.get(key.at.file) else { return false };
    let looks_through = matches!(key.dialect, Dialect::Draft201909 | Dialect::Draft202012)
        && ["\"unevaluated", "unevaluatedProperties:", "unevaluatedItems:"]
            .iter()
            .any(|word| file.text().contains(word));
    let by_base = file.tree.root().get_str("$id").is_some_and(tenon_graph::is_url);
    looks_through
        || file.tree.dollar_members().any(|(name, value)| match name {
            "$dynamicRef" | "$recursiveRef" => true,
            "$id" => {
                value.as_str().is_some() && value.parent().is_some_and(|owner| owner.id() != NodeId::ROOT)
            }
            // What the graph does not find may still be found by the URI of the file.
            "$ref" if by_base => value.parent().is_some_and(|owner| {
                graph.target(At { file: key.at.file, node: owner.id() }).is_none()
                    && value.as_str().is_some_and(|text| !is_meta_schema(text))
            }),
            _ => false,
        })
}

/// Compiles a schema with the registry of its file.
pub(crate) fn compile(graph: &Graph, registries: &Registries, key: Key) -> Compiled {
    let mut problems = Vec::new();
    let registry = match registry(graph, registries, key) {
        Ok(registry) => registry,
        Err(message) => {
            return Compiled { key, validator: None, problems: vec![Problem::Schema(message)] };
        }
    };
    let mut schema = json!({ "$ref": uri_of(graph, key.at) });
    let validator = build(&mut schema, draft(key.dialect), &mut problems, |options, schema| {
        let options = options.clone().with_registry(&registry);
        options.build(schema).map_err(|error| error.to_string())
    });
    Compiled { key, validator, problems }
}

fn registry(graph: &Graph, registries: &Registries, key: Key) -> Result<Arc<Registry<'static>>, String> {
    let name = (key.at.file, key.direction);
    let mut registries = registries.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(registry) = registries.get(&name) {
        return Ok(Arc::clone(registry));
    }
    let files = reachable(graph, key.at.file);
    let copier = Copier { graph, direction: key.direction, files: &files };
    let mut builder = Registry::new().draft(draft(key.dialect)).retriever(Nothing);
    for file in &files {
        let root = At { file: *file, node: NodeId::ROOT };
        let document = copier.copy(root.file, graph.node(root));
        builder = builder.add(base_of(graph, *file), document).map_err(|error| error.to_string())?;
    }
    let registry = Arc::new(builder.prepare().map_err(|error| error.to_string())?);
    registries.insert(name, Arc::clone(&registry));
    Ok(registry)
}

/// Stands for documents that are not there: nothing is fetched, what is not there demands nothing,
/// and that it is not there is said where it is referred to.
struct Nothing;

impl Retrieve for Nothing {
    fn retrieve(&self, _: &Uri<String>) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Value::Bool(true))
    }
}

/// The files references lead to from a file, itself included, and those that bear a URI, which
/// references may be relative to.
fn reachable(graph: &Graph, from: FileId) -> BTreeSet<FileId> {
    let mut edges: BTreeMap<FileId, BTreeSet<FileId>> = BTreeMap::new();
    for reference in &graph.references {
        if let Ok(target) = &reference.target {
            edges.entry(reference.at.file).or_default().insert(target.file);
        }
    }
    let root = |file| graph.node(At { file, node: NodeId::ROOT });
    let named = graph.sources.iter().map(|(file, _)| file);
    let named = named.filter(|file| root(*file).get_str("$id").is_some_and(tenon_graph::is_url));
    let mut found: BTreeSet<FileId> = named.collect();
    found.insert(from);
    let mut open: Vec<FileId> = found.iter().copied().collect();
    while let Some(file) = open.pop() {
        for target in edges.get(&file).into_iter().flatten() {
            if found.insert(*target) {
                open.push(*target);
            }
        }
    }
    found
}

/// The URI a file goes under: the `$id` of its root where that is absolute, else one of ours.
fn base_of(graph: &Graph, file: FileId) -> String {
    let root = graph.node(At { file, node: NodeId::ROOT });
    let id = root.get_str("$id").filter(|id| tenon_graph::is_url(id));
    id.map_or_else(|| format!("tenon:///{}/schema", file.0), |id| id.trim_end_matches('#').to_owned())
}

fn uri_of(graph: &Graph, at: At) -> String {
    let pointer = graph.node(at).pointer();
    let mut uri = base_of(graph, at.file);
    uri.push('#');
    for byte in pointer.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

/// The place a keyword's absolute location stands for.
pub(crate) fn place_of(graph: &Graph, files: impl Iterator<Item = FileId>, location: &str) -> Option<At> {
    let (base, pointer) = location.split_once('#')?;
    let file = { files }.find(|file| base_of(graph, *file) == base)?;
    let pointer = tenon_graph::percent_decode(pointer)?;
    let node = graph.node(At { file, node: NodeId::ROOT }).at(&pointer)?;
    Some(At { file, node: node.id() })
}

/// Whether a URI names the meta-schema of a draft.
pub(crate) fn is_meta_schema(uri: &str) -> bool {
    let bare = uri.trim_end_matches('#').trim_start_matches("http://").trim_start_matches("https://");
    matches!(
        bare,
        "json-schema.org/draft-04/schema"
            | "json-schema.org/draft-06/schema"
            | "json-schema.org/draft-07/schema"
            | "json-schema.org/draft/2019-09/schema"
            | "json-schema.org/draft/2020-12/schema"
    )
}

struct Copier<'g> {
    graph: &'g Graph,
    direction: Direction,
    files: &'g BTreeSet<FileId>,
}

impl Copier<'_> {
    fn copy(&self, file: FileId, node: Node<'_>) -> Value {
        match node.kind() {
            Kind::Object => self.object(file, node),
            Kind::Array => node.items().map(|item| self.copy(file, item)).collect(),
            _ => to_value(node),
        }
    }

    fn object(&self, file: FileId, node: Node<'_>) -> Value {
        let at = At { file, node: node.id() };
        let mut out = Map::with_capacity(node.len());
        for (name, value) in node.members() {
            let copied = match name {
                "$ref" if value.as_str().is_some() => match self.graph.target(at) {
                    Some(target) if target.file != file && self.files.contains(&target.file) => {
                        Value::String(uri_of(self.graph, target))
                    }
                    _ => to_value(value),
                },
                "required" if value.is_array() && node.get("properties").is_some() => {
                    let names = value.items().filter(|name| !self.is_left_out(node, *name));
                    names.map(to_value).collect()
                }
                "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => {
                    self.schemas_by_name(file, value)
                }
                "enum" | "const" | "default" | "example" | "examples" => to_value(value),
                // Another meta-schema than the drafts' is not there to be asked.
                "$schema" if !value.as_str().is_some_and(is_meta_schema) => continue,
                _ => self.copy(file, value),
            };
            out.insert(name.to_owned(), copied);
        }
        Value::Object(out)
    }

    /// Names here are no keywords, whatever they are.
    fn schemas_by_name(&self, file: FileId, node: Node<'_>) -> Value {
        if !node.is_object() {
            return to_value(node);
        }
        let members = node.members();
        Value::Object(members.map(|(name, schema)| (name.to_owned(), self.copy(file, schema))).collect())
    }

    fn is_left_out(&self, owner: Node<'_>, name: Node<'_>) -> bool {
        let property = name.as_str().and_then(|name| owner.get("properties")?.get(name));
        let flag = |name| property.and_then(|schema| schema.get(name)).and_then(Node::as_bool) == Some(true);
        match self.direction {
            Direction::Request => flag("readOnly"),
            Direction::Response => flag("writeOnly"),
            Direction::Either => flag("readOnly") || flag("writeOnly"),
            Direction::Whole => false,
        }
    }
}
