//! What runs left, as files.
//!
//! The store has it since the job's end, for that is one commit, durable, and quick. Files are
//! dear beside a short process, so they are written when somebody is told where they are, and
//! otherwise when no job waits and none has just ended. A folder that cannot be written holds up
//! nothing: it is tried again.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tenon_storage::{CommitError, StoreError, Transaction};

use super::inner::Inner;
use super::records;
use crate::job::File;
use crate::limits::{PUT_AWAY_MS, PUT_AWAY_RUNS, PUT_AWAY_RUNS_BUSY, PUT_AWAY_RUNS_MAX, QUIET_MS};
use crate::{ArtifactRef, Job, JobError};

/// A job that has ended, and whose files may be missing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ended {
    pub(super) ended_ms: i64,
    pub(super) job_id: String,
    pub(super) created_ms: i64,
    pub(super) tenant: String,
}

impl Inner {
    /// A job that has ended, with its files there; where they cannot be written, with those that are.
    pub(super) fn with_files(&self, mut job: Job) -> Job {
        if let Err(error) = self.lay_out(&job) {
            tracing::warn!(%error, run_id = job.run_id, "files of a run are not there yet");
        }
        job.artifacts.retain(|artifact| self.is_there(artifact));
        job.left.clear();
        job
    }

    /// Writes the files of a job that has ended, where they are missing.
    pub(super) fn lay_out(&self, job: &Job) -> Result<(), JobError> {
        let is_there = || job.artifacts.iter().all(|artifact| self.is_there(artifact));
        if is_there() {
            return Ok(());
        }
        let _alone = self.writing.lock();
        // Somebody else may just have written them, or removed them with the job.
        if is_there() || records::job(&self.store, &job.tenant, &job.job_id)?.is_none() {
            return Ok(());
        }
        for file in &job.left {
            self.write_file(&job.run_id, file).map_err(|error| {
                let folder = self.settings.artifacts.join(&job.run_id);
                JobError::internal(format!("{} cannot be written: {error}", folder.display()))
            })?;
        }
        Ok(())
    }

    fn is_there(&self, artifact: &ArtifactRef) -> bool {
        let found = std::fs::metadata(self.settings.artifacts.join(&artifact.path));
        found.is_ok_and(|found| artifact.bytes == 0 || found.len() == artifact.bytes)
    }

    pub(super) fn write_file(&self, run_id: &str, file: &File) -> std::io::Result<()> {
        let folder = self.settings.artifacts.join(run_id);
        let write = |folder: &Path| std::fs::write(folder.join(file.name()), &file.text);
        match write(&folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                std::fs::create_dir_all(&folder)?;
                write(&folder)
            }
            written => written,
        }
    }

    /// Notes a job that has ended, so that its files are written some time.
    pub(super) fn note_end(&self, job: &Job) {
        self.ended.lock().insert(Ended {
            ended_ms: job.ended_ms.unwrap_or(job.created_ms),
            job_id: job.job_id.clone(),
            created_ms: job.created_ms,
            tenant: job.tenant.clone(),
        });
    }

    /// The next whose files are to be written, and whether there is time for more.
    fn next_ended(&self) -> (Vec<Ended>, bool) {
        let (waiting, now_ms) = (self.queue.lock().len(), self.now_ms());
        let ended = self.ended.lock();
        // Between one short job and the next nothing waits, and there is no time all the same.
        let newest_ms = ended.last().map_or(0, |newest| newest.ended_ms);
        let has_work = waiting > 0 || now_ms.saturating_sub(newest_ms) < QUIET_MS;
        let is_busy = has_work && ended.len() < PUT_AWAY_RUNS_MAX;
        let count = if is_busy { PUT_AWAY_RUNS_BUSY } else { PUT_AWAY_RUNS };
        (ended.iter().take(count).cloned().collect(), !is_busy)
    }

    /// Writes files of runs until none are missing, or something more urgent is there.
    pub(super) async fn put_away(self: &Arc<Self>) {
        loop {
            let (some, has_time) = self.next_ended();
            if some.is_empty() || !self.put_away_some(some).await || !has_time {
                return;
            }
        }
    }

    /// Whether all went well.
    async fn put_away_some(self: &Arc<Self>, some: Vec<Ended>) -> bool {
        let (inner, count) = (Arc::clone(self), some.len());
        let write = move || {
            let (mut written, mut first_failed) = (Vec::with_capacity(count), None);
            for one in some {
                match inner.put_away_one(&one) {
                    Ok(()) => written.push(one),
                    Err(error) => {
                        first_failed.get_or_insert((one.job_id, error));
                    }
                }
            }
            // One line for all: what ails the folder ails every job.
            if let Some((job_id, error)) = first_failed {
                let kept = count - written.len();
                tracing::warn!(%error, job_id, kept, "files of runs cannot be written; they are kept");
            }
            written
        };
        let Ok(written) = tokio::task::spawn_blocking(write).await else { return false };
        let is_whole = written.len() == count;
        match self.leave_queue(written.iter()).await {
            Ok(()) => {}
            // One of them has left already, perhaps by a commit that was said to have failed.
            Err(CommitError::Conflict(_)) => {
                for one in &written {
                    if let Err(CommitError::Store(error)) = self.leave_queue([one].into_iter()).await {
                        tracing::warn!(%error, "runs whose files are written are still noted");
                        return false;
                    }
                }
            }
            Err(error) => {
                tracing::warn!(%error, "runs whose files are written are still noted");
                return false;
            }
        }
        let mut ended = self.ended.lock();
        for one in &written {
            ended.remove(one);
        }
        is_whole
    }

    /// Sees to it that the files of one are there, where there is such a job.
    fn put_away_one(&self, one: &Ended) -> Result<(), JobError> {
        match records::job(&self.store, &one.tenant, &one.job_id)? {
            Some((job, _)) => self.lay_out(&job),
            None => Ok(()),
        }
    }

    async fn leave_queue(&self, some: impl Iterator<Item = &Ended>) -> Result<(), CommitError> {
        let mut records = Vec::new();
        for one in some {
            records.extend(records::leave(one).map_err(|error| StoreError::Engine(error.message))?);
        }
        if records.is_empty() {
            return Ok(());
        }
        let transaction = Transaction { at_ms: self.now_ms(), records, ..Transaction::default() };
        self.store.commit(transaction).await.map(drop)
    }
}

/// Writes the files of runs for as long as the runtime works.
pub(super) async fn run(inner: Arc<Inner>) {
    let mut stage = inner.stage();
    loop {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(PUT_AWAY_MS)) => {}
            _ = stage.wait_for(|stage| *stage > 0) => return,
        }
        inner.put_away().await;
    }
}
