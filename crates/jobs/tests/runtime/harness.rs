//! A runtime on a folder of its own, with skills made for a test.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};
use tenon_jobs::{Job, JobError, JobEvent, Runtime, Settings, State, Submit};
use tenon_storage::engines::{Memory, Sqlite};
use tenon_storage::{CommitError, Engine, Store};

pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("it is after 1970");
    i64::try_from(since.as_millis()).expect("it fits")
}

/// A skill in a registry: its id, its script, and what `run` says beside the command.
pub fn skill(registry: &Path, id: &str, script: &str, run: &str) {
    let folder = registry.join(id);
    std::fs::create_dir_all(&folder).expect("there is room");
    std::fs::write(folder.join("input.json"), r#"{"type":"object"}"#).expect("it is written");
    let output = r#"{"type":"object","required":["ok"],"properties":{"ok":{"type":"boolean"}}}"#;
    std::fs::write(folder.join("output.json"), output).expect("it is written");
    std::fs::write(folder.join("run.sh"), script).expect("it is written");
    let manifest = format!(
        "tool_id: {id}\nversion: 1.0.0\ntitle: {id}\nkind: skill\ndescription: A skill of a test.\n\
         input_schema_ref: input.json\noutput_schema_ref: output.json\nexecutor_backend: process\n\
         permissions: []\nside_effects: []\nrun:\n  command: [sh, run.sh]\n  env: [PATH]\n{run}"
    );
    std::fs::write(folder.join(format!("{id}.skill.yaml")), manifest).expect("it is written");
}

pub struct World {
    pub folder: tempfile::TempDir,
    pub store: Arc<Store>,
    pub runtime: Arc<Runtime>,
    ids: AtomicU64,
}

pub fn settings(folder: &Path) -> Settings {
    let warden = vec![env!("CARGO_BIN_EXE_tenon-warden").into()];
    let runner = format!("runner-{}", now_ms());
    let clock = Arc::new(now_ms);
    let mut settings =
        Settings::new(folder.join("registry"), folder.join("artifacts"), warden, runner, clock);
    settings.grace_ms = 300;
    settings
}

pub fn registry(folder: &tempfile::TempDir) -> PathBuf {
    let registry = folder.path().join("registry");
    std::fs::create_dir_all(&registry).expect("there is room");
    registry
}

impl World {
    /// On an engine in memory.
    pub async fn new(skills: &[(&str, &str, &str)]) -> Self {
        Self::with(skills, |_| {}, |_| Arc::new(Memory::new())).await
    }

    pub async fn on_disk(skills: &[(&str, &str, &str)]) -> Self {
        let open = |path: &Path| -> Arc<dyn Engine> {
            Arc::new(Sqlite::open(&path.join("store.db")).expect("it opens"))
        };
        Self::with(skills, |_| {}, open).await
    }

    pub async fn with(
        skills: &[(&str, &str, &str)],
        adjust: impl FnOnce(&mut Settings),
        engine: impl FnOnce(&Path) -> Arc<dyn Engine>,
    ) -> Self {
        let folder = tempfile::tempdir().expect("there is room");
        let registry = registry(&folder);
        for (id, script, run) in skills {
            skill(&registry, id, script, run);
        }
        let store = Arc::new(Store::new(engine(folder.path())).expect("it opens"));
        let mut settings = settings(folder.path());
        adjust(&mut settings);
        let runtime = Runtime::start(settings, Arc::clone(&store)).await.expect("it starts");
        Self { folder, store, runtime, ids: AtomicU64::new(0) }
    }

    pub fn order(&self, skill_id: &str, task: Value) -> Submit {
        let number = self.ids.fetch_add(1, Ordering::Relaxed);
        Submit {
            tenant: "t1".into(),
            actor: "client:c1".into(),
            skill_id: skill_id.into(),
            profile: String::new(),
            idempotency_key: String::new(),
            task,
            constraints: Value::Null,
            correlation_id: "corr-1".into(),
            // Processes are looked for by it, so it is nobody else's, and the beginning of none.
            id: format!(
                "{}-{number}-x",
                self.folder.path().file_name().expect("it has a name").to_string_lossy().replace('.', "")
            ),
            now_ms: now_ms(),
        }
    }

    /// As the pipeline does it: prepare, commit, tell; again where somebody was faster.
    pub async fn submit(&self, order: Submit) -> Result<Job, JobError> {
        loop {
            let (job, transaction) = self.runtime.prepare_submit(order.clone())?;
            match self.store.commit(transaction).await {
                Ok(_) => {
                    self.runtime.committed(&job);
                    return Ok(job);
                }
                Err(CommitError::Conflict(_)) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }

    pub async fn cancel(&self, job_id: &str) -> Result<Job, JobError> {
        loop {
            let (job, transaction) = self.runtime.prepare_cancel("t1", job_id, "client:c1", now_ms())?;
            match self.store.commit(transaction).await {
                Ok(_) => {
                    self.runtime.committed(&job);
                    return Ok(job);
                }
                Err(CommitError::Conflict(_)) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }

    pub async fn run(&self, skill_id: &str) -> Job {
        let job = self.accepted(skill_id).await;
        self.end_of(&job).await
    }

    /// A job of a skill, with no input to speak of.
    pub async fn accepted(&self, skill_id: &str) -> Job {
        self.submit(self.order(skill_id, json!({}))).await.expect("it is accepted")
    }

    /// The same, once it runs.
    pub async fn begun(&self, skill_id: &str) -> Job {
        let job = self.accepted(skill_id).await;
        self.running(&job).await
    }

    pub fn status(&self, job: &Job) -> Job {
        self.runtime.status(&job.tenant, &job.job_id).expect("it is there")
    }

    /// Waits until a job has ended.
    pub async fn end_of(&self, job: &Job) -> Job {
        self.until(job, |job| job.state.is_final()).await
    }

    pub async fn until(&self, job: &Job, is_so: impl Fn(&Job) -> bool) -> Job {
        let begun = Instant::now();
        loop {
            let found = self.status(job);
            if is_so(&found) {
                return found;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "nothing happens: {found:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub async fn running(&self, job: &Job) -> Job {
        self.until(job, |job| job.state == State::Running).await
    }

    pub async fn events(&self, job: &Job, since_seq: u64, follow: bool) -> Vec<JobEvent> {
        let mut reader =
            self.runtime.reader(&job.tenant, &job.job_id, since_seq, follow).expect("it is readable");
        let mut all = Vec::new();
        loop {
            let events = reader.next().await.expect("it reads");
            if events.is_empty() {
                return all;
            }
            all.extend(events);
        }
    }

    pub fn file(&self, path: &str) -> Value {
        let bytes = std::fs::read(self.folder.path().join("artifacts").join(path)).expect("it is there");
        serde_json::from_slice(&bytes).expect("it is JSON")
    }
}

/// Type and payload of events.
pub fn told(events: &[JobEvent]) -> Vec<(&'static str, Value)> {
    let payload = |event: &JobEvent| serde_json::from_str(&event.payload_json).expect("it is JSON");
    events.iter().map(|event| (event.event_type.as_str(), payload(event))).collect()
}

/// The numbers of events are gapless and begin after one.
pub fn assert_gapless(events: &[JobEvent], since_seq: u64) {
    let seqs: Vec<u64> = events.iter().map(|event| event.seq).collect();
    let wanted: Vec<u64> = (since_seq + 1..=since_seq + seqs.len() as u64).collect();
    assert_eq!(seqs, wanted);
}

/// Living processes with this text in their environment.
pub fn processes_with(text: &str) -> usize {
    let entries = std::fs::read_dir("/proc").expect("there is /proc");
    let is_one = |path: PathBuf| {
        let environment = std::fs::read(path.join("environ")).unwrap_or_default();
        environment.windows(text.len()).any(|window| window == text.as_bytes())
    };
    entries.flatten().filter(|entry| is_one(entry.path())).count()
}
