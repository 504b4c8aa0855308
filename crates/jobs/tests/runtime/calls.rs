//! Submitting, canceling, retrying.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tenon_jobs::{Code, Job, JobError, State, Submit};
use tenon_storage::engines::{Faults, Faulty, Memory};

use crate::harness::{World, assert_gapless, told};

const OK: &str = "echo '{\"ok\":true}'\n";
const SLOW: &str = "sleep 600\n";

fn keyed(order: Submit, key: &str) -> Submit {
    Submit { idempotency_key: key.into(), ..order }
}

fn code<T>(result: Result<T, JobError>) -> Option<Code> {
    result.err().map(|error| error.code)
}

/// S1-74, S3-111: one key, one job, however many ask at once and whoever asks later.
#[tokio::test(flavor = "multi_thread")]
async fn one_key_stands_for_one_job() {
    let world =
        Arc::new(World::on_disk(&[("counts", "echo x >> $0.count\necho '{\"ok\":true}'\n", "")]).await);
    let calls = (0..16).map(|_| {
        let world = Arc::clone(&world);
        tokio::spawn(async move {
            let order = keyed(world.order("counts", json!({ "n": 1 })), "k1");
            world.submit(order).await.expect("it is accepted")
        })
    });
    let mut jobs = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        jobs.push(call.await.expect("it ends"));
    }
    assert!(jobs.iter().all(|job| job.job_id == jobs[0].job_id && job.run_id == jobs[0].run_id));
    let job = world.end_of(&jobs[0]).await;
    let again =
        world.submit(keyed(world.order("counts", json!({ "n": 1 })), "k1")).await.expect("it is known");
    assert_eq!((again.job_id.as_str(), again.state), (job.job_id.as_str(), State::Succeeded));
    let runs = std::fs::read_to_string(world.folder.path().join("registry/counts/run.sh.count"));
    assert_eq!(runs.expect("it ran").lines().count(), 1);
    // Another request, another tenant, a day later.
    let other = world.submit(keyed(world.order("counts", json!({ "n": 2 })), "k1")).await;
    assert_eq!(code(other), Some(Code::IdempotencyKeyReused));
    let foreign = Submit { tenant: "t2".into(), ..keyed(world.order("counts", json!({ "n": 1 })), "k1") };
    let foreign = world.submit(foreign).await.expect("it is another's key");
    assert_ne!(foreign.job_id, job.job_id);
    let mut later = keyed(world.order("counts", json!({ "n": 2 })), "k1");
    later.now_ms += 24 * 60 * 60 * 1_000 + 1;
    let later = world.submit(later).await.expect("the key is free again");
    assert_ne!(later.job_id, job.job_id);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_refused_before_it_is_queued() {
    let world =
        World::with(&[("good", OK, "")], |settings| settings.queue_max = 0, |_| Arc::new(Memory::new()))
            .await;
    let refused = |order: Submit| world.runtime.prepare_submit(order).expect_err("it is refused");
    assert_eq!(refused(world.order("gone", json!({}))).code, Code::NotFound);
    let error = refused(world.order("good", json!([1])));
    assert_eq!((error.code, error.detail["field"].as_str()), (Code::InvalidRequest, "task_json"));
    for constraints in
        [json!({ "priority": 10 }), json!({ "prio": 1 }), json!([]), json!({ "wall_ms_max": 0 })]
    {
        // The queue is full as well; what does not fit is told all the same only where there is room.
        let order = Submit { constraints, ..world.order("good", json!({})) };
        assert!(world.runtime.prepare_submit(order).is_err());
    }
    let error = refused(world.order("good", json!({})));
    assert_eq!((error.code, error.retry_after), (Code::LockConflict, Some(5)));
    assert_eq!(code(world.runtime.status("t1", "job-none")), Some(Code::NotFound));
    assert_eq!(code(world.runtime.prepare_cancel("t1", "job-none", "a", 1)), Some(Code::NotFound));
}

#[tokio::test(flavor = "multi_thread")]
async fn constraints_are_held() {
    let world = World::new(&[("slow", SLOW, ""), ("good", OK, "")]).await;
    for constraints in
        [json!({ "priority": 10 }), json!({ "prio": 1 }), json!([]), json!({ "wall_ms_max": 0 })]
    {
        let order = Submit { constraints, ..world.order("good", json!({})) };
        assert_eq!(code(world.runtime.prepare_submit(order)), Some(Code::InvalidRequest));
    }
    let order = Submit { constraints: json!({ "wall_ms_max": 100 }), ..world.order("slow", json!({})) };
    let job = world.submit(order).await.expect("it is accepted");
    assert_eq!(world.end_of(&job).await.reason.map(|reason| reason.code).as_deref(), Some("E_TIMEOUT"));
}

