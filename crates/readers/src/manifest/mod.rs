//! Manifests of operations and events, with the schemas and examples they name.

use tenon_graph::{Document, DocumentKind, Part, Resolver};
use tenon_source::{FileId, SourceFile};

use crate::Reader;

/// A manifest with `endpoints`.
pub struct ApiManifestReader;

impl Reader for ApiManifestReader {
    fn name(&self) -> &'static str {
        "manifest of endpoints"
    }

    fn recognise(&self, file: &SourceFile) -> Option<DocumentKind> {
        file.tree
            .root()
            .get("endpoints")
            .is_some_and(|list| list.is_array())
            .then_some(DocumentKind::ApiManifest)
    }

    fn read(&self, file: FileId, kind: DocumentKind, _resolver: &Resolver<'_>) -> Part {
        Part { document: Some(Document { file, kind }), ..Part::default() }
    }
}

/// A manifest with `event_types`.
pub struct EventManifestReader;

impl Reader for EventManifestReader {
    fn name(&self) -> &'static str {
        "manifest of event_types"
    }

    fn recognise(&self, file: &SourceFile) -> Option<DocumentKind> {
        file.tree
            .root()
            .get("event_types")
            .is_some_and(|list| list.is_array())
            .then_some(DocumentKind::EventManifest)
    }

    fn read(&self, file: FileId, kind: DocumentKind, _resolver: &Resolver<'_>) -> Part {
        Part { document: Some(Document { file, kind }), ..Part::default() }
    }
}
