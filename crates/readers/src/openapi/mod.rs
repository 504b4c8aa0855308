//! OpenAPI 3.0, 3.1, 3.2 and Swagger 2.0.

use tenon_graph::{Document, DocumentKind, OpenApiVersion, Part, Resolver};
use tenon_source::{FileId, SourceFile};

use crate::Reader;

/// OpenAPI and Swagger.
pub struct OpenApi;

impl Reader for OpenApi {
    fn name(&self) -> &'static str {
        "OpenAPI"
    }

    fn recognise(&self, file: &SourceFile) -> Option<DocumentKind> {
        let root = file.tree.root();
        let version = root.get("openapi").or_else(|| root.get("swagger"))?;
        let version = version.as_str().or_else(|| version.number_text())?;
        Some(DocumentKind::OpenApi(match version.get(..3).unwrap_or(version) {
            "2.0" => OpenApiVersion::V2,
            "3.0" => OpenApiVersion::V3_0,
            "3.2" => OpenApiVersion::V3_2,
            _ => OpenApiVersion::V3_1,
        }))
    }

    fn read(&self, file: FileId, kind: DocumentKind, _resolver: &Resolver<'_>) -> Part {
        Part { document: Some(Document { file, kind }), ..Part::default() }
    }
}
