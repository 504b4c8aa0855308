//! Whether a reply is what the contract describes. See `response.md`.

use std::sync::Arc;

use serde_json::Value;
use tenon_schemas::{Failure, FailureKind, Key, Validators};
use tenon_source::{Node, parse_json};

use crate::request::path_of;
use crate::{Condition, Detail, Refusal, Waiver};

/// Most failures that are kept for the logs, a count.
const FAILURES_MAX: usize = 20;

/// That a reply may leave. Only [`decide`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplyChecked {
    _private: (),
}

impl ReplyChecked {
    /// For a refusal that was let through.
    #[must_use]
    pub fn waived(_: &Waiver) -> Self {
        Self { _private: () }
    }
}

/// A reply that is not what the contract describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyRefused {
    /// `response_invalid`, without details: they are no business of the caller's.
    pub refusal: Refusal,
    /// What is wrong, for the logs; reasons name keywords and types, not values.
    pub failures: Vec<Detail>,
}

/// Holds a reply somebody else wrote to its schema.
///
/// # Errors
/// `response_invalid`, with what is wrong beside it.
pub fn decide(
    validators: &Validators<'_>,
    schema: Option<Key>,
    body: Node<'_>,
) -> Result<ReplyChecked, Box<ReplyRefused>> {
    let Some(key) = schema else { return Ok(ReplyChecked { _private: () }) };
    if validators.accepts(key, body) {
        return Ok(ReplyChecked { _private: () });
    }
    Err(refused(validators, key, body))
}

/// Holds a reply that was made here to its schema. It is read as a document only where it does not
/// fit: only then somebody has to be told where.
///
/// # Errors
/// `response_invalid`, with what is wrong beside it.
pub fn decide_made(
    validators: &Validators<'_>,
    schema: Option<Key>,
    body: &Value,
) -> Result<ReplyChecked, Box<ReplyRefused>> {
    let Some(key) = schema else { return Ok(ReplyChecked { _private: () }) };
    if validators.accepts_value(key, body) {
        return Ok(ReplyChecked { _private: () });
    }
    let (tree, _) = parse_json(Arc::new(body.to_string()));
    Err(refused(validators, key, tree.root()))
}

fn refused(validators: &Validators<'_>, key: Key, body: Node<'_>) -> Box<ReplyRefused> {
    let failures = kept(validators, key, body);
    Box::new(ReplyRefused { refusal: Refusal::new(Condition::ResponseInvalid), failures })
}

/// The failures without any value of the reply: logs are read by more people than replies.
fn kept(validators: &Validators<'_>, key: Key, body: Node<'_>) -> Vec<Detail> {
    let failures = validators.failures_of(key, body);
    failures.iter().take(FAILURES_MAX).map(|one| Detail::new(path_of(one.node), masked(one))).collect()
}

fn masked(failure: &Failure<'_>) -> String {
    match failure.kind {
        // These name members, never values.
        FailureKind::Missing | FailureKind::Unexpected => failure.problem.clone(),
        FailureKind::Type => "has another type than its schema says".to_owned(),
        FailureKind::Choice => "is none of the values its schema lists".to_owned(),
        FailureKind::Format => "does not have the format its schema names".to_owned(),
        FailureKind::Pattern => "does not match the pattern of its schema".to_owned(),
        FailureKind::Bound => "is out of the bounds of its schema".to_owned(),
        FailureKind::Union => "fits none, or too many, of several schemas".to_owned(),
        _ => "does not fit its schema".to_owned(),
    }
}
