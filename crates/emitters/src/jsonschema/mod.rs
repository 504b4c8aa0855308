//! JSON Schema 2020-12: every schema of a graph as one bundle, or each as a file.
//!
//! Protobuf messages are schemas too: those of their ProtoJSON form.

mod files;
pub(crate) mod messages;

use serde_json::{Map, Value};
use tenon_graph::{Graph, SchemaRole};
use tenon_source::{At, NodeId};

use crate::components::{Components, Written};
use crate::text;
use crate::{Emission, Input, Refusal, head};

/// The dialect that is written.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The bundle as a target.
pub(crate) fn target(input: &Input<'_>) -> Result<Emission, Refusal> {
    match bundle(input.graph) {
        Some(bundle) => Ok(Emission::file("schemas.json", text::json(&bundle))),
        None => Err(Refusal::Nothing { lacks: "schema" }),
    }
}

/// A file for each schema, as a target.
pub(crate) fn files(input: &Input<'_>) -> Result<Emission, Refusal> {
    let files = files::write(input.graph);
    if files.is_empty() { Err(Refusal::Nothing { lacks: "schema" }) } else { Ok(Emission::of(files)) }
}

/// Every schema under `$defs` of one document; `None` where there is none.
fn bundle(graph: &Graph) -> Option<Value> {
    let mut components = Components::new(graph, "#/$defs/", Written::Modern);
    for at in named(graph) {
        let kept = kept_by(graph, at);
        match kept.is_empty() {
            true => drop(components.used(at)),
            // A bundle is what it holds.
            false => kept.into_iter().for_each(|at| components.component(at)),
        }
    }
    for (name, schema) in messages::schemas(graph, "#/$defs/", "") {
        components.add(&name, schema);
    }
    let (schemas, _) = components.finish();
    if schemas.is_empty() {
        return None;
    }
    let mut out = Map::new();
    out.insert("$schema".to_owned(), DIALECT.into());
    out.insert("title".to_owned(), head::title(graph).into());
    out.insert("$defs".to_owned(), Value::Object(schemas));
    Some(Value::Object(out))
}

/// Schemas with a name of their own: files and components, in the order of the graph.
fn named(graph: &Graph) -> impl Iterator<Item = At> {
    let is_named = |role: SchemaRole| matches!(role, SchemaRole::File | SchemaRole::Component);
    let all = graph.schemas.iter().filter(move |schema| is_named(schema.role)).map(|schema| schema.at);
    // What is only a reference is the schema it refers to.
    all.filter(|at| graph.follow(*at) == *at)
}

/// The schemas of a file that is nothing but a list of them.
fn kept_by(graph: &Graph, at: At) -> Vec<At> {
    const HEAD: [&str; 5] = ["$schema", "$id", "title", "description", "$comment"];
    const LISTS: [&str; 2] = ["$defs", "definitions"];
    let node = graph.node(at);
    let is_bundle =
        at.node == NodeId::ROOT && node.members().all(|(key, _)| HEAD.contains(&key) || LISTS.contains(&key));
    let lists = LISTS.iter().filter_map(|key| node.get(key)).filter(|_| is_bundle);
    lists.flat_map(|list| list.members()).map(|(_, schema)| At { file: at.file, node: schema.id() }).collect()
}
