//! The contract graph to files in memory, one folder a target.
//!
//! Holds: what can be derived from contracts. It must never hold: a check, file access. What is
//! written depends on the graph alone: the same graph gives the same bytes.
//!
//! What can be written is the list [`TARGETS`]. Start reading there.
#![forbid(unsafe_code)]

pub mod asyncapi;
mod bodies;
mod catalogue;
pub mod clients;
mod components;
pub mod descriptors;
mod facts;
pub mod gate_scripts;
mod head;
mod inline;
mod jsonschema;
pub mod lock;
mod manifests;
pub mod openapi;
mod proto;
mod qa;
mod reference;
mod routes;
pub mod service_contracts;
mod target;
mod text;
pub mod verification;

pub use target::{Emission, GeneratedFile, Input, Refusal, TARGETS, Target, target};
