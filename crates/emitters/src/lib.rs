//! The contract graph to files in memory, one folder a target.
//!
//! Holds: what can be derived from contracts. It must never hold: a check, file access. What is
//! written depends on the graph alone: the same graph gives the same bytes.
//!
//! Start reading at [`service_contracts::derive`].
#![forbid(unsafe_code)]

pub mod descriptors;
pub mod gate_scripts;
pub mod lock;
pub mod openapi;
pub mod service_contracts;
pub mod verification;
