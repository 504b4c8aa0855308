//! Manifests of operations and events, with the schemas and examples they name.
//!
//! A manifest lists what an API offers and leaves the schemas in files of their own, which it
//! names without their folder. A list of examples (`{"examples": [{"file", "schema"}]}`) says
//! which example follows which schema where their names do not.

mod api;
mod events;
mod examples;
mod files;

use tenon_graph::{Document, DocumentKind, FileReference, Part, Resolver};
use tenon_source::{At, FileId, Node, NodeId, SourceFile, Sources};

use crate::Reader;
use crate::value::Value;

/// A manifest with `endpoints`.
pub struct ApiManifestReader;

impl Reader for ApiManifestReader {
    fn name(&self) -> &'static str {
        "manifest of endpoints"
    }

    fn recognise(&self, file: &SourceFile) -> Option<DocumentKind> {
        has_list(file, "endpoints").then_some(DocumentKind::ApiManifest)
    }

    fn read(&self, file: FileId, kind: DocumentKind, resolver: &Resolver<'_>) -> Part {
        api::read(root(file, resolver.sources()), part(file, kind), resolver)
    }

    fn companions(&self, file: FileId, sources: &Sources) -> Vec<FileReference> {
        files::companions(file, sources, &api::schema_names(root(file, sources)))
    }
}

/// A manifest with `event_types`.
pub struct EventManifestReader;

impl Reader for EventManifestReader {
    fn name(&self) -> &'static str {
        "manifest of event_types"
    }

    fn recognise(&self, file: &SourceFile) -> Option<DocumentKind> {
        events::LISTS.iter().any(|list| has_list(file, list)).then_some(DocumentKind::EventManifest)
    }

    fn read(&self, file: FileId, kind: DocumentKind, resolver: &Resolver<'_>) -> Part {
        events::read(root(file, resolver.sources()), part(file, kind), resolver)
    }

    fn companions(&self, file: FileId, sources: &Sources) -> Vec<FileReference> {
        files::companions(file, sources, &events::schema_names(root(file, sources)))
    }
}

/// A list of example files with their schemas.
pub struct ExampleManifestReader;

impl Reader for ExampleManifestReader {
    fn name(&self) -> &'static str {
        "manifest of examples"
    }

    fn recognise(&self, file: &SourceFile) -> Option<DocumentKind> {
        let mut entries = file.tree.root().get("examples")?.items();
        let has_both = |entry: Node<'_>| entry.get_str("file").is_some() && entry.get_str("schema").is_some();
        entries.next().is_some_and(has_both).then_some(DocumentKind::ExampleManifest)
    }

    fn read(&self, file: FileId, kind: DocumentKind, resolver: &Resolver<'_>) -> Part {
        examples::read(root(file, resolver.sources()), part(file, kind), resolver)
    }

    fn companions(&self, file: FileId, sources: &Sources) -> Vec<FileReference> {
        examples::companions(root(file, sources), sources)
    }
}

fn has_list(file: &SourceFile, key: &str) -> bool {
    file.tree.root().get(key).is_some_and(Node::is_array)
}

fn part(file: FileId, kind: DocumentKind) -> Part {
    Part { document: Some(Document { file, kind }), ..Part::default() }
}

fn root(file: FileId, sources: &Sources) -> Value<'_> {
    Value { file, node: sources.node(At { file, node: NodeId::ROOT }) }
}

/// The first of several members an object has: the same fact under the names manifests use.
fn any<'s>(value: Value<'s>, keys: &[&str]) -> Option<Value<'s>> {
    keys.iter().find_map(|key| value.get(key))
}
