//! Reading the events of a job, from any point on, at the reader's own pace.

use std::collections::VecDeque;
use std::sync::Arc;

use futures_util::Stream;
use tenon_storage::{Found, Read, Store, StreamPage, StreamQuery};
use tokio::sync::watch;

use super::inner::Inner;
use super::records;
use super::tail::Tail;
use crate::limits::EVENTS_PAGE;
use crate::{JobError, JobEvent, event};

/// Reads the events of one job in order, none twice and none left out. It reads when it is asked
/// to: who reads slowly falls behind and loses nothing.
pub struct EventReader {
    inner: Arc<Inner>,
    tenant: String,
    job_id: Arc<str>,
    run_id: Arc<str>,
    seq: u64,
    follow: bool,
    is_over: bool,
    tail: Option<(Arc<Tail>, watch::Receiver<u64>)>,
}

impl std::fmt::Debug for EventReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventReader")
            .field("job_id", &self.job_id)
            .field("seq", &self.seq)
            .finish_non_exhaustive()
    }
}

impl EventReader {
    pub(super) fn open(
        inner: &Arc<Inner>,
        tenant: &str,
        job_id: &str,
        since_seq: u64,
        follow: bool,
    ) -> Result<Self, JobError> {
        let (job, _) = records::job(&inner.store, tenant, job_id)?.ok_or_else(|| JobError::no_job(job_id))?;
        let page = page(&inner.store, tenant, job_id, since_seq, 0)?;
        if since_seq.saturating_add(1) < page.first {
            return Err(JobError::trimmed(since_seq, page.first));
        }
        if since_seq > page.last {
            let message = format!("since_seq is {since_seq}, and the last event is {}", page.last);
            return Err(JobError::invalid(message).with("last_seq", page.last));
        }
        let follow = follow && !job.state.is_final();
        let tail = follow.then(|| inner.tail(job_id)).map(|tail| {
            let watch = tail.watch();
            (tail, watch)
        });
        Ok(Self {
            inner: Arc::clone(inner),
            tenant: tenant.to_owned(),
            job_id: Arc::from(job_id),
            run_id: Arc::from(job.run_id),
            seq: since_seq,
            follow,
            is_over: false,
            tail,
        })
    }

    /// The number of the last event that was read.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// The next events, at least one; nothing when there are no more, or, while the job is
    /// followed, when it has ended and all was read.
    ///
    /// # Errors
    /// When the store fails, or events were removed before they were read.
    pub async fn next(&mut self) -> Result<Vec<JobEvent>, JobError> {
        loop {
            let events = self.read()?;
            if let Some(last) = events.last() {
                self.seq = last.seq;
                self.is_over = last.is_last();
                return Ok(events);
            }
            if !self.follow || self.is_over {
                return Ok(Vec::new());
            }
            if let Some((_, watch)) = &mut self.tail
                && watch.changed().await.is_err()
            {
                self.is_over = true;
            }
        }
    }

    fn read(&mut self) -> Result<Vec<JobEvent>, JobError> {
        if let Some((tail, watch)) = &mut self.tail {
            watch.mark_unchanged();
            let limit = usize::try_from(EVENTS_PAGE).unwrap_or(usize::MAX);
            let recent = tail.after(self.seq, limit);
            if recent.first().is_some_and(|first| first.seq == self.seq + 1) {
                return Ok(recent);
            }
        }
        let page = page(&self.inner.store, &self.tenant, &self.job_id, self.seq, EVENTS_PAGE)?;
        if self.seq.saturating_add(1) < page.first {
            return Err(JobError::trimmed(self.seq, page.first));
        }
        let read = page.entries.iter().map(|entry| {
            let found = JobEvent::read(entry, &self.job_id, &self.run_id);
            found.ok_or_else(|| JobError::internal(format!("event {} of the job is damaged", entry.seq)))
        });
        read.collect()
    }

    /// The events one at a time.
    pub fn into_stream(self) -> impl Stream<Item = Result<JobEvent, JobError>> + Send + use<> {
        let state = (self, VecDeque::<JobEvent>::new(), false);
        futures_util::stream::unfold(state, |(mut reader, mut ready, is_broken)| async move {
            if is_broken {
                return None;
            }
            if ready.is_empty() {
                match reader.next().await {
                    Ok(events) => ready.extend(events),
                    Err(error) => return Some((Err(error), (reader, ready, true))),
                }
            }
            let event = ready.pop_front()?;
            Some((Ok(event), (reader, ready, false)))
        })
    }
}

impl Drop for EventReader {
    fn drop(&mut self) {
        if self.tail.take().is_some() {
            self.inner.forget_tail(&self.job_id);
        }
    }
}

pub(super) fn page(
    store: &Store,
    tenant: &str,
    job_id: &str,
    after: u64,
    limit: u32,
) -> Result<StreamPage, JobError> {
    let query = StreamQuery { tenant: tenant.to_owned(), stream: event::stream(job_id), after, limit };
    match store.read(&[Read::Stream(query)])?.into_iter().next() {
        Some(Found::Stream(page)) => Ok(page),
        _ => Err(JobError::internal("the store gave no answer")),
    }
}
