//! Input formats to parts of the contract graph, one folder a format.
//!
//! Holds: the grammar of each format. It must never hold: a rule (findings here say only that
//! something could not be read), file access, knowledge of the uses of the graph.
//!
//! A format is one [`Reader`] in [`READERS`]. Start reading at [`recognise`], then at
//! `openapi::read`.
#![forbid(unsafe_code)]

mod asyncapi;
pub mod buf;
mod codegen;
pub mod codes;
mod contract;
mod governance;
mod json_schema;
mod load;
pub mod lock;
mod manifest;
mod openapi;
mod protobuf;
mod references;
mod reuse;
mod schema_walk;
pub mod scripts;
mod service;
mod serving;
mod value;

pub use load::{FILES_MAX, Files, Loaded, Root, load, read_all};
use tenon_graph::{
    DocumentKind, FileReference, Part, Resolver, is_url, join_path, percent_decode, sibling_path,
};
use tenon_source::{At, FileId, SourceFile, Sources};

/// One input format.
pub trait Reader: Sync {
    /// Name of the format, for messages.
    fn name(&self) -> &'static str;

    /// What the file is, if it is of this format. Told by structure first, by name second.
    fn recognise(&self, file: &SourceFile) -> Option<DocumentKind>;

    /// Reads a file. Files it refers to are read along where they are referred to.
    fn read(&self, file: FileId, kind: DocumentKind, resolver: &Resolver<'_>) -> Part;

    /// Names of files it needs beside those its `$ref`s name, such as the schemas of a manifest.
    fn companions(&self, _file: FileId, _sources: &Sources) -> Vec<FileReference> {
        Vec::new()
    }
}

/// Every format, those told apart most surely first.
pub static READERS: &[&dyn Reader] = &[
    &protobuf::ProtobufReader,
    &openapi::OpenApi,
    &asyncapi::AsyncApiReader,
    &buf::BufReader,
    &contract::ContractReader,
    &reuse::ReuseRegisterReader,
    &reuse::PinManifestReader,
    &codegen::CodegenManifestReader,
    &service::ServiceContractsReader,
    &service::ScopeManifestReader,
    &service::DataRelationshipsReader,
    &service::EnvManifestReader,
    &manifest::ApiManifestReader,
    &manifest::EventManifestReader,
    &manifest::ExampleManifestReader,
    &json_schema::JsonSchemaReader,
];

/// The format of a file, if it is one of [`READERS`].
#[must_use]
pub fn recognise(file: &SourceFile) -> Option<(&'static dyn Reader, DocumentKind)> {
    READERS.iter().find_map(|reader| Some((*reader, reader.recognise(file)?)))
}

/// The other files a file refers to with `$ref`, each once, in order of their paths. References
/// within the file are left out, and URLs but those of files on the same server as the file's own
/// `$id`.
#[must_use]
pub fn file_references(file: FileId, source: &SourceFile) -> Vec<FileReference> {
    let mut references: Vec<FileReference> = source
        .tree
        .dollar_members()
        .filter(|(key, _)| *key == "$ref")
        .filter_map(|(_, value)| {
            let text = value.as_str()?;
            let base = text.split_once('#').map_or(text, |(base, _)| base);
            let path = if is_url(base) {
                sibling_path(&source.path, source.tree.root().get_str("$id")?, base)?
            } else if base.is_empty() {
                return None;
            } else {
                join_path(&source.path, &percent_decode(base)?)
            };
            Some(FileReference { path, at: At { file, node: value.id() } })
        })
        .collect();
    references.sort();
    references.dedup_by(|later, first| later.path == first.path);
    references
}
