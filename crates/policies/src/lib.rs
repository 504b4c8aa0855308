//! One runtime decision each: pure and synchronous. Time, ids and what is stored come in as
//! arguments; what comes out is a proof, or a [`Refusal`].
//!
//! Holds: the table of what a caller can be refused for ([`refusal`]), the expressions of
//! contracts ([`expression`]), a file a policy with its page beside it, and [`Permit`], which can
//! only be made of the proofs of all of them. It must never hold: a clock, randomness, I/O, a
//! runtime.
//!
//! Start reading at [`refusal`], then [`permit`], then the policies in the order of the pipeline:
//! [`identity`], [`tenancy`], [`access`], [`rate`], [`request`], [`idempotency`], [`consent`].
#![forbid(unsafe_code)]

pub mod access;
pub mod boundary;
pub mod client;
pub mod consent;
pub mod duration;
pub mod enforcement;
pub mod expression;
pub mod idempotency;
pub mod identity;
pub mod page;
pub mod pages;
pub mod permit;
pub mod precondition;
pub mod rate;
pub mod refusal;
pub mod request;
pub mod response;
pub mod sniff;
pub mod tenancy;
pub mod transition;
pub mod usage;
pub mod webhook_url;

pub use enforcement::{Enforcement, Settled, Waiver};
pub use expression::{
    CompiledTemplate, Expression, ExpressionFailure, ExpressionProblem, Scope, TemplateProblem,
};
pub use identity::{Identity, Party};
pub use permit::Permit;
pub use refusal::{Condition, Detail, Refusal, Stage};
