//! JSON Schema files, draft 4 to 2020-12, and the examples that are named after them.

mod pairs;

use tenon_graph::{
    Dialect, Document, DocumentKind, Example, ExampleOf, FileReference, Part, Resolver, SchemaRole, join_path,
};
use tenon_source::{At, FileId, NodeId, SourceFile, Sources};

use crate::Reader;
use crate::codes;
use crate::schema_walk::{SchemaWalk, declared_dialect};
use crate::value::Value;

pub(crate) use pairs::pair_examples;

/// A JSON Schema.
pub struct JsonSchemaReader;

impl Reader for JsonSchemaReader {
    fn name(&self) -> &'static str {
        "JSON Schema"
    }

    fn recognise(&self, file: &SourceFile) -> Option<DocumentKind> {
        let declared = file.tree.root().get_str("$schema").is_some_and(|uri| uri.contains("json-schema.org"));
        (declared || pairs::schema_stem(&file.path).is_some()).then_some(DocumentKind::JsonSchema)
    }

    /// Schemas beside this one that it refers to by the URLs they bear: with the `$id`
    /// `https://x.dev/schemas/A.json`, a reference to `https://x.dev/schemas/B.json` means `B.json`.
    fn companions(&self, file: FileId, sources: &Sources) -> Vec<FileReference> {
        let Some(source) = sources.get(file) else { return Vec::new() };
        let id = source.tree.root().get_str("$id").filter(|id| tenon_graph::is_url(id));
        let Some((home, _)) = id.and_then(|id| id.rsplit_once('/')) else { return Vec::new() };
        let references = source.tree.dollar_members().filter(|(key, _)| *key == "$ref");
        let beside = references.filter_map(|(_, value)| {
            let rest = value.as_str()?.strip_prefix(home)?.strip_prefix('/')?;
            let name = rest.split_once('#').map_or(rest, |(name, _)| name);
            let path = join_path(&source.path, name);
            (!name.is_empty()).then_some(FileReference { path, at: At { file, node: value.id() } })
        });
        let mut found: Vec<FileReference> = beside.collect();
        found.sort();
        found.dedup_by(|later, first| later.path == first.path);
        found
    }

    fn read(&self, file: FileId, kind: DocumentKind, resolver: &Resolver<'_>) -> Part {
        let mut walk = SchemaWalk::new(resolver, file, false);
        let root = walk.references.value(At { file, node: NodeId::ROOT });
        if let Some(uri) = root.node.get_str("$schema")
            && uri.contains("json-schema.org")
            && declared_dialect(root).is_none()
        {
            let place = root.get("$schema").unwrap_or(root);
            let message = format!("`{uri}` is no version of JSON Schema that is read");
            let finding = walk
                .references
                .finding(&codes::UNKNOWN_VERSION, place, message)
                .with_help("the drafts 4, 6, 7, 2019-09 and 2020-12 are read; this file is read as 2020-12");
            walk.references.report(finding);
        }
        walk.schema(root, dialect(root), SchemaRole::File);
        walk.drain();
        let mut part = Part { document: Some(Document { file, kind }), ..Part::default() };
        walk.finish(&mut part);
        part
    }
}

/// An example file that is named after a schema.
pub(crate) fn read_example(file: FileId, schema: FileId, resolver: &Resolver<'_>) -> Part {
    let root = |file| At { file, node: NodeId::ROOT };
    let schema = Value { file: schema, node: resolver.sources().node(root(schema)) };
    let example = Example {
        value: root(file),
        schema: schema.at(),
        dialect: dialect(schema),
        of: ExampleOf::File,
        request: None,
    };
    let document = Some(Document { file, kind: DocumentKind::Example });
    Part { document, examples: vec![example], ..Part::default() }
}

/// The dialect of a schema file; the newest where it names none.
fn dialect(root: Value<'_>) -> Dialect {
    declared_dialect(root).unwrap_or(Dialect::Draft202012)
}
