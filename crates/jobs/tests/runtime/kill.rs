//! A gateway that is killed under load, again and again: no job is lost, none is run more often than
//! its class allows, no process is left, no stream has a gap or anything twice.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};
use serde_json::json;
use tenon_jobs::{Runtime, State, Submit};
use tenon_storage::{CommitError, Store, engines::Sqlite};

use crate::harness::{now_ms, processes_with, settings, skill};

const FOLDER: &str = "TENON_TEST_FOLDER";
const JOBS: usize = 48;

/// Each run leaves a line, starts a process that wants to stay, and talks for a while.
const SCRIPT: &str = "echo run >> runs.$TENON_JOB_ID\nsetsid sleep 600 &\n\
                      for n in $(seq 1 15); do echo line $n >&2; sleep 0.01; done\necho '{\"ok\":true}'\n";

fn skill_of(number: usize) -> &'static str {
    if number.is_multiple_of(3) { "never" } else { "again" }
}

fn order(number: usize) -> Submit {
    Submit {
        tenant: format!("t{}", number % 2),
        actor: "client:c1".into(),
        skill_id: skill_of(number).into(),
        profile: String::new(),
        idempotency_key: format!("key-{number}"),
        task: json!({ "n": number }),
        constraints: json!({ "priority": number % 10 }),
        correlation_id: "corr-1".into(),
        id: String::new(),
        now_ms: now_ms(),
    }
}

/// The gateway that is killed: not a test of its own.
#[tokio::test(flavor = "multi_thread")]
async fn gateway() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let engine = Sqlite::open(&folder.join("store.db")).expect("it opens");
    let store = Arc::new(Store::new(Arc::new(engine)).expect("it opens"));
    let mut settings = settings(&folder);
    settings.running_max = 6;
    settings.tenant_running_max = 4;
    let runtime = Runtime::start(settings, Arc::clone(&store)).await.expect("it starts");
    let mut followers = Vec::new();
    for number in 0..JOBS {
        let job = loop {
            let (job, transaction) = runtime.prepare_submit(order(number)).expect("it fits");
            match store.commit(transaction).await {
                Ok(_) => {
                    runtime.committed(&job);
                    break job;
                }
                Err(CommitError::Conflict(_)) => {}
                Err(error) => panic!("{error}"),
            }
        };
        let (runtime, folder) = (Arc::clone(&runtime), folder.clone());
        followers.push(tokio::spawn(async move {
            // A client that keeps what it has seen, and resumes from there.
            let path = folder.join("seen").join(&job.job_id);
            let seen = std::fs::read_to_string(&path).unwrap_or_default();
            let since = seen.lines().count() as u64;
            let mut file = std::fs::File::options().create(true).append(true).open(path).expect("it opens");
            let mut reader = runtime.reader(&job.tenant, &job.job_id, since, true).expect("it resumes");
            loop {
                let events = reader.next().await.expect("it reads");
                if events.is_empty() {
                    return;
                }
                let lines: String = events.iter().map(|event| format!("{}\n", event.seq)).collect();
                file.write_all(lines.as_bytes()).expect("it is written");
            }
        }));
    }
    for follower in followers {
        follower.await.expect("it ends");
    }
    std::fs::write(folder.join("all-done"), "").expect("it is written");
}

