//! What every part of the runtime shares.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tenon_storage::Store;
use tokio::sync::{Notify, watch};

use super::files::Ended;
use super::queue::{Entry, Queue};
use super::records;
use super::tail::{Tail, Told};
use super::warden::Warden;
use crate::job::hash_of;
use crate::limits::{ACCEPTED_KEPT_MAX, PREPARED_KEPT_MS};
use crate::{Job, Provenance, Settings, Skill, State};

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) settings: Settings,
    pub(super) store: Arc<Store>,
    skills: Vec<Skill>,
    places: BTreeMap<String, usize>,
    pub(super) queue: Mutex<Queue>,
    /// Something may be startable.
    pub(super) wake: Notify,
    /// Jobs that run here, and how each is told that it is to end.
    running: Mutex<HashMap<String, Arc<Notify>>>,
    /// What was prepared, and is not known to be committed: job, tenant, when.
    prepared: Mutex<BTreeMap<String, (String, i64)>>,
    /// Some of those that wait, as they were accepted: they need not be read when it is their turn.
    accepted: Mutex<HashMap<String, Job>>,
    tails: Mutex<HashMap<String, Arc<Tail>>>,
    /// Jobs that have ended, and whose files may be missing, the earliest first.
    pub(super) ended: Mutex<BTreeSet<Ended>>,
    /// Held by who writes files of runs.
    pub(super) writing: Mutex<()>,
    /// Wardens that wait for a job.
    wardens: Mutex<Vec<Warden>>,
    /// 0 while it works, 1 when nothing more is started, 2 when everything is to end.
    stage: watch::Sender<u8>,
    /// Held for as long as the folder of artifacts is ours.
    lock: Mutex<Option<File>>,
    /// Marks every process of this runtime, and of those before it in the same folder.
    pub(super) mark: String,
    pub(super) env_fingerprint: String,
    /// What is the same for every run of a skill, once it was asked for.
    pub(super) provenance: Mutex<HashMap<String, Provenance>>,
}

impl Inner {
    pub(super) fn new(settings: Settings, store: Arc<Store>, skills: Vec<Skill>, lock: File) -> Self {
        let places = skills.iter().enumerate().map(|(place, skill)| (skill.id.clone(), place)).collect();
        let skill_max =
            skills.iter().filter_map(|skill| Some((skill.id.clone(), skill.concurrency_max?))).collect();
        let queue = Queue::new(settings.running_max, settings.tenant_running_max, skill_max);
        let mark = hash_of([&settings.artifacts.to_string_lossy()]);
        let mark = mark.get(..16).unwrap_or(&mark).to_owned();
        Self {
            env_fingerprint: env_fingerprint(),
            provenance: Mutex::default(),
            settings,
            store,
            skills,
            places,
            queue: Mutex::new(queue),
            wake: Notify::new(),
            running: Mutex::default(),
            prepared: Mutex::default(),
            accepted: Mutex::default(),
            tails: Mutex::default(),
            ended: Mutex::default(),
            writing: Mutex::default(),
            wardens: Mutex::default(),
            stage: watch::channel(0).0,
            lock: Mutex::new(Some(lock)),
            mark,
        }
    }

    pub(super) fn now_ms(&self) -> i64 {
        (self.settings.clock)()
    }

    pub(super) fn skills(&self) -> &[Skill] {
        &self.skills
    }

    pub(super) fn skill(&self, id: &str) -> Option<&Skill> {
        self.skills.get(*self.places.get(id)?)
    }

    // What was prepared, and what became of it.

    pub(super) fn remember(&self, job: &Job, now_ms: i64) {
        self.prepared.lock().insert(job.job_id.clone(), (job.tenant.clone(), now_ms));
    }

    pub(super) fn committed(&self, job: &Job) {
        self.prepared.lock().remove(&job.job_id);
        match job.state {
            State::Queued => self.enqueue(job),
            State::Running if job.cancel_by.is_some() => self.end(&job.job_id),
            State::Canceled => {
                self.take_accepted(&job.job_id);
                self.queue.lock().remove(&job.tenant, &job.job_id);
                self.note_end(job);
            }
            _ => {}
        }
        self.wake_tail(&job.job_id);
    }

    fn keep_accepted(&self, job: &Job) {
        let mut accepted = self.accepted.lock();
        if accepted.len() < ACCEPTED_KEPT_MAX {
            accepted.insert(job.job_id.clone(), job.clone());
        }
    }

    /// A job as it was accepted, where it is still known; it may have changed since.
    pub(super) fn take_accepted(&self, job_id: &str) -> Option<Job> {
        self.accepted.lock().remove(job_id)
    }

