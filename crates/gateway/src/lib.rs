//! The gateway: doors, plan, pipeline, handlers, delivery.
//!
//! Holds: the plan made of a graph at start ([`Plan`]), the pipeline every request walks
//! (`pipeline.rs`, one readable function), the handlers that do the work, the doors requests come
//! in by, the channels events leave by, and the gateway's own surface at `/_tenon/`. It must never
//! hold: the grammar of a contract format, a decision (those are in `policies`), an engine.
//!
//! Start reading at [`Gateway`], then `pipeline`.
#![forbid(unsafe_code)]

pub mod ask;
pub mod authenticate;
mod body;
mod call;
pub mod delivery;
mod gateway;
pub mod grpc;
mod handlers;
pub mod http;
pub mod limits;
mod metrics;
mod never;
mod pipeline;
pub mod plan;
mod rates;
mod render;
mod reply;
pub mod surface;
mod traces;
mod trail;
pub mod trust;
pub mod uploads;
mod world;

pub use gateway::{Gateway, Parts, StartProblem};
pub use plan::Plan;
pub use reply::{Body, BodyError};
pub use tenon_policies::duration::duration_ms;
pub use tenon_policies::pages::document as policies_page;
pub use tenon_policies::{Condition, refusal::ConditionFacts};
pub use world::{Clock, Entropy, SystemClock, SystemEntropy, World};
