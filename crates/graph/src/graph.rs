//! The graph itself, and the part of it that one file gives.

use std::ops::Range;

use rustc_hash::FxHashMap;
use tenon_source::{At, FileId, Finding, Node, Sources};

use crate::protobuf::{BufModule, Protobuf, Syntax};
use crate::service::{DataModel, EnvManifest, ScopeManifest, ServiceContracts};
use crate::{
    ApiManifest, AsyncApi, AsyncApiVersion, CodegenManifest, Contract, Entity, ErrorCode, Event,
    EventManifest, Example, HttpApi, Keywords, OpenApiVersion, Operation, PinManifest, Reference,
    ReuseRegister, Schema,
};

/// What a file was read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DocumentKind {
    /// OpenAPI or Swagger.
    OpenApi(OpenApiVersion),
    /// AsyncAPI.
    AsyncApi(AsyncApiVersion),
    /// A JSON Schema.
    JsonSchema,
    /// An example of a JSON Schema.
    Example,
    /// Service contracts v2, in one of its dialects.
    ServiceContracts,
    /// A scope manifest.
    ScopeManifest,
    /// A data model.
    DataRelationships,
    /// An environment manifest.
    EnvManifest,
    /// A manifest of operations.
    ApiManifest,
    /// A manifest of events.
    EventManifest,
    /// A list of example files with their schemas.
    ExampleManifest,
    /// The native contract.
    Contract,
    /// A manifest of generated code.
    CodegenManifest,
    /// A Protobuf file.
    Protobuf(Syntax),
    /// A `buf.yaml`.
    BufConfiguration,
    /// A reuse register.
    ReuseRegister,
    /// A list of files pinned by their hashes.
    PinManifest,
    /// Reached through a reference only; read where it is referred to.
    Fragment,
}

impl DocumentKind {
    /// What people call it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OpenApi(OpenApiVersion::V2) => "Swagger 2.0",
            Self::OpenApi(OpenApiVersion::V3_0) => "OpenAPI 3.0",
            Self::OpenApi(OpenApiVersion::V3_1) => "OpenAPI 3.1",
            Self::OpenApi(OpenApiVersion::V3_2) => "OpenAPI 3.2",
            Self::AsyncApi(AsyncApiVersion::V2) => "AsyncAPI 2",
            Self::AsyncApi(AsyncApiVersion::V3_0) => "AsyncAPI 3.0",
            Self::AsyncApi(AsyncApiVersion::V3_1) => "AsyncAPI 3.1",
            Self::JsonSchema => "JSON Schema",
            Self::Example => "example",
            Self::ServiceContracts => "service contracts",
            Self::ScopeManifest => "scope manifest",
            Self::DataRelationships => "data model",
            Self::EnvManifest => "environment manifest",
            Self::ApiManifest => "operation manifest",
            Self::EventManifest => "event manifest",
            Self::ExampleManifest => "example manifest",
            Self::Contract => "contract",
            Self::CodegenManifest => "codegen manifest",
            Self::Protobuf(Syntax::Proto2) => "Protobuf proto2",
            Self::Protobuf(Syntax::Proto3) => "Protobuf proto3",
            Self::Protobuf(Syntax::Edition2023) => "Protobuf edition 2023",
            Self::Protobuf(Syntax::Edition2024) => "Protobuf edition 2024",
            Self::BufConfiguration => "buf configuration",
            Self::ReuseRegister => "reuse register",
            Self::PinManifest => "pin manifest",
            Self::Fragment => "fragment",
        }
    }
}

/// One file of the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Document {
    /// The file.
    pub file: FileId,
    /// What it was read as.
    pub kind: DocumentKind,
}

/// What one file gives to the graph. The places in it may lie in other files, where the file
/// refers to them.
#[derive(Debug, Default)]
pub struct Part {
    /// The file, once it is known what it is.
    pub document: Option<Document>,
    /// OpenAPI documents.
    pub apis: Vec<HttpApi>,
    /// AsyncAPI documents.
    pub async_apis: Vec<AsyncApi>,
    /// Operations in document order.
    pub operations: Vec<Operation>,
    /// What a contract says about operations of other files, and which files those are.
    pub overlays: Vec<(Operation, Vec<FileId>)>,
    /// Events in document order.
    pub events: Vec<Event>,
    /// Every schema, inline ones too, in document order.
    pub schemas: Vec<Schema>,
    /// Every example with the schema it claims to follow.
    pub examples: Vec<Example>,
    /// Every `$ref`.
    pub references: Vec<Reference>,
    /// Declared contracts.
    pub contracts: Vec<Contract>,
    /// Error catalogue.
    pub errors: Vec<ErrorCode>,
    /// Entities with their status machines.
    pub entities: Vec<Entity>,
    /// Service contracts.
    pub services: Vec<ServiceContracts>,
    /// Scope manifests.
    pub scopes: Vec<ScopeManifest>,
    /// Data models.
    pub data_models: Vec<DataModel>,
    /// Environment manifests.
    pub env_manifests: Vec<EnvManifest>,
    /// Operation manifests.
    pub api_manifests: Vec<ApiManifest>,
    /// Event manifests.
    pub event_manifests: Vec<EventManifest>,
    /// Manifests of generated code.
    pub codegen_manifests: Vec<CodegenManifest>,
    /// Everything about Protobuf: one part brings it for all files.
    pub protobuf: Option<Box<Protobuf>>,
    /// Modules that a `buf.yaml` declares.
    pub buf_modules: Vec<BufModule>,
    /// Reuse registers.
    pub reuse_registers: Vec<ReuseRegister>,
    /// Lists of pinned files.
    pub pin_manifests: Vec<PinManifest>,
    /// What the reader had to say.
    pub findings: Vec<Finding>,
}