    /// Looks for what was prepared and never told of: the caller may have gone away in between.
    pub(super) fn sweep(&self, now_ms: i64) {
        let waiting: Vec<(String, String, i64)> = self
            .prepared
            .lock()
            .iter()
            .filter(|(_, (_, at_ms))| now_ms.saturating_sub(*at_ms) >= 1_000)
            .map(|(job_id, (tenant, at_ms))| (job_id.clone(), tenant.clone(), *at_ms))
            .collect();
        for (job_id, tenant, at_ms) in waiting {
            match records::job(&self.store, &tenant, &job_id) {
                Ok(Some((job, _))) if job.state != State::Running || job.cancel_by.is_some() => {
                    self.committed(&job);
                }
                // A store that fails now is asked again.
                Err(_) => {}
                Ok(_) if now_ms.saturating_sub(at_ms) > PREPARED_KEPT_MS => {
                    self.prepared.lock().remove(&job_id);
                }
                Ok(_) => {}
            }
        }
    }

    fn enqueue(&self, job: &Job) {
        // One that runs already is in the queue no more, and must not be there twice.
        if !self.running.lock().contains_key(&job.job_id) {
            self.keep_accepted(job);
            self.queue.lock().push(entry_of(job));
            self.wake.notify_one();
        }
    }

    /// Tells a job that it is to end, wherever it is.
    fn end(&self, job_id: &str) {
        if let Some(notify) = self.running.lock().get(job_id) {
            notify.notify_one();
            return;
        }
        self.queue.lock().hurry(job_id);
        self.wake.notify_one();
    }

    // Jobs that run.

    /// How a job that begins is told to end; nothing where it runs already.
    pub(super) fn begin(&self, job_id: &str) -> Option<Arc<Notify>> {
        let mut running = self.running.lock();
        let is_running = running.contains_key(job_id);
        (!is_running).then(|| Arc::clone(running.entry(job_id.to_owned()).or_default()))
    }

    pub(super) fn finished(&self, job_id: &str) {
        self.running.lock().remove(job_id);
    }

    /// Gives a place back that a job had.
    pub(super) fn leave_place(&self, entry: &Entry) {
        self.queue.lock().done(entry);
        self.wake.notify_one();
    }

    // Who follows.

    /// The tail of a job, and what tells of changes; nobody forgets it in between.
    pub(super) fn follow(&self, job_id: &str) -> (Arc<Tail>, watch::Receiver<Told>) {
        let mut tails = self.tails.lock();
        let tail = tails.entry(job_id.to_owned()).or_insert_with(|| Arc::new(Tail::new()));
        (Arc::clone(tail), tail.watch())
    }

    pub(super) fn followed(&self, job_id: &str) -> Option<Arc<Tail>> {
        self.tails.lock().get(job_id).cloned()
    }

    fn wake_tail(&self, job_id: &str) {
        if let Some(tail) = self.followed(job_id) {
            tail.wake();
        }
    }

    pub(super) fn forget_tail(&self, job_id: &str) {
        let mut tails = self.tails.lock();
        if tails.get(job_id).is_some_and(|tail| !tail.is_followed()) {
            tails.remove(job_id);
        }
    }

    // Wardens.

    pub(super) fn take_warden(&self) -> std::io::Result<Warden> {
        let waiting = self.wardens.lock().pop();
        waiting.map_or_else(|| Warden::spawn(&self.settings.warden), Ok)
    }

    pub(super) fn give_warden(&self, warden: Warden) {
        self.wardens.lock().push(warden);
    }

    // The end.

    pub(super) fn stage(&self) -> watch::Receiver<u8> {
        self.stage.subscribe()
    }

    pub(super) fn is_stopping(&self) -> bool {
        *self.stage.borrow() > 0
    }

    pub(super) fn stop(&self) {
        self.stage.send_replace(2);
        self.wake.notify_one();
        self.wardens.lock().clear();
        drop(self.lock.lock().take());
    }

    pub(super) async fn close(self: &Arc<Self>, wait: Duration) {
        self.stage.send_modify(|stage| *stage = 1.max(*stage));
        self.wake.notify_one();
        let until = tokio::time::Instant::now() + wait;
        let is_busy = || self.queue.lock().running() > 0 || !self.running.lock().is_empty();
        while is_busy() && tokio::time::Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // What is not written now is written at the next start.
        if tokio::time::Instant::now() < until {
            let _ = tokio::time::timeout_at(until, self.put_away()).await;
        }
        self.stop();
        if let Ok((_, version)) = records::lease(&self.store, &self.settings.runner)
            && version > 0
        {
            let ended = tenon_storage::Transaction {
                at_ms: self.now_ms(),
                records: vec![records::end_lease(&self.settings.runner, version)],
                ..tenon_storage::Transaction::default()
            };
            // A lease that stays runs out by itself.
            let _ = self.store.commit(ended).await;
        }
    }
}

/// The place of a job in the queue.
pub(super) fn entry_of(job: &Job) -> Entry {
    Entry {
        tenant: job.tenant.clone(),
        job_id: job.job_id.clone(),
        skill_id: job.skill_id.clone(),
        priority: job.constraints.priority,
        order_ms: job.created_ms,
    }
}

/// SHA-256 over what of this machine a run can notice: the system, its kernel, the processor.
fn env_fingerprint() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let (kernel, release) = (read("/proc/sys/kernel/osrelease"), read("/etc/os-release"));
    hash_of([std::env::consts::OS, std::env::consts::ARCH, kernel.trim(), release.trim()])
}
