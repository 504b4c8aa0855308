//! What a job needs at its end is not there: it ends when it can, and once.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tenon_jobs::{Code, Kind, State};
use tenon_storage::engines::{Faults, Faulty, Memory};

use crate::harness::{World, assert_gapless, told};

const OK: &str = "echo '{\"ok\":true}'\n";

/// Its folder cannot be made: the job ends all the same, no path is told that is not there, and
/// once there is room everything is.
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_cannot_be_written_holds_up_nothing() {
    let large = "head -c 400000 /dev/zero | tr '\\0' x | sed 's/^/{\"ok\":true,\"x\":\"/; s/$/\"}/'\n";
    let world = World::new(&[("good", OK, ""), ("large", large, "")]).await;
    for skill in ["good", "large"] {
        let order = world.order(skill, json!({}));
        let in_its_place = world.folder.path().join(format!("artifacts/run-{}", order.id));
        std::fs::write(&in_its_place, "in the way").expect("it is written");
        let job = world.submit(order).await.expect("it is accepted");
        let ended = world.end_of(&job).await;
        assert_eq!((ended.state, ended.artifacts.len()), (State::Succeeded, 0), "{:?}", ended.reason);
        let refused = world.runtime.decision("t1", &job.run_id, Kind::Gate).expect_err("it is not there");
        assert_eq!((refused.code, refused.retry_after), (Code::Internal, Some(1)), "{refused}");
        std::fs::remove_file(&in_its_place).expect("it is removed");
        let ended = world.status(&job);
        assert_eq!(ended.artifacts.len(), 5);
        let output = world.file(&ended.artifact("output").expect("it is there").path);
        assert_eq!(output["ok"], true);
        assert_eq!(output["x"].as_str().map_or(0, str::len), if skill == "large" { 400_000 } else { 0 });
        let gate = world.runtime.decision("t1", &job.run_id, Kind::Gate).expect("it is there");
        assert_eq!(world.file(&gate)["decision"], "pass");
    }
}

/// Files that nobody asks for are there a moment later all the same, and again where somebody
/// removed them.
#[tokio::test(flavor = "multi_thread")]
async fn files_come_without_being_asked_for() {
    let world = World::on_disk(&[("good", OK, "")]).await;
    let job = world.accepted("good").await;
    let manifest = world.folder.path().join(format!("artifacts/{}/run.manifest.json", job.run_id));
    let begun = std::time::Instant::now();
    while !manifest.exists() {
        assert!(begun.elapsed() < Duration::from_secs(20), "no files come");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let before = world.status(&job);
    std::fs::remove_dir_all(manifest.parent().expect("it has one")).expect("it is removed");
    assert_eq!(world.status(&job), before);
    assert!(manifest.exists());
}

/// The store takes nothing when a job is to end (its disk is full): the job runs on in the books,
/// its place is free for others, and it ends, once, when the store works again.
#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_takes_nothing_is_waited_for() {
    let faulty = Arc::new(Faulty::new(Arc::new(Memory::new()), 7, Faults::default()));
    let engine = Arc::clone(&faulty);
    let script = "sleep 0.3\necho '{\"ok\":true}'\n";
    let world = World::with(&[("good", script, "")], |_| {}, move |_| engine).await;
    let job = world.begun("good").await;
    faulty.set(Faults { commit_fails_before: 1_000, ..Faults::default() });
    tokio::time::sleep(Duration::from_millis(900)).await;
    assert_eq!(world.status(&job).state, State::Running);
    assert_eq!(world.runtime.counts().running, 0, "its process has ended, and its place is free");
    faulty.set(Faults::default());
    let job = world.end_of(&job).await;
    assert_eq!((job.state, job.attempts, job.artifacts.len()), (State::Succeeded, 1, 5));
    let events = world.events(&job, 0, true).await;
    assert_gapless(&events, 0);
    let changes = told(&events).iter().filter(|(kind, _)| *kind == "state_change").count();
    assert_eq!(changes, 2, "{events:?}");
}
