//! Skills that behave badly.

use std::time::{Duration, Instant};

use serde_json::json;
use tenon_jobs::{Job, State};

use crate::harness::{World, assert_gapless, processes_with, told};

/// The job has failed, with these codes, and nothing of it is left in the system.
fn assert_failed(job: &Job, code: &str, reason_code: &str) {
    assert_eq!(job.state, State::Failed, "{job:?}");
    let reason = job.reason.clone().expect("there is a reason");
    assert_eq!(
        (reason.code.as_str(), reason.reason_codes),
        (code, vec![reason_code.to_owned()]),
        "{}",
        reason.message
    );
    assert_nothing_left(job);
}

fn assert_nothing_left(job: &Job) {
    assert_eq!(processes_with(&format!("TENON_JOB_ID={}", job.job_id)), 0);
}

/// A job that is canceled once it has said something, and how long it went on.
async fn canceled(world: &World, skill: &str) -> (Job, Duration) {
    let job = world.begun(skill).await;
    while told(&world.events(&job, 0, false).await).iter().all(|(kind, _)| *kind != "log") {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let begun = Instant::now();
    world.cancel(&job.job_id).await.expect("it is canceled");
    let job = world.end_of(&job).await;
    assert_eq!(job.state, State::Canceled);
    (job, begun.elapsed())
}

/// Children in the background, in sessions of their own, orphaned twice: all go with the job.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_leaves_processes_behind() {
    let script = "for n in 1 2 3; do setsid sh -c 'setsid sleep 600 & sleep 600' & done\n\
                  (trap '' TERM HUP; sleep 600) &\nsleep 0.2\necho '{\"ok\":true}'\n";
    let world = World::new(&[("forks", script, "")]).await;
    let job = world.begun("forks").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(processes_with(&format!("TENON_JOB_ID={}", job.job_id)) >= 4, "the skill does what it is to do");
    let job = world.end_of(&job).await;
    assert_eq!(job.state, State::Succeeded, "{job:?}");
    assert_nothing_left(&job);
}

/// More processes than it may have: it is ended, and so are they.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_forks_without_end() {
    let script = "while true; do setsid sleep 600 & done\n";
    let world = World::new(&[("bomb", script, "  limits: {processes_max: 20}\n")]).await;
    let job = world.run("bomb").await;
    assert_failed(&job, "E_POLICY_DENIED", "EXEC.LIMIT_REACHED");
}

/// It is asked to end, takes no notice, and is ended.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_ignores_sigterm() {
    let script = "trap '' TERM\necho ready >&2\nwhile true; do sleep 0.05; done\n";
    let world = World::new(&[("deaf", script, ""), ("late", script, "  limits: {wall_ms_max: 200}\n")]).await;
    let (job, took) = canceled(&world, "deaf").await;
    assert!(took >= Duration::from_millis(300), "it had its time to end by itself: {took:?}");
    assert_nothing_left(&job);
    assert_failed(&world.run("late").await, "E_TIMEOUT", "EXEC.LIMIT_REACHED");
}

/// One that ends in good order when it is asked to.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_ends_when_it_is_asked() {
    let script = "trap 'echo bye >&2; exit 0' TERM\necho ready >&2\nwhile true; do sleep 0.02; done\n";
    let world = World::with(
        &[("kind", script, "")],
        |settings| settings.grace_ms = 30_000,
        |_| std::sync::Arc::new(tenon_storage::engines::Memory::new()),
    )
    .await;
    let (job, took) = canceled(&world, "kind").await;
    assert!(took < Duration::from_secs(20), "nobody had to end it: {took:?}");
    let events = told(&world.events(&job, 0, false).await);
    assert!(events.iter().any(|(kind, payload)| *kind == "log" && payload["line"] == "bye"), "{events:?}");
}

