//! What a runtime is started with.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use crate::{ByOutcome, Judge, Origin, limits};

/// The time, in milliseconds since 1970.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Where a runtime finds things, and how much of everything it may use.
#[derive(Clone)]
pub struct Settings {
    /// The folder of the skills' manifests.
    pub registry: PathBuf,
    /// The folder where runs leave their files; made where it is not there.
    pub artifacts: PathBuf,
    /// The program and its arguments that run [`crate::warden::main`].
    pub warden: Vec<OsString>,
    /// Names this runtime among those before it; new at every start.
    pub runner: String,
    /// What exactly is served, and with what.
    pub origin: Origin,
    /// Decides about runs that have ended.
    pub judge: Arc<dyn Judge>,
    /// Jobs that run at once, a count.
    pub running_max: usize,
    /// Jobs of one tenant that run at once, a count.
    pub tenant_running_max: usize,
    /// Jobs that may wait, a count.
    pub queue_max: usize,
    /// How long a canceled or late process has to end by itself, in milliseconds.
    pub grace_ms: u64,
    /// How long a runtime that says nothing is taken to be alive, in milliseconds.
    pub lease_ms: i64,
    /// Events of one job that are kept, a count.
    pub events_per_job_max: u64,
    /// How long a job is kept after its end, in milliseconds; at least the window of its key.
    pub kept_ms: i64,
    /// Whether nobody else can have the store open, so that what an earlier runtime left is taken
    /// over at once and not when its lease has run out.
    pub store_is_exclusive: bool,
    /// The time.
    pub clock: Clock,
}

impl Settings {
    /// Usual settings for a registry, a folder for artifacts and a warden.
    #[must_use]
    pub fn new(
        registry: impl Into<PathBuf>,
        artifacts: impl Into<PathBuf>,
        warden: Vec<OsString>,
        runner: impl Into<String>,
        clock: Clock,
    ) -> Self {
        let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            registry: registry.into(),
            artifacts: artifacts.into(),
            warden,
            runner: runner.into(),
            origin: Origin::default(),
            judge: Arc::new(ByOutcome),
            running_max: threads * 4,
            tenant_running_max: threads * 2,
            queue_max: limits::QUEUE_JOBS_MAX,
            grace_ms: 3_000,
            lease_ms: 15_000,
            events_per_job_max: limits::EVENTS_PER_JOB_MAX,
            kept_ms: limits::JOBS_KEPT_MS,
            store_is_exclusive: true,
            clock,
        }
    }
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("registry", &self.registry)
            .field("artifacts", &self.artifacts)
            .field("warden", &self.warden)
            .field("runner", &self.runner)
            .finish_non_exhaustive()
    }
}