/// Everything one run knows about the contracts it was given.
#[derive(Debug, Default)]
pub struct Graph {
    /// The files.
    pub sources: Sources,
    /// What each file was read as, in file order.
    pub documents: Vec<Document>,
    /// OpenAPI documents.
    pub apis: Vec<HttpApi>,
    /// AsyncAPI documents.
    pub async_apis: Vec<AsyncApi>,
    /// Operations, those of one file together.
    pub operations: Vec<Operation>,
    /// What contracts say about operations that none of the files they govern has.
    pub unmatched: Vec<Operation>,
    /// Events.
    pub events: Vec<Event>,
    /// Every schema, inline ones too.
    pub schemas: Vec<Schema>,
    /// Every example.
    pub examples: Vec<Example>,
    /// Every `$ref`.
    pub references: Vec<Reference>,
    /// Declared contracts.
    pub contracts: Vec<Contract>,
    /// Error catalogue.
    pub errors: Vec<ErrorCode>,
    /// Entities with their status machines.
    pub entities: Vec<Entity>,
    /// Service contracts.
    pub services: Vec<ServiceContracts>,
    /// Scope manifests.
    pub scopes: Vec<ScopeManifest>,
    /// Data models.
    pub data_models: Vec<DataModel>,
    /// Environment manifests.
    pub env_manifests: Vec<EnvManifest>,
    /// Operation manifests.
    pub api_manifests: Vec<ApiManifest>,
    /// Event manifests.
    pub event_manifests: Vec<EventManifest>,
    /// Manifests of generated code.
    pub codegen_manifests: Vec<CodegenManifest>,
    /// Messages, enums and services of all Protobuf files.
    pub protobuf: Protobuf,
    /// Modules that a `buf.yaml` declares.
    pub buf_modules: Vec<BufModule>,
    /// Reuse registers.
    pub reuse_registers: Vec<ReuseRegister>,
    /// Lists of pinned files.
    pub pin_manifests: Vec<PinManifest>,
    pub(crate) targets: FxHashMap<At, At>,
    pub(crate) operations_by_file: FxHashMap<FileId, Range<usize>>,
    /// The keywords of each of `schemas`.
    pub(crate) keywords: Vec<Keywords>,
}

impl Graph {
    /// The value at a place.
    #[must_use]
    pub fn node(&self, at: At) -> Node<'_> {
        self.sources.node(at)
    }

    /// The value an object with a `$ref` stands for, followed to its end; the place itself if it
    /// is no reference or the reference is broken.
    #[must_use]
    pub fn follow(&self, at: At) -> At {
        let mut at = at;
        // A chain longer than this is a cycle of references that refer to nothing else.
        for _ in 0..crate::resolve::CHAIN_MAX {
            match self.targets.get(&at) {
                Some(&target) => at = target,
                None => break,
            }
        }
        at
    }

    /// The place a `$ref` object refers to, one step.
    #[must_use]
    pub fn target(&self, at: At) -> Option<At> {
        self.targets.get(&at).copied()
    }

    /// The operations read from a file.
    #[must_use]
    pub fn operations_of(&self, file: FileId) -> &[Operation] {
        let range = self.operations_by_file.get(&file).cloned().unwrap_or_default();
        self.operations.get(range).unwrap_or_default()
    }

    /// Every schema that has all of some keywords, with the keywords it has.
    pub fn schemas_with(&self, all: Keywords) -> impl Iterator<Item = (&Schema, Keywords)> {
        self.schemas_with_any(all).filter(move |(_, found)| found.has(all))
    }

    /// Every schema that has one of some keywords or more, with the keywords it has.
    pub fn schemas_with_any(&self, any: Keywords) -> impl Iterator<Item = (&Schema, Keywords)> {
        let all = self.schemas.iter().zip(self.keywords.iter().copied());
        all.filter(move |(_, found)| found.has_any(any))
    }

    /// The files that were read, a count; those that come with the program are left out.
    #[must_use]
    pub fn file_count(&self) -> usize {
        let bundled = self.protobuf.files.iter().filter(|file| file.is_bundled).count();
        self.sources.len().saturating_sub(bundled)
    }

    /// The schema at a place, its references followed.
    #[must_use]
    pub fn schema(&self, at: At) -> Option<&Schema> {
        let at = self.follow(at);
        let index = self.schemas.binary_search_by_key(&at, |schema| schema.at).ok()?;
        self.schemas.get(index)
    }

    /// What a file was read as.
    #[must_use]
    pub fn document(&self, file: FileId) -> Option<Document> {
        self.documents.iter().find(|document| document.file == file).copied()
    }
}
