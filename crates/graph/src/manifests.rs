//! Manifests of operations with their folders of schemas and examples.

use tenon_source::{At, FileId};

use crate::Name;

/// A manifest of operations.
#[derive(Debug, Clone)]
pub struct ApiManifest {
    /// The document.
    pub file: FileId,
    /// The root object.
    pub root: At,
    /// The manifest's id.
    pub id: Option<Name>,
}

/// A schema file a manifest names.
#[derive(Debug, Clone)]
pub struct ManifestSchema {
    /// The name as written, such as `SwapIntent.schema.json`.
    pub name: Name,
    /// The file's root, if there is such a file.
    pub schema: Option<At>,
}
