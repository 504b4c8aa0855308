//! Changing a job that somebody else may change too.

use std::time::Duration;

use serde_json::Value;
use tenon_storage::{Append, CommitError, NewEntry, Transaction};

use super::inner::Inner;
use super::records;
use crate::event::{entry, stream};
use crate::limits::STORE_RETRY_MS;
use crate::{EventType, Job, JobError, JobEvent};

/// What is to be committed about a job.
pub(super) struct Update {
    pub(super) entries: Vec<NewEntry>,
    /// Whether it leaves the queue.
    pub(super) leaves: bool,
}

impl Update {
    pub(super) fn of(at_ms: i64, event_type: EventType, payload: &Value) -> Self {
        Self { entries: vec![entry(at_ms, event_type, payload)], leaves: false }
    }
}

/// What a look at a job comes to.
pub(super) enum Step {
    /// Commit this.
    Commit(Update),
    /// It is as it should be already, or is not ours any more.
    Leave,
}

impl Inner {
    /// Looks at a job, decides, commits; where somebody was faster, or the store failed, looks
    /// again. `decide` must know its own change when it sees it: a commit that is said to have
    /// failed may be there. The job as it stands then; nothing where there is none.
    pub(super) async fn update(
        &self,
        tenant: &str,
        job_id: &str,
        mut decide: impl FnMut(&mut Job) -> Result<Step, JobError> + Send,
    ) -> Result<Option<Job>, JobError> {
        loop {
            let read = records::job(&self.store, tenant, job_id);
            let (mut job, version) = match read {
                Ok(Some(found)) => found,
                Ok(None) => return Ok(None),
                Err(error) => {
                    self.pause(&error.message).await?;
                    continue;
                }
            };
            let Step::Commit(update) = decide(&mut job)? else { return Ok(Some(job)) };
            let mut written = vec![records::write_job(&job, version)?];
            if update.leaves {
                written.push(records::leave(job_id));
            }
            let append =
                Append { tenant: tenant.to_owned(), stream: stream(job_id), entries: update.entries.clone() };
            let transaction = Transaction {
                at_ms: self.now_ms(),
                records: written,
                appends: vec![append],
                ..Transaction::default()
            };
            match self.store.commit(transaction).await {
                Ok(receipt) => {
                    let last = receipt.streams.first().copied().unwrap_or(0);
                    self.publish(&job, &update.entries, last);
                    return Ok(Some(job));
                }
                Err(CommitError::Conflict(_)) => {}
                Err(error) => self.pause(&error.to_string()).await?,
            }
        }
    }

    /// Waits a little after the store failed; gives up only where everything is to end.
    pub(super) async fn pause(&self, why: &str) -> Result<(), JobError> {
        if *self.stage().borrow() > 1 {
            return Err(JobError::internal(format!("the runtime is closed: {why}")));
        }
        tracing::warn!(why, "the store failed; a job waits for it");
        tokio::time::sleep(Duration::from_millis(STORE_RETRY_MS)).await;
        Ok(())
    }

    /// Tells who follows of events that are committed.
    pub(super) fn publish(&self, job: &Job, entries: &[NewEntry], last: u64) {
        let Some(tail) = self.followed(&job.job_id) else { return };
        let (job_id, run_id) = (job.job_id.as_str().into(), job.run_id.as_str().into());
        let count = u64::try_from(entries.len()).unwrap_or(0);
        let first = (last + 1).saturating_sub(count);
        let events = entries.iter().zip(first..).filter_map(|(entry, seq)| {
            let stored = tenon_storage::StreamEntry { seq, at_ms: entry.at_ms, body: entry.body.clone() };
            JobEvent::read(&stored, &job_id, &run_id)
        });
        tail.publish(events.collect());
    }
}
