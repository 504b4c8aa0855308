//! The contract graph: what every format says about an API, in one form.
//!
//! Holds: operations, events, schemas, examples, the error catalogue, entities, and the facts of
//! the service-contracts family, each with the place it was read from; and `$ref` resolution.
//! It must never hold: the grammar of a format (that is `readers`), a judgement (that is
//! `checks`), file access.
//!
//! Readers fill a [`Part`] per file; [`link()`] joins the parts into the [`Graph`]. Start reading
//! at [`Graph`], then [`Operation`].
#![forbid(unsafe_code)]

mod asyncapi;
mod avro;
mod canonical;
mod codegen;
mod event;
pub mod freeze;
mod governance;
mod graph;
mod groups;
mod http;
mod keywords;
pub mod link;
mod manifests;
pub mod mapping;
mod name;
mod operation;
pub mod protobuf;
mod resolve;
mod reuse;
mod rpc;
mod schema;
pub mod service;
pub mod serving;
mod surface;
mod uri;

pub use asyncapi::{
    Action, AsyncApi, AsyncApiVersion, AsyncComponent, AsyncComponentKind, AsyncOperation, AsyncServer,
    Binding, Channel, ChannelParameter, Correlation, Message, MessageExample, MessageUse, Payload, Reply,
    SchemaFormat, SecurityUse, ServerUse, TraitUse,
};
pub use avro::{AvroField, AvroKind, AvroType};
pub use canonical::{canonical_hash, canonical_json, to_value, write_canonical_text};
pub use codegen::{CodegenManifest, CodegenOutput, CodegenTool};
pub use event::{Event, EventManifest};
pub use governance::{
    Boundary, Consent, Contract, Deprecation, Entity, ErrorCode, Governance, Idempotency, Tenancy, Tier,
    Transition, Usage, Waiver,
};
pub use graph::{Document, DocumentKind, Graph, Part};
pub use groups::groups;
pub use http::{
    Body, Component, ComponentKind, Encoding, Header, HttpApi, LinkObject, MediaType, OpenApiVersion,
    Parameter, ParameterIn, PathItem, Response, SecurityRequirement, SecurityScheme, Server, Tag,
};
pub use keywords::Keywords;
pub use link::link;
pub use manifests::{ApiManifest, ManifestSchema};
pub use name::{Name, words};
pub use operation::{
    ChannelBinding, HttpBinding, HttpDetail, Method, Operation, OperationKind, RpcBinding, RpcTypes, Status,
    template_parameters,
};
pub use resolve::{CHAIN_MAX, FileReference, Reference, ReferenceProblem, Resolver};
pub use reuse::{
    CapabilityRow, DeltaRow, ErrorMapping, FamilyRow, Handoff, IdentifierRow, IntentRow, PinManifest,
    PinnedFile, ProvenanceRow, RegisterPlace, ReuseRegister, SurfaceRow, Upstream, WorkPackage,
};
pub use rpc::{MessageFacts, ReasonCatalogue, RpcDelta, RpcSurface};
pub use schema::{Dialect, Example, ExampleOf, Schema, SchemaRole};
pub use surface::{
    Category, Exclusion, Forbids, Prerequisite, RequiredHeader, ScopeFamily, Surface, VersionPolicy,
};
pub use uri::{is_url, join_path, join_uri, percent_decode, sibling_path};
