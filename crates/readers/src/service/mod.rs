//! The service-contracts family: contracts, scope manifest, data model, environment manifest.

use tenon_graph::{Document, DocumentKind, Part, Resolver};
use tenon_source::{FileId, SourceFile};

use crate::Reader;

/// `service-contracts`.
pub struct ServiceContractsReader;

impl Reader for ServiceContractsReader {
    fn name(&self) -> &'static str {
        "service-contracts"
    }

    fn recognise(&self, file: &SourceFile) -> Option<DocumentKind> {
        let schema = file.tree.root().get_str("$schema")?;
        schema.starts_with("service-contracts").then_some(DocumentKind::ServiceContracts)
    }

    fn read(&self, file: FileId, kind: DocumentKind, _resolver: &Resolver<'_>) -> Part {
        Part { document: Some(Document { file, kind }), ..Part::default() }
    }
}

/// `scope-manifest`.
pub struct ScopeManifestReader;

impl Reader for ScopeManifestReader {
    fn name(&self) -> &'static str {
        "scope-manifest"
    }

    fn recognise(&self, file: &SourceFile) -> Option<DocumentKind> {
        let schema = file.tree.root().get_str("$schema")?;
        schema.starts_with("scope-manifest").then_some(DocumentKind::ScopeManifest)
    }

    fn read(&self, file: FileId, kind: DocumentKind, _resolver: &Resolver<'_>) -> Part {
        Part { document: Some(Document { file, kind }), ..Part::default() }
    }
}

/// `data-relationships`.
pub struct DataRelationshipsReader;

impl Reader for DataRelationshipsReader {
    fn name(&self) -> &'static str {
        "data-relationships"
    }

    fn recognise(&self, file: &SourceFile) -> Option<DocumentKind> {
        let schema = file.tree.root().get_str("$schema")?;
        schema.starts_with("data-relationships").then_some(DocumentKind::DataRelationships)
    }

    fn read(&self, file: FileId, kind: DocumentKind, _resolver: &Resolver<'_>) -> Part {
        Part { document: Some(Document { file, kind }), ..Part::default() }
    }
}

/// `env-manifest`.
pub struct EnvManifestReader;

impl Reader for EnvManifestReader {
    fn name(&self) -> &'static str {
        "env-manifest"
    }

    fn recognise(&self, file: &SourceFile) -> Option<DocumentKind> {
        let schema = file.tree.root().get_str("$schema")?;
        schema.starts_with("env-manifest").then_some(DocumentKind::EnvManifest)
    }

    fn read(&self, file: FileId, kind: DocumentKind, _resolver: &Resolver<'_>) -> Part {
        Part { document: Some(Document { file, kind }), ..Part::default() }
    }
}
