//! Milestones, scenarios and conformance: what was agreed, held to what is there.
//!
//! Holds: the milestone file and what can be computed from it, the evidence folder with its
//! manifest, statement and signature, scenarios and conformance runs against any URL. It must
//! never hold: knowledge of how a command of the binary works (that comes in as a trait), or of
//! what is behind the URL it is given.
#![forbid(unsafe_code)]

pub mod client;
pub mod codes;
pub mod conformance;
pub mod contract;
mod events;
pub mod evidence;
pub mod milestone;
pub mod scenario;
pub mod world;
