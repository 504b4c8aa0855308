//! The service-contracts family: contracts, scope manifest, data model, environment manifest.
//!
//! What is wrong with a field is said by rules; the readers here say only what kept them from
//! reading, and which dialect a document is in.

mod contracts;
mod data_model;
mod dialect;
mod endpoint;
mod env;
mod names;
mod scope;

use tenon_graph::{Document, DocumentKind, FileReference, Part, Resolver, join_path};
use tenon_source::{At, FileId, NodeId, SourceFile, Sources};

use crate::Reader;

/// The manifests that belong to a contract and stand beside it, by file stem.
const COMPANIONS: &[&str] = &["scope-manifest", "data-relationships", "env-manifest"];

/// `service-contracts`.
pub struct ServiceContractsReader;

impl Reader for ServiceContractsReader {
    fn name(&self) -> &'static str {
        "service-contracts"
    }

    fn recognise(&self, file: &SourceFile) -> Option<DocumentKind> {
        let root = file.tree.root();
        let named = root.get_str("$schema").is_some_and(|name| name.starts_with("service-contracts"));
        let shaped = || {
            let first = root.get("endpoints")?.items().find(|item| item.is_object())?;
            first.get("serviceContract")
        };
        (named || shaped().is_some()).then_some(DocumentKind::ServiceContracts)
    }

    fn read(&self, file: FileId, kind: DocumentKind, resolver: &Resolver<'_>) -> Part {
        let mut part = Part { document: Some(Document { file, kind }), ..Part::default() };
        contracts::read(file, resolver.sources(), &mut part);
        part
    }

    fn companions(&self, file: FileId, sources: &Sources) -> Vec<FileReference> {
        let Some(source) = sources.get(file) else { return Vec::new() };
        let extension = source.path.rsplit_once('.').map_or("json", |(_, extension)| extension);
        let at = At { file, node: NodeId::ROOT };
        COMPANIONS
            .iter()
            .map(|stem| FileReference { path: join_path(&source.path, &format!("{stem}.{extension}")), at })
            .collect()
    }
}

/// `scope-manifest`.
pub struct ScopeManifestReader;

impl Reader for ScopeManifestReader {
    fn name(&self) -> &'static str {
        "scope-manifest"
    }

    fn recognise(&self, file: &SourceFile) -> Option<DocumentKind> {
        let root = file.tree.root();
        let named = root.get_str("$schema").is_some_and(|name| name.starts_with("scope-manifest"));
        let shaped = root.get("requiredEntities").is_some_and(|list| list.is_array())
            && (root.get("userRoles").is_some() || root.get("platformConstraints").is_some());
        (named || shaped).then_some(DocumentKind::ScopeManifest)
    }

    fn read(&self, file: FileId, kind: DocumentKind, resolver: &Resolver<'_>) -> Part {
        let mut part = Part { document: Some(Document { file, kind }), ..Part::default() };
        part.scopes.extend(scope::read(file, resolver.sources()));
        part
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

    fn read(&self, file: FileId, kind: DocumentKind, resolver: &Resolver<'_>) -> Part {
        let mut part = Part { document: Some(Document { file, kind }), ..Part::default() };
        part.data_models.extend(data_model::read(file, resolver.sources()));
        part
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

    fn read(&self, file: FileId, kind: DocumentKind, resolver: &Resolver<'_>) -> Part {
        let mut part = Part { document: Some(Document { file, kind }), ..Part::default() };
        part.env_manifests.extend(env::read(file, resolver.sources()));
        part
    }
}
