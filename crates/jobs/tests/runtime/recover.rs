//! A runtime after another.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tenon_jobs::{Runtime, State};

use crate::harness::{World, assert_gapless, processes_with, settings, told};

const SLOW: &str = "n=$(cat $0.n 2>/dev/null || echo 0); echo $((n+1)) > $0.n\necho attempt >&2\n\
                    test $n -ge 1 || sleep 600\necho '{\"ok\":true}'\n";
const AGAIN: &str = "  retry: {class: lost, attempts_max: 2, backoff_ms: 10}\n";

/// S1-77: after a restart the stream goes on where it stood; what was lost is run again where its
/// class allows it, and fails with a typed reason where it does not.
#[tokio::test(flavor = "multi_thread")]
async fn what_ran_is_lost_and_dealt_with_by_its_class() {
    let one = |settings: &mut tenon_jobs::Settings| {
        settings.running_max = 2;
        settings.tenant_running_max = 2;
    };
    let open = |path: &std::path::Path| -> Arc<dyn tenon_storage::Engine> {
        Arc::new(tenon_storage::engines::Sqlite::open(&path.join("store.db")).expect("it opens"))
    };
    let world = World::with(&[("again", SLOW, AGAIN), ("never", "sleep 600\n", "")], one, open).await;
    let again = world.submit(world.order("again", json!({}))).await.expect("it is accepted");
    let never = world.submit(world.order("never", json!({}))).await.expect("it is accepted");
    let waiting = world.submit(world.order("again", json!({ "waits": true }))).await.expect("it is accepted");
    world.running(&again).await;
    world.running(&never).await;
    while world.events(&again, 0, false).await.len() < 3 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let before = world.events(&again, 0, false).await;
    world.runtime.close(Duration::ZERO).await;
    let none_left = || processes_with(&format!("TENON_JOB_ID={}", again.job_id)) == 0;
    for _ in 0..200 {
        if none_left() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(none_left(), "the wardens end what they run when the gateway is gone");
    assert_eq!(world.status(&again).state, State::Running);
    let next =
        Runtime::start(settings(world.folder.path()), Arc::clone(&world.store)).await.expect("it starts");
    let mut reader = next.reader("t1", &again.job_id, before.len() as u64, true).expect("it resumes");
    let mut later = Vec::new();
    loop {
        let events = reader.next().await.expect("it reads");
        if events.is_empty() {
            break;
        }
        later.extend(events);
    }
    assert_gapless(&later, before.len() as u64);
    let told_later = told(&later);
    assert!(told_later.iter().any(|(kind, payload)| *kind == "error" && payload["retry_in_ms"] == 10));
    let again = world.end_of(&again).await;
    assert_eq!((again.state, again.attempts), (State::Succeeded, 2));
    let never = world.end_of(&never).await;
    let reason = never.reason.clone().expect("there is a reason");
    assert_eq!((never.state, never.attempts), (State::Failed, 1));
    assert_eq!((reason.code.as_str(), reason.reason_codes), ("E_INTERNAL", vec!["EXEC.KILLED".to_owned()]));
    assert!(never.artifact("run.manifest").is_some());
    assert_eq!(world.end_of(&waiting).await.state, State::Succeeded);
}

/// Where others may have the store open too, a runtime that lives is left alone until its lease is out.
#[tokio::test(flavor = "multi_thread")]
async fn a_lease_is_waited_for() {
    let short = |settings: &mut tenon_jobs::Settings| settings.lease_ms = 2_500;
    let memory = |_: &std::path::Path| -> Arc<dyn tenon_storage::Engine> {
        Arc::new(tenon_storage::engines::Memory::new())
    };
    let world = World::with(&[("again", SLOW, AGAIN)], short, memory).await;
    let same = Runtime::start(settings(world.folder.path()), Arc::clone(&world.store)).await;
    let problems = same.expect_err("the folder is in use");
    assert!(problems[0].message.contains("another gateway"), "{problems:?}");
    let job = world.submit(world.order("again", json!({}))).await.expect("it is accepted");
    world.until(&job, |job| job.runner.is_some()).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    // Another folder for what it leaves, so that it does not take the first one's processes for its own.
    let mut other = settings(world.folder.path());
    other.artifacts = world.folder.path().join("other");
    other.store_is_exclusive = false;
    let other = Runtime::start(other, Arc::clone(&world.store)).await.expect("it starts");
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!((world.status(&job).attempts, world.status(&job).state), (1, State::Running));
    // The first one dies without a word: its lease is not renewed any more.
    drop(world.runtime);
    let begun = std::time::Instant::now();
    loop {
        let found = other.status("t1", &job.job_id).expect("it is there");
        if found.state.is_final() {
            assert_eq!((found.state, found.attempts), (State::Succeeded, 2));
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{found:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
