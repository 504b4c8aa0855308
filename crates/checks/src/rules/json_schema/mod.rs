//! JSON Schema files and the examples that follow them.
//!
//! Schemas inside API documents have rules of their own, see `rules/openapi/schemas`.

mod duplicate_schema_enum_value;
mod example_file_invalid;
mod example_without_schema;
mod impossible_schema_bounds;
mod invalid_pattern;
mod invalid_schema;
mod missing_schema_id;
mod missing_schema_title;
mod missing_schema_version;
mod required_but_forbidden;
mod schema_enum_of_other_type;
mod schema_without_example;
mod unknown_format;
mod unknown_schema_version;

use rustc_hash::FxHashSet;
use tenon_graph::{DocumentKind, Graph, Schema};
use tenon_source::{At, Code, FileId, Finding, Node, NodeId, Place};

use crate::{Context, Rule};

/// The rules of this area, by id.
pub static RULES: &[&Rule] = &[
    &invalid_schema::RULE,
    &unknown_schema_version::RULE,
    &missing_schema_version::RULE,
    &missing_schema_id::RULE,
    &missing_schema_title::RULE,
    &impossible_schema_bounds::RULE,
    &required_but_forbidden::RULE,
    &schema_enum_of_other_type::RULE,
    &duplicate_schema_enum_value::RULE,
    &invalid_pattern::RULE,
    &unknown_format::RULE,
    &example_file_invalid::RULE,
    &schema_without_example::RULE,
    &example_without_schema::RULE,
];

/// The roots of JSON Schema files.
fn files<'g>(ctx: &Context<'g>) -> impl Iterator<Item = At> + use<'g> {
    let documents = ctx.graph.documents.iter();
    let schemas = documents.filter(|document| document.kind == DocumentKind::JsonSchema);
    schemas.map(|document| At { file: document.file, node: NodeId::ROOT })
}

/// Every schema object in JSON Schema files and in the files they refer to.
fn schemas<'g>(ctx: &Context<'g>) -> impl Iterator<Item = (&'g Schema, Node<'g>)> + use<'g> {
    let graph = ctx.graph;
    let in_api = |kind| matches!(kind, DocumentKind::OpenApi(_));
    let has_api = graph.documents.iter().any(|document| in_api(document.kind));
    let ours = |document: &&tenon_graph::Document| match document.kind {
        DocumentKind::JsonSchema => true,
        DocumentKind::Fragment => !has_api,
        _ => false,
    };
    let files: FxHashSet<FileId> =
        graph.documents.iter().filter(ours).map(|document| document.file).collect();
    let found = graph.schemas.iter().filter(move |schema| files.contains(&schema.at.file));
    found.map(|schema| (schema, graph.node(schema.at)))
}

/// A finding about a whole schema file, at its name rather than over all of it.
fn file_finding(graph: &Graph, code: &'static Code, root: At, message: String) -> Finding {
    let node = graph.node(root);
    let name = ["title", "$id", "$schema"].iter().find_map(|name| node.get(name));
    let first = name.or_else(|| node.members().next().map(|(_, value)| value));
    let span = first.map_or(node.span(), Node::head_span);
    Finding::new(code, Place { file: root.file, span }, message).with_pointer(String::new())
}

/// The last part of a file's path.
fn file_name(graph: &Graph, file: FileId) -> &str {
    let path = graph.sources.get(file).map_or("", |source| source.path.as_str());
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}
