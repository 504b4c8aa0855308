//! The runtime: takes jobs in, runs them, tells about them.
//!
//! `submit` and `cancel` prepare what the gateway commits; `dispatch` starts what is next; `run` is
//! the life of one job, `attempt` one process of it; `finish` is what it leaves, `files` writes that, `forget` removes it in the end; `recover` takes over what an earlier runtime
//! left; `events` is read by who follows.

mod attempt;
mod cancel;
mod dispatch;
mod events;
mod files;
mod finish;
mod forget;
mod inner;
mod logs;
mod queue;
mod records;
mod recover;
mod run;
mod submit;
mod tail;
mod update;
mod warden;

use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::Stream;
use tenon_storage::{Store, Transaction};

pub use events::EventReader;
use inner::Inner;

use crate::{Job, JobError, JobEvent, Kind, Problem, Settings, Skill, Submit, skill};

/// Runs jobs. One a store; it works from [`Runtime::start`] on until it is closed or dropped.
#[derive(Debug)]
pub struct Runtime {
    inner: Arc<Inner>,
}

/// How much is going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Jobs that wait.
    pub waiting: usize,
    /// Jobs that run.
    pub running: usize,
}

impl Runtime {
    /// Reads the registry, takes over what an earlier runtime left in the store, and starts to
    /// work. To be called within a tokio runtime.
    ///
    /// # Errors
    /// Everything that is wrong with the registry, or why the store or the folder of artifacts
    /// cannot be used.
    pub async fn start(settings: Settings, store: Arc<Store>) -> Result<Arc<Self>, Vec<Problem>> {
        let skills = skill::load(&settings.registry)?;
        let folder = settings.artifacts.display().to_string();
        let unusable = |message: String| vec![Problem::of_file(&folder, message, "")];
        std::fs::create_dir_all(&settings.artifacts).map_err(|error| unusable(error.to_string()))?;
        let root = settings.artifacts.canonicalize().map_err(|error| unusable(error.to_string()))?;
        let lock = lock(&root).map_err(unusable)?;
        let inner = Arc::new(Inner::new(Settings { artifacts: root, ..settings }, store, skills, lock));
        inner.recover().await.map_err(|error| unusable(error.message))?;
        tokio::spawn(dispatch::run(Arc::clone(&inner)));
        tokio::spawn(dispatch::upkeep(Arc::clone(&inner)));
        tokio::spawn(files::run(Arc::clone(&inner)));
        Ok(Arc::new(Self { inner }))
    }

    /// The skills of the registry, by id.
    #[must_use]
    pub fn skills(&self) -> &[Skill] {
        self.inner.skills()
    }

    /// A skill.
    #[must_use]
    pub fn skill(&self, id: &str) -> Option<&Skill> {
        self.inner.skill(id)
    }

    /// What accepting a job changes: its record, its place in the queue, its first event. Where its
    /// key stands for a job already, that job, and nothing changes.
    ///
    /// # Errors
    /// When there is no such skill, the input does not fit, the key was used with another request,
    /// or the queue is full.
    pub fn prepare_submit(&self, submit: Submit) -> Result<(Job, Transaction), JobError> {
        self.inner.prepare_submit(submit)
    }

    /// What asking for the end of a job changes; nothing where it was asked before.
    ///
    /// # Errors
    /// When there is no such job, or it has ended in another way.
    pub fn prepare_cancel(
        &self,
        tenant: &str,
        job_id: &str,
        actor: &str,
        now_ms: i64,
    ) -> Result<(Job, Transaction), JobError> {
        self.inner.prepare_cancel(tenant, job_id, actor, now_ms)
    }

    /// Says that what was prepared about a job is committed. What is never said is found out within
    /// a second or two.
    pub fn committed(&self, job: &Job) {
        self.inner.committed(job);
    }

    /// A job as it stands.
    ///
    /// # Errors
    /// When there is none.
    pub fn status(&self, tenant: &str, job_id: &str) -> Result<Job, JobError> {
        let found = records::job(&self.inner.store, tenant, job_id)?;
        let job = found.map(|(job, _)| job).ok_or_else(|| JobError::no_job(job_id))?;
        Ok(if job.state.is_final() { self.inner.with_files(job) } else { job })
    }

    /// The events of a job after a number, and, where it is followed, those that come until it ends.
    ///
    /// # Errors
    /// When there is no such job, nothing of that number was sent, or it is kept no longer.
    pub fn events(
        &self,
        tenant: &str,
        job_id: &str,
        since_seq: u64,
        follow: bool,
    ) -> Result<impl Stream<Item = Result<JobEvent, JobError>> + Send + use<>, JobError> {
        Ok(self.reader(tenant, job_id, since_seq, follow)?.into_stream())
    }

    /// The same, to be read by hand and many at a time.
    ///
    /// # Errors
    /// As [`Runtime::events`].
    pub fn reader(
        &self,
        tenant: &str,
        job_id: &str,
        since_seq: u64,
        follow: bool,
    ) -> Result<EventReader, JobError> {
        EventReader::open(&self.inner, tenant, job_id, since_seq, follow)
    }

    /// Where a decision about a run is, relative to the folder of artifacts. Nothing is decided.
    ///
    /// # Errors
    /// When there is no such run, or it has no such decision (yet).
    pub fn decision(&self, tenant: &str, run_id: &str, kind: Kind) -> Result<String, JobError> {
        let no_run = || JobError::not_found(format!("there is no run `{run_id}`")).with("run_id", run_id);
        let name = run_id.strip_prefix("run-").ok_or_else(no_run)?;
        let found = records::job(&self.inner.store, tenant, &format!("job-{name}"))?;
        let (job, _) = found.ok_or_else(no_run)?;
        let artifact = job.artifact(kind.artifact()).ok_or_else(|| {
            let message =
                format!("the run `{run_id}` has no {} (it is {})", kind.artifact(), job.state.as_str());
            JobError::not_found(message).with("run_id", run_id).with("state", job.state.as_str())
        })?;
        self.inner.lay_out(&job)?;
        Ok(artifact.path.clone())
    }

    /// How much is going on.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let queue = self.inner.queue.lock();
        Counts { waiting: queue.len(), running: queue.running() }
    }

    /// Starts nothing more, and waits for what runs, at most so long; then ends it. What is ended
    /// so counts as lost, and is dealt with at the next start.
    pub async fn close(&self, wait: Duration) {
        self.inner.close(wait).await;
    }
}

/// One runtime has a folder: the next ends every process that the one before it left there.
fn lock(folder: &Path) -> Result<File, String> {
    let path = folder.join(".lock");
    let opened = File::options().write(true).create(true).truncate(false).open(&path);
    let file = opened.map_err(|error| format!("{}: {error}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err("another gateway leaves its files here; name another folder".to_owned())
        }
        Err(TryLockError::Error(error)) => Err(format!("{}: {error}", path.display())),
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        self.inner.stop();
    }
}
