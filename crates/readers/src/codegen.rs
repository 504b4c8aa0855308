//! Manifests of generated code: `tenon: codegen/v1`.

use tenon_graph::{
    CodegenManifest, CodegenOutput, CodegenTool, Document, DocumentKind, Name, Part, Resolver,
};
use tenon_source::{FileId, SourceFile};

use crate::Reader;
use crate::value::Value;

/// Manifests of generated code.
pub struct CodegenManifestReader;

impl Reader for CodegenManifestReader {
    fn name(&self) -> &'static str {
        "codegen manifest"
    }

    fn recognise(&self, file: &SourceFile) -> Option<DocumentKind> {
        let mark = file.tree.root().get_str("tenon")?;
        mark.starts_with("codegen/").then_some(DocumentKind::CodegenManifest)
    }

    fn read(&self, file: FileId, kind: DocumentKind, resolver: &Resolver<'_>) -> Part {
        let Some(source) = resolver.sources().get(file) else { return Part::default() };
        let root = Value { file, node: source.tree.root() };
        let manifest = CodegenManifest {
            file,
            root: root.at(),
            tools: root.map("tools").map(tool).collect(),
            outputs: root.map("outputs").map(output).collect(),
        };
        let document = Some(Document { file, kind });
        Part { document, codegen_manifests: vec![manifest], ..Part::default() }
    }
}

/// `protoc: {version: 34.1, command: [protoc, …]}`, or the version alone.
fn tool((name, value): (&str, Value<'_>)) -> CodegenTool {
    CodegenTool {
        at: value.at(),
        name: Name::new(name, value.at()),
        version: value.scalar().or_else(|| value.get("version").and_then(Value::scalar)),
        command: value.get("command").and_then(Value::names).unwrap_or_default(),
    }
}

/// `path: {sha256: …}`, or the hash alone.
fn output((path, value): (&str, Value<'_>)) -> CodegenOutput {
    CodegenOutput {
        at: value.at(),
        path: Name::new(path, value.at()),
        sha256: value.scalar().or_else(|| value.get("sha256").and_then(Value::scalar)),
    }
}
