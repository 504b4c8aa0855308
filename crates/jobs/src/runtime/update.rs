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
}

impl Update {
    pub(super) fn of(at_ms: i64, event_type: EventType, payload: &Value) -> Self {
        Self { entries: vec![entry(at_ms, event_type, payload)] }
    }
}

/// What a look at a job comes to.
pub(super) enum Step {
    /// Commit this.
    Commit(Update),
    /// It is as it should be already, or is not ours any more.
    Leave,
}

/// A job as the store has it.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) job: Job,
    pub(super) version: u64,
    /// The number of its last event, where the commit has told it.
    pub(super) last: Option<u64>,
}

impl Inner {
    /// Looks at a job, decides, commits; where somebody was faster, or the store failed, looks
    /// again. `decide` must know its own change when it sees it: a commit that is said to have
    /// failed may be there. The job as it stands then; nothing where there is none.
    pub(super) async fn update(
        &self,
        tenant: &str,
        job_id: &str,
        decide: impl FnMut(&mut Job) -> Result<Step, JobError> + Send,
    ) -> Result<Option<Seen>, JobError> {
        self.update_seen((tenant, job_id), None, || {}, decide).await
    }

    /// The same, of a job that was seen a moment ago; `sent` is called when what was decided is on
    /// its way to the store.
    pub(super) async fn update_seen(
        &self,
        (tenant, job_id): (&str, &str),
        mut seen: Option<Seen>,
        sent: impl Fn() + Send,
        mut decide: impl FnMut(&mut Job) -> Result<Step, JobError> + Send,
    ) -> Result<Option<Seen>, JobError> {
        loop {
            let found = match seen.take() {
                Some(seen) => Ok(Some((seen.job, seen.version))),
                None => records::job(&self.store, tenant, job_id),
            };
            let (mut job, version) = match found {
                Ok(Some(found)) => found,
                Ok(None) => return Ok(None),
                Err(error) => {
                    self.pause(&error.message).await?;
                    continue;
                }
            };
            let Step::Commit(update) = decide(&mut job)? else {
                self.note_final(&job);
                return Ok(Some(Seen { job, version, last: None }));
            };
            let committing = self.store.commit(self.transaction(&job, version, &update)?);
            sent();
            match committing.await {
                Ok(receipt) => {
                    let last = receipt.streams.first().copied();
                    self.publish(&job, &update.entries, last.unwrap_or(0));
                    self.note_final(&job);
                    return Ok(Some(Seen { job, version: version + 1, last }));
                }
                Err(CommitError::Conflict(_)) => {}
                Err(error) => self.pause(&error.to_string()).await?,
            }
        }
    }

    fn transaction(&self, job: &Job, version: u64, update: &Update) -> Result<Transaction, JobError> {
        let records = vec![records::write_job(job, version)?];
        let (tenant, stream) = (job.tenant.clone(), stream(&job.job_id));
        let appends = vec![Append { tenant, stream, entries: update.entries.clone() }];
        Ok(Transaction { at_ms: self.now_ms(), records, appends, ..Transaction::default() })
    }

    fn note_final(&self, job: &Job) {
        if job.state.is_final() {
            self.note_end(job);
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
