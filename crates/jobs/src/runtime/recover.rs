//! Taking over what an earlier runtime left.

use std::sync::Arc;

use serde_json::json;

use super::inner::{Inner, entry_of};
use super::queue::Entry;
use super::records;
use super::run::{self, Lost};
use super::update::{Step, Update};
use crate::warden::kill_marked;
use crate::{Code, EventType, JobError, Reason, State};

impl Inner {
    /// Ends every process of an earlier runtime, then queues its jobs again, or fails those that
    /// must not be run twice.
    pub(super) async fn recover(self: &Arc<Self>) -> Result<(), JobError> {
        let killed = kill_marked(&self.mark);
        if killed > 0 {
            tracing::warn!(killed, "processes of an earlier runtime were ended");
        }
        for entry in records::open(&self.store)? {
            let Some((job, _)) = records::job(&self.store, &entry.tenant, &entry.job_id)? else { continue };
            let place = entry_of(&job);
            match (job.state, job.retry_at_ms) {
                (State::Queued, _) => self.queue.lock().push(place),
                (State::Running, Some(ready_ms)) => self.queue.lock().push_later(place, ready_ms),
                (State::Running, None) => self.take_over(place, job.runner.as_deref()).await?,
                // Its files may be missing.
                _ => self.note_end(&job),
            }
        }
        Ok(())
    }

    async fn take_over(self: &Arc<Self>, entry: Entry, runner: Option<&str>) -> Result<(), JobError> {
        let until_ms = match (self.settings.store_is_exclusive, runner) {
            (false, Some(runner)) => records::lease(&self.store, runner)?.0,
            _ => 0,
        };
        let wait_ms = until_ms.saturating_sub(self.now_ms());
        let runner = runner.map(str::to_owned);
        if wait_ms <= 0 {
            return self.lose(&entry, runner.as_deref()).await;
        }
        let inner = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(std::time::Duration::from_millis(wait_ms.unsigned_abs())).await;
            let runner_lives = runner
                .as_deref()
                .and_then(|runner| records::lease(&inner.store, runner).ok())
                .is_some_and(|(until_ms, _)| until_ms > inner.now_ms());
            let dealt_with = match runner_lives {
                true => inner.take_over_later(entry, runner),
                false => inner.lose(&entry, runner.as_deref()).await,
            };
            if let Err(error) = dealt_with {
                tracing::error!(%error, "a job of another runtime could not be taken over");
            }
        });
        Ok(())
    }

    /// The other runtime is alive: its lease is looked at again when it could have run out.
    fn take_over_later(self: &Arc<Self>, entry: Entry, runner: Option<String>) -> Result<(), JobError> {
        let inner = Arc::clone(self);
        tokio::spawn(async move {
            let next = Box::pin(inner.take_over(entry, runner.as_deref()));
            if let Err(error) = next.await {
                tracing::error!(%error, "a job of another runtime could not be taken over");
            }
        });
        Ok(())
    }

    /// Deals with a job whose runner is gone: nobody knows how far it came.
    pub(super) async fn lose(self: &Arc<Self>, entry: &Entry, runner: Option<&str>) -> Result<(), JobError> {
        let skill = self.skill(&entry.skill_id);
        let now_ms = self.now_ms();
        let reason = || {
            let message = "the gateway that ran it is gone, and nobody knows how far it came";
            Reason::new(Code::Internal, "EXEC.KILLED", message)
        };
        let mut verdict = Lost::Over;
        let found = self
            .update(&entry.tenant, &entry.job_id, |job| {
                if job.state != State::Running || job.runner.as_deref() != runner || job.retry_at_ms.is_some()
                {
                    return Ok(Step::Leave);
                }
                verdict = Lost::of(skill, job);
                match verdict {
                    Lost::Again { wait_ms } => {
                        let ready_ms = now_ms.saturating_add(wait_ms);
                        job.retry_at_ms = Some(ready_ms);
                        let payload = json!({
                            "code": Code::Internal.as_str(),
                            "message": reason().message,
                            "reason_codes": reason().reason_codes,
                            "attempt": job.attempts,
                            "retry_in_ms": wait_ms,
                        });
                        Ok(Step::Commit(Update::of(now_ms, EventType::Error, &payload)))
                    }
                    Lost::Over => run::end_lost(self, job, reason(), now_ms),
                }
            })
            .await?;
        if let Some(job) = found.map(|seen| seen.job)
            && let (State::Running, Some(ready_ms)) = (job.state, job.retry_at_ms)
        {
            self.queue.lock().push_later(entry_of(&job), ready_ms);
            self.wake.notify_one();
        }
        Ok(())
    }
}
