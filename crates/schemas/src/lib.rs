//! JSON Schemas compiled to validators over span trees.
//!
//! Holds: the span tree as instances of the validator, the lowering of every schema dialect, one
//! lazily compiled validator a schema, what a validator says in words with places, and values made
//! to fit a schema. It must never hold: a rule, a level, knowledge of the documents that schemas
//! stand in.
//!
//! Start reading at [`Validators`], then `lower` and `reference`.
#![forbid(unsafe_code)]

mod failure;
pub mod formats;
mod instance;
mod keywords;
mod lower;
mod native;
mod official;
mod quick;
mod reference;
mod report;
mod sample;
mod subject;
mod union;
mod validators;
mod value;
mod wording;

pub use failure::{Failure, FailureKind};
pub use keywords::asserts;
pub use official::Official;
pub use sample::sample;
pub use validators::{Direction, Key, Problem, Validators, is_pattern};
