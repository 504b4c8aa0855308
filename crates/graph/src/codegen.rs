//! What generates files from a contract: the tools, pinned, and what they wrote.

use tenon_source::{At, FileId};

use crate::Name;

/// A manifest of generated code.
#[derive(Debug, Clone)]
pub struct CodegenManifest {
    /// The document.
    pub file: FileId,
    /// The root object.
    pub root: At,
    /// The tools that are run.
    pub tools: Vec<CodegenTool>,
    /// The files they write.
    pub outputs: Vec<CodegenOutput>,
}

/// A tool.
#[derive(Debug, Clone)]
pub struct CodegenTool {
    /// The entry.
    pub at: At,
    /// Its name.
    pub name: Name,
    /// Its version, as written.
    pub version: Option<Name>,
    /// How it is called: program and arguments.
    pub command: Vec<Name>,
}

/// A file that a tool writes.
#[derive(Debug, Clone)]
pub struct CodegenOutput {
    /// The entry.
    pub at: At,
    /// Its path, as seen from the manifest.
    pub path: Name,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: Option<Name>,
}
