//! JSON Schema files.

use tenon_graph::{Document, DocumentKind, Part, Resolver};
use tenon_source::{FileId, SourceFile};

use crate::Reader;

/// A JSON Schema.
pub struct JsonSchemaReader;

impl Reader for JsonSchemaReader {
    fn name(&self) -> &'static str {
        "JSON Schema"
    }

    fn recognise(&self, file: &SourceFile) -> Option<DocumentKind> {
        let declared = file.tree.root().get_str("$schema").is_some_and(|uri| uri.contains("json-schema.org"));
        let named = file.path.ends_with(".schema.json") || file.path.ends_with(".schema.yaml");
        (declared || named).then_some(DocumentKind::JsonSchema)
    }

    fn read(&self, file: FileId, kind: DocumentKind, _resolver: &Resolver<'_>) -> Part {
        Part { document: Some(Document { file, kind }), ..Part::default() }
    }
}
