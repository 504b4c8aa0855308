//! What a process prints: standard error line by line as events, standard output as its output.

use tenon_storage::{Append, CommitError, Expect, NewEntry, Transaction, Trim};

use super::events::page;
use super::inner::Inner;
use crate::event::{entry, stream};
use crate::limits::{EVENT_BATCH_BYTES_MAX, EVENT_BATCH_MAX, LINE_BYTES_MAX};
use crate::{EventType, Job, JobError};

/// Lines that wait to be committed, and what is not yet a line.
#[derive(Debug, Default)]
pub(super) struct Lines {
    part: Vec<u8>,
    ready: Vec<NewEntry>,
    bytes: usize,
}

impl Lines {
    /// Takes what was printed.
    pub(super) fn push(&mut self, at_ms: i64, attempt: u32, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = LINE_BYTES_MAX.saturating_sub(self.part.len()).max(1);
            let (end, is_line) = match bytes.iter().take(room).position(|byte| *byte == b'\n') {
                Some(end) => (end, true),
                None => (room.min(bytes.len()), false),
            };
            let (taken, rest) = bytes.split_at_checked(end).unwrap_or((bytes, &[]));
            self.part.extend_from_slice(taken);
            bytes = if is_line { rest.get(1..).unwrap_or_default() } else { rest };
            if is_line || self.part.len() >= LINE_BYTES_MAX {
                self.end_line(at_ms, attempt);
            }
        }
    }

    /// What was not ended by a line feed is a line too.
    pub(super) fn end(&mut self, at_ms: i64, attempt: u32) {
        if !self.part.is_empty() {
            self.end_line(at_ms, attempt);
        }
    }

    fn end_line(&mut self, at_ms: i64, attempt: u32) {
        let line = String::from_utf8_lossy(&self.part);
        let payload = serde_json::json!({ "stream": "stderr", "attempt": attempt, "line": line });
        let one = entry(at_ms, EventType::Log, &payload);
        self.part.clear();
        self.bytes += one.body.len();
        self.ready.push(one);
    }

    /// Whether more may come before these are committed.
    pub(super) fn has_room(&self) -> bool {
        self.ready.len() < EVENT_BATCH_MAX && self.bytes < EVENT_BATCH_BYTES_MAX
    }

    pub(super) fn take(&mut self) -> Vec<NewEntry> {
        self.bytes = 0;
        std::mem::take(&mut self.ready)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ready.is_empty()
    }
}

/// The end of a job's stream, as far as its runner knows.
#[derive(Debug)]
pub(super) struct Log {
    last: u64,
}

impl Log {
    /// Where the stream ends with this number.
    pub(super) fn after(last: u64) -> Self {
        Self { last }
    }

    /// Where the stream ends; a store that cannot be read is waited for, as the job is begun.
    pub(super) async fn open(inner: &Inner, job: &Job) -> Result<Self, JobError> {
        loop {
            match page(&inner.store, &job.tenant, &job.job_id, 0, 0) {
                Ok(found) => return Ok(Self { last: found.last }),
                Err(error) => inner.pause(&error.message).await?,
            }
        }
    }

    /// Appends events exactly once, whatever the store says of a commit.
    pub(super) async fn append(
        &mut self,
        inner: &Inner,
        job: &Job,
        entries: Vec<NewEntry>,
    ) -> Result<(), JobError> {
        if entries.is_empty() {
            return Ok(());
        }
        let count = u64::try_from(entries.len()).unwrap_or(0);
        loop {
            let committed = inner.store.commit(self.transaction(inner, job, &entries)).await;
            match committed {
                Ok(receipt) => {
                    self.last = receipt.streams.first().copied().unwrap_or(self.last + count);
                    inner.publish(job, &entries, self.last);
                    return Ok(());
                }
                Err(CommitError::Conflict(_)) => {}
                Err(error) => inner.pause(&error.to_string()).await?,
            }
            if self.find(inner, job, &entries).await? {
                inner.publish(job, &entries, self.last);
                return Ok(());
            }
        }
    }

    fn transaction(&self, inner: &Inner, job: &Job, entries: &[NewEntry]) -> Transaction {
        let (tenant, stream) = (job.tenant.clone(), stream(&job.job_id));
        let reached = self.last + u64::try_from(entries.len()).unwrap_or(0);
        let kept = inner.settings.events_per_job_max;
        // Cut in steps: each is as dear as what it removes.
        let step = (kept / 8).max(1);
        let trim = (reached > kept && reached / step > self.last / step).then(|| Trim {
            tenant: tenant.clone(),
            stream: stream.clone(),
            keep_from: reached - kept + 1,
        });
        Transaction {
            at_ms: inner.now_ms(),
            expect: vec![Expect::StreamAt {
                tenant: tenant.clone(),
                stream: stream.clone(),
                last: self.last,
            }],
            appends: vec![Append { tenant, stream, entries: entries.to_vec() }],
            trims: trim.into_iter().collect(),
            ..Transaction::default()
        }
    }

    /// Whether these events are there after all; where the stream ends is known then.
    async fn find(&mut self, inner: &Inner, job: &Job, entries: &[NewEntry]) -> Result<bool, JobError> {
        let found = loop {
            match page(&inner.store, &job.tenant, &job.job_id, self.last, u32::MAX) {
                Ok(found) => break found,
                Err(error) => inner.pause(&error.message).await?,
            }
        };
        let is_ours = |window: &[tenon_storage::StreamEntry]| {
            window
                .iter()
                .zip(entries)
                .all(|(found, ours)| found.body == ours.body && found.at_ms == ours.at_ms)
        };
        let place = found.entries.windows(entries.len()).find(|window| is_ours(window));
        self.last = place.and_then(|window| window.last()).map_or(found.last, |last| last.seq);
        Ok(place.is_some())
    }
}
