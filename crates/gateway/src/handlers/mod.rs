//! What does the work once everything is decided: a folder a kind. A handler takes the `Permit`,
//! so that none can run without one.

pub(crate) mod facts;
pub(crate) mod job;
pub(crate) mod mock;
pub(crate) mod proxy;
pub(crate) mod resource;
pub(crate) mod upload;

use std::sync::Arc;

use http::StatusCode;
use http::header::{HeaderName, HeaderValue};
use serde_json::Value;
use tenon_jobs::Job;
use tenon_policies::{Condition, ExpressionFailure, Refusal};
use tenon_storage::Transaction;

use crate::grpc::MessageStream;
use mock::Usual;

/// What a handler leaves to be answered and committed.
#[derive(Debug)]
pub(crate) struct Work {
    /// Status of the answer.
    pub(crate) status: StatusCode,
    /// Header fields of the answer.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// Body of the answer, before it is wrapped; `None` where there is none.
    pub(crate) body: Option<Value>,
    /// An answer that never changes, instead of a body.
    pub(crate) usual: Option<Arc<Usual>>,
    /// Messages that follow each other, instead of a body.
    pub(crate) messages: Option<MessageStream>,
    /// The job it is about, where it changes one.
    pub(crate) job: Option<Box<Job>>,
    /// What changes.
    pub(crate) transaction: Transaction,
}

impl Work {
    pub(crate) fn new(status: StatusCode, body: Option<Value>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body,
            usual: None,
            messages: None,
            job: None,
            transaction: Transaction::default(),
        }
    }
}

/// An expression that failed while a request was handled: the contract's fault, not the caller's.
pub(crate) fn failed(what: &str, failure: &ExpressionFailure) -> Refusal {
    tracing::error!(what, failure = %failure, "an expression of the contract failed");
    Refusal::new(Condition::Internal)
}