/// Gigabytes on either side: what fits is kept, the rest never is anywhere.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_prints_without_end() {
    let limit = "  limits: {output_bytes_max: 300000, wall_ms_max: 30000}\n";
    let world = World::new(&[("out", "yes\n", limit), ("err", "yes >&2\n", limit)]).await;
    for skill in ["out", "err"] {
        let job = world.run(skill).await;
        assert_failed(&job, "E_POLICY_DENIED", "EXEC.LIMIT_REACHED");
        let events = world.events(&job, 0, false).await;
        assert_gapless(&events, 0);
        let bytes: usize = events.iter().map(|event| event.payload_json.len()).sum();
        assert!(bytes < 20_000_000, "{bytes}");
        let lines = told(&events).iter().filter(|(kind, _)| *kind == "log").count();
        assert_eq!(lines, if skill == "err" { 150_000 } else { 0 });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_prints_one_line_without_end() {
    let limit = "  limits: {output_bytes_max: 100000}\n";
    let world = World::new(&[("long", "yes | tr -d '\\n' >&2\n", limit)]).await;
    let job = world.run("long").await;
    assert_failed(&job, "E_POLICY_DENIED", "EXEC.LIMIT_REACHED");
    let events = told(&world.events(&job, 0, false).await);
    let logs: Vec<usize> = events
        .iter()
        .filter(|(kind, _)| *kind == "log")
        .map(|(_, payload)| payload["line"].as_str().expect("it is text").len())
        .collect();
    assert_eq!((logs.iter().sum::<usize>(), logs.iter().max()), (100_000, Some(&16_384)));
}

/// Output that does not fit its schema, is no JSON, or is not there.
#[tokio::test(flavor = "multi_thread")]
async fn one_with_an_output_that_does_not_fit() {
    let world = World::new(&[
        ("wrong", "echo '{\"ok\":\"yes\"}'\n", ""),
        ("text", "echo hello\n", ""),
        ("silent", "true\n", ""),
        ("twice", "echo '{\"ok\":true}{\"ok\":true}'\n", ""),
    ])
    .await;
    for skill in ["wrong", "text", "silent", "twice"] {
        let job = world.run(skill).await;
        assert_failed(&job, "E_INTERNAL", "VERIFY.OUTPUT_INVALID");
        let events = told(&world.events(&job, 0, false).await);
        assert!(events.iter().any(|(kind, payload)| *kind == "guard"
            && payload["guard"] == "output_schema"
            && payload["passed"] == false));
        let gate = world.file(&job.artifact("gate.decision").expect("it was decided").path);
        assert_eq!(
            (gate["decision"].as_str(), gate["reason_codes"][0].as_str()),
            (Some("refuse"), Some("VERIFY.OUTPUT_INVALID"))
        );
        let promotion = world.file(&job.artifact("promotion.decision").expect("it was decided").path);
        assert!(promotion["winner"].is_null());
        assert!(job.artifact("output").is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_fails_or_is_killed_or_cannot_be_started() {
    let world = World::new(&[
        ("fails", "exit 7\n", ""),
        ("killed", "kill -SEGV $$\n", ""),
        ("hungry", "x=a; while true; do x=$x$x; done\n", "  limits: {memory_bytes_max: 20000000}\n"),
        (
            "big.file",
            "dd if=/dev/zero of=$0.out bs=1000 count=100 2>/dev/null || exit 3\n",
            "  limits: {file_bytes_max: 5000}\n",
        ),
    ])
    .await;
    assert_failed(&world.run("fails").await, "E_INTERNAL", "EXEC.NONZERO_EXIT");
    assert_failed(&world.run("killed").await, "E_INTERNAL", "EXEC.KILLED");
    let job = world.run("hungry").await;
    assert_eq!(job.state, State::Failed, "{job:?}");
    assert_nothing_left(&job);
    let job = world.run("big.file").await;
    assert_eq!(job.state, State::Failed, "{job:?}");
    let written = std::fs::metadata(world.folder.path().join("registry/big.file/run.sh.out"));
    assert!(written.map_or(0, |file| file.len()) <= 5_000);
    std::fs::remove_dir_all(world.folder.path().join("registry/fails")).expect("it is removed");
    assert_failed(&world.run("fails").await, "E_INTERNAL", "EXEC.NONZERO_EXIT");
}

/// It ends its own warden: the job is lost, and everything of it is found by its mark.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_kills_its_warden() {
    let script = "setsid sleep 600 &\nsleep 0.1\nkill -9 $PPID\nsleep 600\n";
    let world = World::new(&[("rude", script, "")]).await;
    let job = world.run("rude").await;
    assert_failed(&job, "E_INTERNAL", "EXEC.KILLED");
}

/// Nothing of the gateway's environment reaches a skill but what its manifest names; the input comes
/// on standard input, and one that does not read it harms nobody.
#[tokio::test(flavor = "multi_thread")]
async fn one_sees_only_what_it_may() {
    let script = "test -z \"$HOME$CARGO_MANIFEST_DIR\" || exit 9\ntest -n \"$PATH\" || exit 8\n\
                  test \"$(cat)\" = '{\"n\":41}' || exit 7\ntest \"$TENON_ATTEMPT\" = 1 || exit 6\n\
                  test $(ulimit -n) = 64 || exit 5\ntest $(ulimit -c) = 0 || exit 4\n\
                  echo '{\"ok\":true}'\n";
    let world = World::new(&[
        ("sees", script, "  limits: {open_files_max: 64}\n"),
        ("deaf", "echo '{\"ok\":true}'\n", ""),
    ])
    .await;
    let job = world.submit(world.order("sees", json!({ "n": 41 }))).await.expect("it is accepted");
    let job = world.end_of(&job).await;
    assert_eq!(job.state, State::Succeeded, "{job:?}");
    let job =
        world.submit(world.order("deaf", json!({ "text": "x".repeat(3_000_000) }))).await.expect("it fits");
    assert_eq!(world.end_of(&job).await.state, State::Succeeded);
}
