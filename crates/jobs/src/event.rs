//! Events of jobs, and how they are kept in a stream.

use std::sync::Arc;

use serde_json::Value;
use tenon_storage::{NewEntry, StreamEntry};

use crate::State;

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventType {
    /// The job has another state.
    StateChange,
    /// A line the job printed.
    Log,
    /// A guard allowed or refused something.
    Guard,
    /// Something failed.
    Error,
}

impl EventType {
    /// The name in outputs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StateChange => "state_change",
            Self::Log => "log",
            Self::Guard => "guard",
            Self::Error => "error",
        }
    }

    fn mark(self) -> u8 {
        match self {
            Self::StateChange => b's',
            Self::Log => b'l',
            Self::Guard => b'g',
            Self::Error => b'e',
        }
    }

    fn of_mark(mark: u8) -> Option<Self> {
        [Self::StateChange, Self::Log, Self::Guard, Self::Error].into_iter().find(|one| one.mark() == mark)
    }
}

/// One event of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobEvent {
    /// Its number in the job, gapless from 1.
    pub seq: u64,
    /// Tells it from any other event.
    pub event_id: String,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// The run.
    pub run_id: Arc<str>,
    /// The job.
    pub job_id: Arc<str>,
    /// What it is about.
    pub event_type: EventType,
    /// What it says, a JSON object as text.
    pub payload_json: Arc<str>,
}

impl JobEvent {
    /// When, as RFC 3339 has it.
    #[must_use]
    pub fn ts(&self) -> String {
        rfc3339(self.at_ms)
    }

    /// Whether the job has ended with it: nothing follows the change to a final state.
    #[must_use]
    pub fn is_last(&self) -> bool {
        if self.event_type != EventType::StateChange {
            return false;
        }
        let payload: Value = serde_json::from_str(&self.payload_json).unwrap_or_default();
        let to = payload.get("to").and_then(Value::as_str);
        State::ALL.iter().any(|state| state.is_final() && to == Some(state.as_str()))
    }

    /// An event from its entry; `None` where the entry is none of ours.
    pub(crate) fn read(entry: &StreamEntry, job_id: &Arc<str>, run_id: &Arc<str>) -> Option<Self> {
        let (mark, payload) = entry.body.split_first()?;
        Some(Self {
            seq: entry.seq,
            event_id: format!("{job_id}.{}", entry.seq),
            at_ms: entry.at_ms,
            run_id: Arc::clone(run_id),
            job_id: Arc::clone(job_id),
            event_type: EventType::of_mark(*mark)?,
            payload_json: Arc::from(std::str::from_utf8(payload).ok()?),
        })
    }
}

/// An entry for the stream of a job.
pub(crate) fn entry(at_ms: i64, event_type: EventType, payload: &Value) -> NewEntry {
    let mut body = vec![event_type.mark()];
    body.extend_from_slice(payload.to_string().as_bytes());
    NewEntry { at_ms, body }
}

/// The stream of a job.
pub(crate) fn stream(job_id: &str) -> String {
    format!("job/{job_id}")
}

/// A moment as RFC 3339 has it, to the millisecond.
pub(crate) fn rfc3339(at_ms: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(at_ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    format!("{moment:.3}")
}
