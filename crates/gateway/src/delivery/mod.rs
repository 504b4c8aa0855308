//! How events leave: as envelopes, over streams and lists, to webhooks.
//!
//! Nothing leaves before it is committed: every channel reads events and deliveries from the
//! store, and is only woken by a commit. What was committed leaves at least once; `event_id` tells
//! a repeated delivery. No order is promised beyond the numbers of the store.

pub mod admin;
pub mod envelope;
mod feed;
pub mod limits;
pub mod poll;
pub mod publish;
pub mod stream;
pub mod webhook;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use tenon_policies::{Condition, Refusal};
use tenon_storage::StoreError;

pub use envelope::{Actor, Envelope};
pub use feed::{CursorProblem, Feed, Filter};
pub use publish::PayloadRule;

/// What can go wrong while a body is being sent; the connection ends.
pub type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// A body as the doors send it.
pub type Body = UnsyncBoxBody<Bytes, BodyError>;

/// A body that is there already.
fn whole(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync()
}

/// What is told where the store cannot be read or written.
fn unavailable(error: StoreError) -> Refusal {
    match error {
        StoreError::Overloaded => Refusal::new(Condition::Overloaded),
        error => {
            tracing::error!(%error, "the store failed");
            Refusal::new(Condition::StoreUnavailable)
        }
    }
}