/// S1-76: canceling twice is canceling once; what has ended otherwise says so.
#[tokio::test(flavor = "multi_thread")]
async fn canceling_is_idempotent_and_typed() {
    let one_at_a_time = |settings: &mut tenon_jobs::Settings| settings.running_max = 1;
    let skills = [("slow", SLOW, ""), ("good", OK, "")];
    let world = World::with(&skills, one_at_a_time, |_| Arc::new(Memory::new())).await;
    let running = world.submit(world.order("slow", json!({}))).await.expect("it is accepted");
    world.running(&running).await;
    let queued = world.submit(world.order("good", json!({}))).await.expect("it is accepted");
    // Queued: it ends there and then, with everything a job that has ended leaves.
    let canceled = world.cancel(&queued.job_id).await.expect("it is canceled");
    assert_eq!(canceled.state, State::Canceled);
    let manifest = world.status(&canceled).artifact("run.manifest").expect("it is there").path.clone();
    assert_eq!(world.file(&manifest)["commands"], json!([]));
    assert_eq!(world.cancel(&queued.job_id).await.expect("again"), canceled);
    let events = world.events(&queued, 0, true).await;
    assert_gapless(&events, 0);
    assert_eq!(told(&events).last().expect("there are some").1["to"], "canceled");
    // Running: it is asked to end, once.
    for _ in 0..3 {
        world.cancel(&running.job_id).await.expect("it is canceled");
    }
    let ended = world.end_of(&running).await;
    assert_eq!((ended.state, ended.cancel_by.as_deref()), (State::Canceled, Some("client:c1")));
    let asked = told(&world.events(&running, 0, false).await);
    assert_eq!(asked.iter().filter(|(_, payload)| payload["guard"] == "cancel").count(), 1);
    assert_eq!(world.cancel(&running.job_id).await.expect("again").state, State::Canceled);
    let done = world.run("good").await;
    assert_eq!(code(world.cancel(&done.job_id).await), Some(Code::InvalidTransition));
    assert_eq!(world.runtime.counts().waiting, 0);
}

