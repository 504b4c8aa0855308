//! The environment manifest.

use tenon_source::{At, FileId};

use crate::Name;

/// An environment manifest.
#[derive(Debug, Clone)]
pub struct EnvManifest {
    /// The document.
    pub file: FileId,
    /// The root object.
    pub root: At,
    /// Variables in document order.
    pub variables: Vec<EnvVariable>,
}

/// A variable.
#[derive(Debug, Clone)]
pub struct EnvVariable {
    /// The object it was read from.
    pub at: At,
    /// Its name.
    pub name: Name,
    /// Its default as text; `None` where it has none.
    pub default: Option<Name>,
}
