//! Protobuf: proto2, proto3 and the editions 2023 and 2024.
//!
//! Files are read one by one like any other; what they mean together is worked out once, by
//! [`read_together`]: each file is lowered by itself, names go into one table, and every file
//! follows its names there. Only the table is made by one thread.

mod bundled;
mod features;
mod imports;
mod link;
mod lower;
mod modules;
mod operations;
mod options;
mod public;
mod resolve;
mod scope;
mod symbols;
mod validate;
mod values;
mod visibility;

use tenon_graph::{Document, DocumentKind, Part, Resolver};
use tenon_source::{FileId, SourceFile};

use crate::Reader;

pub(crate) use bundled::read as read_bundled;
pub use imports::Imports;
pub(crate) use link::read_together;

/// Protobuf.
pub struct ProtobufReader;

impl Reader for ProtobufReader {
    fn name(&self) -> &'static str {
        "Protobuf"
    }

    fn recognise(&self, file: &SourceFile) -> Option<DocumentKind> {
        Some(DocumentKind::Protobuf(lower::syntax_of(file, file.proto.as_ref()?)))
    }

    /// Says what the file is; what it declares is read with all the others, see
    /// [`read_together`].
    fn read(&self, file: FileId, kind: DocumentKind, _resolver: &Resolver<'_>) -> Part {
        Part { document: Some(Document { file, kind }), ..Part::default() }
    }
}
