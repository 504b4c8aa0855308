//! Why a call was refused: the frozen namespace of the `domed` RPCs.

use std::collections::BTreeMap;

/// The codes of the wire. Reason codes of policies never stand here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// The request does not fit.
    InvalidRequest,
    /// The job's state does not allow it.
    InvalidTransition,
    /// There is nothing of that name for this caller.
    NotFound,
    /// Another call holds what this one needs.
    LockConflict,
    /// The idempotency key was used with another request.
    IdempotencyKeyReused,
    /// A policy refuses it.
    PolicyDenied,
    /// It took longer than its limit.
    Timeout,
    /// The runtime is at fault.
    Internal,
}

impl Code {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::InvalidRequest,
        Self::InvalidTransition,
        Self::NotFound,
        Self::LockConflict,
        Self::IdempotencyKeyReused,
        Self::PolicyDenied,
        Self::Timeout,
        Self::Internal,
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "E_INVALID_REQUEST",
            Self::InvalidTransition => "E_INVALID_TRANSITION",
            Self::NotFound => "E_NOT_FOUND",
            Self::LockConflict => "E_LOCK_CONFLICT",
            Self::IdempotencyKeyReused => "E_IDEMPOTENCY_KEY_REUSED",
            Self::PolicyDenied => "E_POLICY_DENIED",
            Self::Timeout => "E_TIMEOUT",
            Self::Internal => "E_INTERNAL",
        }
    }
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobError {
    /// Its code.
    pub code: Code,
    /// What is wrong, for people.
    pub message: String,
    /// When to try again, in seconds, where that is known.
    pub retry_after: Option<u64>,
    /// What else a program can use, by name.
    pub detail: BTreeMap<String, String>,
}

impl JobError {
    fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retry_after: None, detail: BTreeMap::new() }
    }

    /// The request does not fit.
    #[must_use]
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Code::InvalidRequest, message)
    }

    /// The job's state does not allow it.
    #[must_use]
    pub fn transition(message: impl Into<String>) -> Self {
        Self::new(Code::InvalidTransition, message)
    }

    /// There is nothing of that name.
    #[must_use]
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(Code::NotFound, message)
    }

    /// No job of that id.
    #[must_use]
    pub fn no_job(job_id: &str) -> Self {
        Self::not_found(format!("there is no job `{job_id}`")).with("job_id", job_id)
    }

    /// The queue is full.
    #[must_use]
    pub fn queue_full(waiting: usize) -> Self {
        let error =
            Self::new(Code::LockConflict, format!("{waiting} jobs wait, and no more may; try again later"));
        Self { retry_after: Some(crate::limits::QUEUE_FULL_RETRY_S), ..error }
    }

    /// The key was used with another request.
    #[must_use]
    pub fn key_reused(key: &str, job_id: &str) -> Self {
        let message = format!("the idempotency key `{key}` was used with another request; use a new key");
        Self::new(Code::IdempotencyKeyReused, message).with("job_id", job_id)
    }

    /// A cursor points before what is kept.
    #[must_use]
    pub fn trimmed(since_seq: u64, first: u64) -> Self {
        let resume = first.saturating_sub(1);
        let message = format!(
            "events after {since_seq} are no longer kept in full: the first that is kept is {first}; \
             resume with since_seq = {resume}"
        );
        Self::not_found(message)
            .with("reason", "EVENTS_TRIMMED")
            .with("first_kept_seq", first)
            .with("since_seq", since_seq)
    }

    /// It took too long.
    #[must_use]
    pub fn timeout(message: impl Into<String>) -> Self {
        Self::new(Code::Timeout, message)
    }

    /// A policy refuses it.
    #[must_use]
    pub fn denied(message: impl Into<String>) -> Self {
        Self::new(Code::PolicyDenied, message)
    }

    /// The runtime is at fault.
    #[must_use]
    pub fn internal(message: impl Into<String>) -> Self {
        Self { retry_after: Some(1), ..Self::new(Code::Internal, message) }
    }

    /// Adds something a program can use.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.detail.insert(name.to_owned(), value.to_string());
        self
    }
}

impl From<tenon_storage::StoreError> for JobError {
    fn from(error: tenon_storage::StoreError) -> Self {
        Self::internal(error.to_string())
    }
}

impl std::fmt::Display for JobError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.message)
    }
}

impl std::error::Error for JobError {}
