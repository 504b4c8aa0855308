//! OpenAPI 3.0, 3.1, 3.2 and Swagger 2.0.
//!
//! Two passes: [`walk`] finds every schema, reference and example where it is written, [`read`]
//! says what the operations are, with their references followed. A value of a wrong type is passed
//! over by both: the official schema of the version says so better.

mod document;
mod read;
mod walk;

use tenon_graph::{Document, DocumentKind, FileReference, OpenApiVersion, Part, Resolver, is_url, join_path};
use tenon_source::{At, FileId, NodeId, SourceFile, Sources};

use crate::Reader;
use crate::codes;
use crate::references::References;
use crate::value::Value;

/// OpenAPI and Swagger.
pub struct OpenApi;

/// The members that name the version, by their age.
const VERSION_KEYS: [&str; 3] = ["openapi", "swagger", "swaggerVersion"];

/// Members one of which every API document has.
const API_KEYS: [&str; 5] = ["info", "paths", "components", "webhooks", "definitions"];

impl Reader for OpenApi {
    fn name(&self) -> &'static str {
        "OpenAPI"
    }

    fn recognise(&self, file: &SourceFile) -> Option<DocumentKind> {
        let root = file.tree.root();
        let version = VERSION_KEYS.iter().find_map(|key| root.get(key))?;
        let text = version.as_str().or_else(|| version.number_text());
        let known = text.and_then(|text| parse_version(version.key().unwrap_or(""), text));
        let numbered = text.is_some_and(|text| text.starts_with(|first: char| first.is_ascii_digit()));
        // Settings of tools have members of these names too.
        if !numbered && !API_KEYS.iter().any(|key| root.get(key).is_some()) {
            return None;
        }
        // What is wrong with an unknown version is said when it is read.
        Some(DocumentKind::OpenApi(known.unwrap_or(OpenApiVersion::V3_1)))
    }

    fn read(&self, file: FileId, kind: DocumentKind, resolver: &Resolver<'_>) -> Part {
        let document = Some(Document { file, kind });
        let mut references = References::new(resolver);
        let root = references.value(At { file, node: NodeId::ROOT });
        match version(root) {
            Ok(version) => Part { document, ..document::read(root, version, resolver) },
            Err((place, said)) => {
                let message = format!("{said}, so it is not read");
                let finding = references
                    .finding(&codes::UNKNOWN_VERSION, place, message)
                    .with_help("Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are read");
                references.report(finding);
                let (_, findings) = references.finish();
                Part { document, findings, ..Part::default() }
            }
        }
    }

    fn companions(&self, file: FileId, sources: &Sources) -> Vec<FileReference> {
        sources.get(file).map(|source| mapped_files(file, source)).unwrap_or_default()
    }
}

/// The files that the `mapping` of a discriminator names: a schema's name, or a reference.
fn mapped_files(file: FileId, source: &SourceFile) -> Vec<FileReference> {
    let values = source.tree.members_named(&["mapping"]).flat_map(|mapping| mapping.members());
    let mut references: Vec<FileReference> = values
        .filter_map(|(_, value)| {
            let text = value.as_str()?;
            let base = text.split_once('#').map_or(text, |(base, _)| base);
            let is_file = base.contains(['/', '.']) && !is_url(base);
            is_file.then(|| FileReference {
                path: join_path(&source.path, base),
                at: At { file, node: value.id() },
            })
        })
        .collect();
    references.sort();
    references.dedup_by(|later, first| later.path == first.path);
    references
}

/// The version of a document, or the value that should name it and what it says.
fn version(root: Value<'_>) -> Result<OpenApiVersion, (Value<'_>, String)> {
    let Some(value) = VERSION_KEYS.iter().find_map(|key| root.get(key)) else {
        return Err((root, "the document names no version".to_owned()));
    };
    let key = value.node.key().unwrap_or("");
    match value.as_str().or_else(|| value.node.number_text()) {
        Some(text) => parse_version(key, text)
            .ok_or_else(|| (value, format!("the document is of version `{text}` by its `{key}`"))),
        None if value.node.is_null() => Err((value, format!("the document names no version in its `{key}`"))),
        None => {
            let kind = value.node.kind().as_str();
            let article = if kind.starts_with(['a', 'o']) { "an" } else { "a" };
            Err((value, format!("the document has {article} {kind} for its version")))
        }
    }
}

/// The version family of `3.1.0` and the like: the patch number makes no difference.
fn parse_version(key: &str, text: &str) -> Option<OpenApiVersion> {
    let mut numbers = text.split('.').map(str::parse::<u32>);
    let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else { return None };
    match (key, major, minor) {
        ("swagger", 2, 0) => Some(OpenApiVersion::V2),
        ("openapi", 3, 0) => Some(OpenApiVersion::V3_0),
        ("openapi", 3, 1) => Some(OpenApiVersion::V3_1),
        ("openapi", 3, 2) => Some(OpenApiVersion::V3_2),
        _ => None,
    }
}
