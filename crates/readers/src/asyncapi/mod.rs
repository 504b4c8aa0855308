//! AsyncAPI 2.0 to 2.6, 3.0 and 3.1.
//!
//! Two passes, as for OpenAPI: [`walk`] finds every schema, reference and example where it is
//! written, [`document`] and its siblings say what servers, channels, operations and messages
//! are, with references followed and traits applied. A value of a wrong type is passed over by
//! both: the official schema of the version says so better.

mod avro;
mod channels;
mod document;
mod events;
mod formats;
mod messages;
mod operations;
mod traits;
mod walk;

use tenon_graph::{AsyncApiVersion, Document, DocumentKind, Part, Resolver};
use tenon_source::{At, FileId, NodeId, SourceFile};

use crate::Reader;
use crate::codes;
use crate::references::References;
use crate::value::Value;

/// AsyncAPI.
pub struct AsyncApiReader;

/// The member that names the version.
const VERSION_KEY: &str = "asyncapi";

/// Members one of which every AsyncAPI document has.
const API_KEYS: [&str; 4] = ["info", "channels", "operations", "components"];

impl Reader for AsyncApiReader {
    fn name(&self) -> &'static str {
        "AsyncAPI"
    }

    fn recognise(&self, file: &SourceFile) -> Option<DocumentKind> {
        let root = file.tree.root();
        let version = root.get(VERSION_KEY)?;
        let text = version.as_str().or_else(|| version.number_text());
        let numbered = text.is_some_and(|text| text.starts_with(|first: char| first.is_ascii_digit()));
        // Settings of tools have members of this name too.
        if !numbered && !API_KEYS.iter().any(|key| root.get(key).is_some()) {
            return None;
        }
        // What is wrong with an unknown version is said when it is read.
        let known = text.and_then(parse_version);
        Some(DocumentKind::AsyncApi(known.unwrap_or(AsyncApiVersion::V3_1)))
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
                    .with_help("AsyncAPI 2.0 to 2.6, 3.0 and 3.1 are read");
                references.report(finding);
                let (_, findings) = references.finish();
                Part { document, findings, ..Part::default() }
            }
        }
    }
}

/// The version of a document, or the value that should name it and what it says.
fn version(root: Value<'_>) -> Result<AsyncApiVersion, (Value<'_>, String)> {
    let Some(value) = root.get(VERSION_KEY) else {
        return Err((root, "the document names no version".to_owned()));
    };
    match value.as_str().or_else(|| value.node.number_text()) {
        Some(text) => parse_version(text)
            .ok_or_else(|| (value, format!("the document is of version `{text}` by its `{VERSION_KEY}`"))),
        None => Err((value, format!("the document has no text for its version in `{VERSION_KEY}`"))),
    }
}

/// The version family of `2.6.0` and the like: the patch number makes no difference.
fn parse_version(text: &str) -> Option<AsyncApiVersion> {
    let mut numbers = text.split('.').map(str::parse::<u32>);
    let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else { return None };
    match (major, minor) {
        (2, 0..=6) => Some(AsyncApiVersion::V2),
        (3, 0) => Some(AsyncApiVersion::V3_0),
        (3, 1) => Some(AsyncApiVersion::V3_1),
        _ => None,
    }
}
