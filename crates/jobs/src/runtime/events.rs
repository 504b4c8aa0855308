//! Reading the events of a job, from any point on, at the reader's own pace.

use std::collections::VecDeque;
use std::sync::Arc;

use futures_util::Stream;
use tenon_storage::{Found, Read, Store, StreamEntry, StreamPage, StreamQuery};
use tokio::sync::watch;

use super::inner::Inner;
use super::records;
use super::tail::{Tail, Told};
use crate::limits::EVENTS_PAGE;
use crate::{Job, JobError, JobEvent, event};

/// Reads the events of one job in order, none twice and none left out. It reads when it is asked
/// to: who reads slowly falls behind and loses nothing.
pub struct EventReader {
    inner: Arc<Inner>,
    tenant: String,
    job_id: Arc<str>,
    run_id: Arc<str>,
    seq: u64,
    /// What was read when it was opened.
    ready: Option<Vec<StreamEntry>>,
    is_over: bool,
    /// Nothing where it is not followed, or has ended.
    tail: Option<Following>,
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
        // Who follows listens before it looks: what is committed in between is heard of.
        let mut tail = follow.then(|| Following::of(inner, job_id));
        let (job, page) = first(&inner.store, tenant, job_id, since_seq)?;
        if since_seq.saturating_add(1) < page.first {
            return Err(JobError::trimmed(since_seq, page.first));
        }
        if since_seq > page.last {
            let message = format!("since_seq is {since_seq}, and the last event is {}", page.last);
            return Err(JobError::invalid(message).with("last_seq", page.last));
        }
        if job.state.is_final() {
            tail = None;
        }
        if let Some(following) = &mut tail {
            following.has_read(&page);
        }
        Ok(Self {
            inner: Arc::clone(inner),
            tenant: tenant.to_owned(),
            job_id: Arc::from(job_id),
            run_id: Arc::from(job.run_id),
            seq: since_seq,
            ready: Some(page.entries),
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
            let Some(following) = self.tail.as_mut().filter(|_| !self.is_over) else {
                return Ok(Vec::new());
            };
            if following.watch.changed().await.is_err() {
                self.is_over = true;
            }
        }
    }

    fn read(&mut self) -> Result<Vec<JobEvent>, JobError> {
        if let Some(first) = self.ready.take() {
            return self.parse(&first);
        }
        if let Some(recent) = self.tail.as_mut().and_then(|following| following.recent(self.seq)) {
            return Ok(recent);
        }
        let page = page(&self.inner.store, &self.tenant, &self.job_id, self.seq, EVENTS_PAGE)?;
        if self.seq.saturating_add(1) < page.first {
            return Err(JobError::trimmed(self.seq, page.first));
        }
        if let Some(following) = &mut self.tail {
            following.has_read(&page);
        }
        self.parse(&page.entries)
    }

    fn parse(&self, entries: &[StreamEntry]) -> Result<Vec<JobEvent>, JobError> {
        let read = entries.iter().map(|entry| {
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

/// Somebody who hears of new events, for as long as this is held. Dropped in this order: the tail
/// is looked after when nobody listens any more.
struct Following {
    watch: watch::Receiver<Told>,
    tail: Arc<Tail>,
    /// What was last told of the store before it was read.
    stored: u64,
    /// Whether it was read to its end since.
    is_read: bool,
    _forget: Forget,
}

struct Forget {
    inner: Arc<Inner>,
    job_id: String,
}

impl Following {
    fn of(inner: &Arc<Inner>, job_id: &str) -> Self {
        let (tail, watch) = inner.follow(job_id);
        let stored = watch.borrow().stored;
        let forget = Forget { inner: Arc::clone(inner), job_id: job_id.to_owned() };
        Self { watch, tail, stored, is_read: false, _forget: forget }
    }

    /// The next events, none where there are none yet; `None` where only the store can tell.
    fn recent(&mut self, seq: u64) -> Option<Vec<JobEvent>> {
        let stored = self.watch.borrow_and_update().stored;
        if stored != self.stored {
            (self.stored, self.is_read) = (stored, false);
        }
        let limit = usize::try_from(EVENTS_PAGE).unwrap_or(usize::MAX);
        if self.is_read { self.tail.after(seq, limit) } else { None }
    }

    /// What the store had was read.
    fn has_read(&mut self, page: &StreamPage) {
        let count = u32::try_from(page.entries.len()).unwrap_or(u32::MAX);
        self.is_read = count < EVENTS_PAGE;
    }
}

impl Drop for Forget {
    fn drop(&mut self) {
        self.inner.forget_tail(&self.job_id);
    }
}

/// A job and the first events after a number, as they were at one moment.
fn first(store: &Store, tenant: &str, job_id: &str, after: u64) -> Result<(Job, StreamPage), JobError> {
    let stream =
        StreamQuery { tenant: tenant.to_owned(), stream: event::stream(job_id), after, limit: EVENTS_PAGE };
    let mut found = store.read(&[records::read(tenant, job_id), Read::Stream(stream)])?.into_iter();
    match (found.next(), found.next()) {
        (Some(Found::Record(Some(record))), Some(Found::Stream(page))) => {
            Ok((records::parse(&record)?, page))
        }
        (Some(Found::Record(None)), _) => Err(JobError::no_job(job_id)),
        _ => Err(JobError::internal("the store gave no answer")),
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
