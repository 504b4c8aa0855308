//! The contract graph to files in memory, one folder a target.
//!
//! Holds: what can be derived from contracts. It must never hold: a check, file access. What is
//! written depends on the graph alone: the same graph gives the same bytes.
//!
//! What can be written is the list [`TARGETS`]. Start reading there.
#![forbid(unsafe_code)]

pub mod clients;
pub mod descriptors;
pub mod gate_scripts;
pub mod lock;
pub mod openapi;
pub mod service_contracts;
mod target;
pub mod verification;

pub use target::{Emission, GeneratedFile, Input, Refusal, TARGETS, Target, target};