/// Again after a pause that doubles, as often as the class allows, and no oftener.
#[tokio::test(flavor = "multi_thread")]
async fn retries_are_those_of_the_class() {
    let flaky = "n=$(cat $0.n 2>/dev/null || echo 0); echo $((n+1)) > $0.n\n\
                 test $n -ge 2 || exit 1\necho '{\"ok\":true}'\n";
    let again = "  retry: {class: failed, attempts_max: 3, backoff_ms: 40}\n";
    let world = World::on_disk(&[
        ("flaky", flaky, again),
        ("hopeless", "exit 1\n", again),
        ("once", "exit 1\n", ""),
        ("lost", "exit 1\n", "  retry: {class: lost, attempts_max: 3}\n"),
    ])
    .await;
    let job = world.run("flaky").await;
    assert_eq!((job.state, job.attempts), (State::Succeeded, 3), "{job:?}");
    let events = told(&world.events(&job, 0, false).await);
    let pauses: Vec<&Value> = events
        .iter()
        .filter(|(kind, _)| *kind == "error")
        .map(|(_, payload)| &payload["retry_in_ms"])
        .collect();
    assert_eq!(pauses, [&json!(40), &json!(80)]);
    let changes = events.iter().filter(|(kind, _)| *kind == "state_change").count();
    assert_eq!(changes, 2, "the frozen machine has no way back to the queue: {events:?}");
    let manifest = world.file(&job.artifact("run.manifest").expect("it is there").path);
    assert_eq!(manifest["commands"].as_array().map(Vec::len), Some(3));
    let (hopeless, once, lost) =
        (world.run("hopeless").await, world.run("once").await, world.run("lost").await);
    assert_eq!((hopeless.state, hopeless.attempts), (State::Failed, 3));
    assert_eq!((once.attempts, lost.attempts), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_waits_to_be_tried_again_is_canceled_at_once() {
    let again = "  retry: {class: failed, attempts_max: 3, backoff_ms: 600000}\n";
    let world = World::new(&[("fails", "exit 1\n", again)]).await;
    let job = world.submit(world.order("fails", json!({}))).await.expect("it is accepted");
    world.until(&job, |job| job.retry_at_ms.is_some()).await;
    world.cancel(&job.job_id).await.expect("it is canceled");
    let job = world.end_of(&job).await;
    assert_eq!((job.state, job.attempts), (State::Canceled, 1));
}

/// Somebody who commits and goes away without a word: the job runs all the same.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_never_told_is_found() {
    let world = World::new(&[("good", OK, "")]).await;
    let (job, transaction) = world.runtime.prepare_submit(world.order("good", json!({}))).expect("it fits");
    world.store.commit(transaction).await.expect("it commits");
    assert_eq!(world.end_of(&job).await.state, State::Succeeded);
    // One that was prepared and never committed is none.
    let (ghost, _) = world.runtime.prepare_submit(world.order("good", json!({}))).expect("it fits");
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(code(world.runtime.status("t1", &ghost.job_id)), Some(Code::NotFound));
}

/// Limits of the tenant and the skill, with real processes.
#[tokio::test(flavor = "multi_thread")]
async fn no_more_run_at_once_than_may() {
    let script = "sleep 0.1\necho '{\"ok\":true}'\n";
    let adjust = |settings: &mut tenon_jobs::Settings| {
        settings.running_max = 4;
        settings.tenant_running_max = 2;
    };
    let skills = [("any", script, ""), ("single", script, "  concurrency_max: 1\n")];
    let world = World::with(&skills, adjust, |_| Arc::new(Memory::new())).await;
    let mut jobs = Vec::new();
    for number in 0..12 {
        let skill = if number % 3 == 0 { "single" } else { "any" };
        let tenant = format!("t{}", number % 2);
        let order = Submit { tenant, ..world.order(skill, json!({})) };
        jobs.push(world.submit(order).await.expect("it is accepted"));
    }
    let mut ended = Vec::new();
    for job in &jobs {
        let job = world.end_of(job).await;
        assert_eq!(job.state, State::Succeeded, "{job:?}");
        ended.push(job);
    }
    // When each began, those that had begun and not ended. (Asking one after the other while they
    // run would count one that has ended in between beside the one that got its place.)
    let mut most = 0;
    for one in &ended {
        let runs = |other: &&Job| other.started_ms <= one.started_ms && one.started_ms < other.ended_ms;
        let running: Vec<_> = ended.iter().filter(runs).collect();
        assert!(running.len() <= 4, "{running:?}");
        assert!(running.iter().filter(|job| job.tenant == one.tenant).count() <= 2, "{running:?}");
        assert!(running.iter().filter(|job| job.skill_id == "single").count() <= 1, "{running:?}");
        most = most.max(running.len());
    }
    assert!(most > 1, "they run side by side: {most}");
}

/// A store that fails, is slow and makes conflicts up: every job ends once, with gapless events.
#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_fails_loses_and_doubles_nothing() {
    let faults = Faults {
        read_fails: 60,
        commit_fails_before: 120,
        commit_fails_after: 120,
        conflict: 120,
        slow: 10,
        slow_ms: 5,
    };
    let faulty = Arc::new(Faulty::new(Arc::new(Memory::new()), 7, Faults::default()));
    let engine = Arc::clone(&faulty);
    let script = "for n in 1 2 3 4 5; do echo line $n >&2; sleep 0.01; done\necho '{\"ok\":true}'\n";
    let world = World::with(&[("talks", script, "")], |_| {}, move |_| engine).await;
    let mut jobs = Vec::new();
    for _ in 0..20 {
        jobs.push(world.submit(world.order("talks", json!({}))).await.expect("it is accepted"));
    }
    faulty.set(faults);
    let begun = std::time::Instant::now();
    loop {
        assert!(begun.elapsed() < Duration::from_secs(120), "a job never ends");
        let ended = jobs
            .iter()
            .filter(|job| world.runtime.status("t1", &job.job_id).is_ok_and(|job| job.state.is_final()));
        if ended.count() == jobs.len() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    faulty.set(Faults::default());
    assert!(faulty.injected() > 20, "{}", faulty.injected());
    for job in &jobs {
        let job = world.status(job);
        assert_eq!((job.state, job.attempts), (State::Succeeded, 1), "{job:?}");
        let events = world.events(&job, 0, true).await;
        assert_gapless(&events, 0);
        let told = told(&events);
        let lines: Vec<&str> = told.iter().filter_map(|(_, payload)| payload["line"].as_str()).collect();
        assert_eq!(lines, ["line 1", "line 2", "line 3", "line 4", "line 5"]);
        assert_eq!(told.iter().filter(|(kind, _)| *kind == "state_change").count(), 2);
    }
}

/// Somebody who says again and again that a job is committed makes it run no oftener.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_often_runs_once() {
    let world = World::new(&[("counts", "echo x >> count\nsleep 0.05\necho '{\"ok\":true}'\n", "")]).await;
    let mut jobs = Vec::new();
    for _ in 0..10 {
        let (job, transaction) =
            world.runtime.prepare_submit(world.order("counts", json!({}))).expect("it fits");
        world.store.commit(transaction).await.expect("it commits");
        jobs.push(job);
    }
    for _ in 0..300 {
        jobs.iter().for_each(|job| world.runtime.committed(job));
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    for job in &jobs {
        let job = world.end_of(job).await;
        assert_eq!((job.state, job.attempts), (State::Succeeded, 1));
    }
    let runs = std::fs::read_to_string(world.folder.path().join("registry/counts/count")).expect("it ran");
    assert_eq!(runs.lines().count(), 10);
    // A place is given back a moment after the end is there to be read.
    let begun = std::time::Instant::now();
    while world.runtime.counts() != tenon_jobs::Counts::default() {
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?} are not given back", world.runtime.counts());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
