//! Forgetting jobs that ended long ago: record, events and files, some at a time.

use std::path::PathBuf;
use std::sync::Arc;

use tenon_storage::{Transaction, Trim};

use super::events::page;
use super::inner::Inner;
use super::records::{self, Old};
use crate::JobError;
use crate::event::stream;
use crate::limits::{FORGET_EVENTS, FORGET_JOBS, KEY_WINDOW_MS};

impl Inner {
    /// Forgets some of the jobs that are kept no longer.
    pub(super) async fn forget_some(self: &Arc<Self>, now_ms: i64) {
        let kept_ms = self.settings.kept_ms.max(KEY_WINDOW_MS);
        let before_ms = now_ms.saturating_sub(kept_ms);
        let forgotten = match records::ended_before(&self.store, before_ms, FORGET_JOBS) {
            Ok(old) if old.is_empty() => return,
            Ok(old) => self.forget(old).await,
            Err(error) => Err(error),
        };
        if let Err(error) = forgotten {
            tracing::warn!(%error, "jobs that ended long ago are still kept");
        }
    }

    async fn forget(self: &Arc<Self>, old: Vec<Old>) -> Result<(), JobError> {
        let mut transaction = Transaction { at_ms: self.now_ms(), ..Transaction::default() };
        let (mut events, mut folders) = (0, Vec::new());
        for one in old {
            let page = page(&self.store, &one.tenant, &one.job_id, 0, 0)?;
            let left = (page.last + 1).saturating_sub(page.first);
            let room = FORGET_EVENTS.saturating_sub(events);
            let (tenant, stream) = (one.tenant.clone(), stream(&one.job_id));
            events += left.min(room);
            if left > room {
                // The rest of its events, and whoever comes after it, the next time.
                transaction.trims.push(Trim { tenant, stream, keep_from: page.first + room });
                break;
            }
            let found = records::job(&self.store, &one.tenant, &one.job_id)?;
            let folder = found.as_ref().map(|(job, _)| self.settings.artifacts.join(&job.run_id));
            // The folder goes first: as long as the record is there it is found again.
            if let Err(error) = self.remove(folder.iter().cloned().collect()).await {
                tracing::warn!(%error, job_id = one.job_id, "a job that ended long ago is still kept");
                continue;
            }
            folders.extend(folder);
            transaction.trims.push(Trim { tenant, stream, keep_from: u64::MAX });
            transaction.records.extend(records::forget(&one, found.map(|(_, version)| version)));
        }
        self.store.commit(transaction).await.map_err(|error| JobError::internal(error.to_string()))?;
        // Somebody who asked for a job just then may have had its files written again.
        self.remove(folders).await
    }

    async fn remove(self: &Arc<Self>, folders: Vec<PathBuf>) -> Result<(), JobError> {
        let inner = Arc::clone(self);
        let remove = move || {
            let _alone = inner.writing.lock();
            for folder in folders {
                match std::fs::remove_dir_all(&folder) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                        let message = format!("{} cannot be removed: {error}", folder.display());
                        return Err(JobError::internal(message));
                    }
                    _ => {}
                }
            }
            Ok(())
        };
        let removed = tokio::task::spawn_blocking(remove).await;
        removed.unwrap_or_else(|error| Err(JobError::internal(error.to_string())))
    }
}