fn start(folder: &Path) -> Child {
    Command::new(std::env::current_exe().expect("it has a name"))
        .args(["kill::gateway", "--exact", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts")
}

/// Ends every warden below a gateway that stands still meanwhile.
fn kill_wardens(gateway: &Child, folder: &Path) {
    let signal = |pid: u32, signal: Signal| {
        if let Some(pid) = Pid::from_raw(pid.try_into().expect("it fits")) {
            // One that is gone is gone.
            let _ = rustix::process::kill_process(pid, signal);
        }
    };
    signal(gateway.id(), Signal::STOP);
    let mark = format!("{FOLDER}={}", folder.display());
    for entry in std::fs::read_dir("/proc").expect("there is /proc").flatten() {
        let program = std::fs::read_link(entry.path().join("exe")).unwrap_or_default();
        let environment = std::fs::read(entry.path().join("environ")).unwrap_or_default();
        let is_theirs = environment.windows(mark.len()).any(|window| window == mark.as_bytes());
        let pid = entry.file_name().to_str().and_then(|name| name.parse().ok());
        if let (true, true, Some(pid)) = (is_theirs, program.ends_with("tenon-warden"), pid) {
            signal(pid, Signal::KILL);
        }
    }
}

fn assert_no_orphans(folder: &Path) {
    let mark = format!("{FOLDER}={}", folder.display());
    let begun = Instant::now();
    while processes_with(&mark) > 0 {
        assert!(begun.elapsed() < Duration::from_secs(10), "{} are left", processes_with(&mark));
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn killed_under_load_again_and_again() {
    let folder = tempfile::tempdir().expect("there is room");
    let registry = folder.path().join("registry");
    let env = format!("  env: [PATH, {FOLDER}]\n");
    for (id, class) in [("never", "never"), ("again", "lost, attempts_max: 20, backoff_ms: 20")] {
        skill(&registry, id, SCRIPT, &format!("  retry: {{class: {class}}}\n"));
        let path = registry.join(id).join(format!("{id}.skill.yaml"));
        let manifest = std::fs::read_to_string(&path).expect("it is there");
        std::fs::write(&path, manifest.replace("  env: [PATH]\n", &env)).expect("it is written");
    }
    std::fs::create_dir_all(folder.path().join("seen")).expect("there is room");
    let (mut kills, mut left) = (0, 0);
    for (turn, wait_ms) in [150, 400, 700, 250, 900, 550, 330, 800].into_iter().enumerate() {
        let mut gateway = start(folder.path());
        std::thread::sleep(Duration::from_millis(wait_ms));
        let was_running = gateway.try_wait().expect("it is asked").is_none();
        // Every other time its wardens go first, so that nobody is left who could end anything but
        // the next gateway.
        let with_wardens = turn % 2 == 1;
        if with_wardens {
            kill_wardens(&gateway, folder.path());
        }
        gateway.kill().expect("it is killed");
        gateway.wait().expect("it is gone");
        kills += usize::from(was_running);
        match with_wardens {
            true => left += processes_with(&format!("{FOLDER}={}", folder.path().display())),
            false => assert_no_orphans(folder.path()),
        }
    }
    assert!(left > 0, "nothing was left for the next gateway to end");
    assert!(kills >= 4, "it was killed while it worked: {kills}");
    let status = start(folder.path()).wait().expect("it ends");
    assert!(status.success());
    assert!(folder.path().join("all-done").exists());
    assert_no_orphans(folder.path());
    check(folder.path());
}

/// Holds what is left against what was promised.
fn check(folder: &Path) {
    let engine = Sqlite::open(&folder.join("store.db")).expect("it opens");
    let store = Arc::new(Store::new(Arc::new(engine)).expect("it opens"));
    let tokio = tokio::runtime::Runtime::new().expect("it starts");
    let runtime = tokio.block_on(Runtime::start(settings(folder), Arc::clone(&store))).expect("it starts");
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    let mut retried = 0;
    for number in 0..JOBS {
        // Submitting it again gives the job there is.
        let (job, transaction) = runtime.prepare_submit(order(number)).expect("it fits");
        assert!(transaction.records.is_empty(), "job {number} was lost");
        assert!(job.state.is_final(), "{job:?}");
        *states.entry(job.state.as_str()).or_default() += 1;
        let runs =
            std::fs::read_to_string(folder.join(format!("registry/{0}/runs.{1}", job.skill_id, job.job_id)));
        let runs = runs.unwrap_or_default().lines().count();
        assert!(runs <= job.attempts as usize, "{runs} runs in {} attempts", job.attempts);
        let attempts_max = if job.skill_id == "never" { 1 } else { 20 };
        assert!(job.attempts <= attempts_max);
        retried += usize::from(job.attempts > 1);
        let is_run = job.skill_id == "again" || job.state == State::Succeeded;
        assert!(!is_run || runs >= 1);
        assert!(job.skill_id == "never" || job.state == State::Succeeded, "{job:?}");
        let manifest = job.artifact("run.manifest").expect("it is there");
        assert!(folder.join("artifacts").join(&manifest.path).exists());
        check_events(&runtime, &tokio, folder, &job);
    }
    println!("states {states:?}, run again {retried}");
    assert!(retried > 0, "no kill met a job that runs");
}

fn check_events(runtime: &Runtime, tokio: &tokio::runtime::Runtime, folder: &Path, job: &tenon_jobs::Job) {
    let mut reader = runtime.reader(&job.tenant, &job.job_id, 0, false).expect("it reads");
    let mut events = Vec::new();
    tokio.block_on(async {
        loop {
            let page = reader.next().await.expect("it reads");
            if page.is_empty() {
                return;
            }
            events.extend(page);
        }
    });
    crate::harness::assert_gapless(&events, 0);
    let told = crate::harness::told(&events);
    let changes: Vec<&str> = told
        .iter()
        .filter(|(kind, _)| *kind == "state_change")
        .map(|(_, payload)| payload["to"].as_str().expect("it is text"))
        .collect();
    assert_eq!(changes, ["running", job.state.as_str()]);
    assert!(events.last().is_some_and(tenon_jobs::JobEvent::is_last));
    // Who followed over all the kills has seen each number once.
    let seen = std::fs::read_to_string(folder.join("seen").join(&job.job_id)).expect("it was followed");
    let seen: Vec<u64> = seen.lines().map(|line| line.parse().expect("it is a number")).collect();
    let wanted: Vec<u64> = (1..=events.len() as u64).collect();
    assert_eq!(seen, wanted);
}
