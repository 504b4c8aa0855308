//! Reading events: resuming, following, falling behind, coming too late.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tenon_jobs::{Code, Settings, State};
use tenon_storage::engines::Memory;

use crate::harness::{World, assert_gapless};

const TALKS: &str = "for n in $(seq 1 200); do echo line $n >&2; done\necho '{\"ok\":true}'\n";

/// S1-77, S3-112: from every number on come exactly the later events.
#[tokio::test(flavor = "multi_thread")]
async fn resuming_gives_exactly_the_later_ones() {
    let world = World::on_disk(&[("talks", TALKS, "")]).await;
    let job = world.run("talks").await;
    let all = world.events(&job, 0, false).await;
    assert_eq!(all.len(), 203);
    assert_gapless(&all, 0);
    for since in 0..=203_u64 {
        let later = world.events(&job, since, since % 2 == 0).await;
        assert_eq!(later.as_slice(), all.get(since as usize..).expect("it is within"));
    }
    let error = world.runtime.reader("t1", &job.job_id, 204, false).expect_err("there is no such event");
    assert_eq!((error.code, error.detail["last_seq"].as_str()), (Code::InvalidRequest, "203"));
    let ids: std::collections::BTreeSet<&str> = all.iter().map(|event| event.event_id.as_str()).collect();
    assert_eq!(ids.len(), all.len());
    assert!(all[0].ts().ends_with('Z') && all[0].ts().len() == "2026-02-25T09:59:00.000Z".len());
}

/// Many who follow, come at different times, drop out and come back: each sees everything once.
#[tokio::test(flavor = "multi_thread")]
async fn many_follow_and_each_sees_everything_once() {
    let script = "for n in $(seq 1 60); do echo line $n >&2; sleep 0.005; done\necho '{\"ok\":true}'\n";
    let world = Arc::new(World::on_disk(&[("talks", script, "")]).await);
    let job = world.submit(world.order("talks", json!({}))).await.expect("it is accepted");
    let followers = (0..40_u64).map(|number| {
        let (world, job) = (Arc::clone(&world), job.clone());
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(number * 7)).await;
            let mut seen = Vec::new();
            loop {
                let since = seen.len() as u64;
                let mut reader = world.runtime.reader("t1", &job.job_id, since, true).expect("it reads");
                // Drops out after some batches, and resumes.
                for _ in 0..=number % 5 {
                    let events = reader.next().await.expect("it reads");
                    if events.is_empty() {
                        return seen;
                    }
                    seen.extend(events);
                }
            }
        })
    });
    let mut all = Vec::new();
    for follower in followers.collect::<Vec<_>>() {
        all.push(follower.await.expect("it ends"));
    }
    assert_eq!(world.status(&job).state, State::Succeeded);
    for seen in &all {
        assert_gapless(seen, 0);
        assert_eq!(seen, &all[0]);
        assert_eq!(seen.len(), 63);
    }
}

/// A client that reads once and never again holds nobody up, and misses nothing when it reads on.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_never_reads_holds_nobody_up() {
    let script = "seq 1 30000 >&2\necho '{\"ok\":true}'\n";
    let world = World::new(&[("much", script, "")]).await;
    let job = world.submit(world.order("much", json!({}))).await.expect("it is accepted");
    let mut slow = world.runtime.reader("t1", &job.job_id, 0, true).expect("it reads");
    let mut seen = slow.next().await.expect("it reads");
    assert_eq!(world.end_of(&job).await.state, State::Succeeded);
    loop {
        let events = slow.next().await.expect("it reads");
        if events.is_empty() {
            break;
        }
        assert!(events.len() <= 512);
        seen.extend(events);
    }
    assert_gapless(&seen, 0);
    assert_eq!(seen.len(), 30_003);
}

/// What is kept no longer is told, with where to go on from.
#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_that_is_too_old_gets_a_typed_answer() {
    let script = "for n in 1 2 3 4 5 6 7 8; do seq 1 100 >&2; sleep 0.03; done\necho '{\"ok\":true}'\n";
    let few = |settings: &mut Settings| settings.events_per_job_max = 200;
    let world = World::with(&[("talks", script, "")], few, |_| Arc::new(Memory::new())).await;
    let job = world.run("talks").await;
    let error = world.runtime.reader("t1", &job.job_id, 0, false).expect_err("it is gone");
    assert_eq!((error.code, error.detail["reason"].as_str()), (Code::NotFound, "EVENTS_TRIMMED"));
    let first: u64 = error.detail["first_kept_seq"].parse().expect("it is a number");
    assert!(first > 300, "{first}");
    let kept = world.events(&job, first - 1, true).await;
    assert_gapless(&kept, first - 1);
    assert_eq!(kept.last().map(|event| event.seq), Some(803));
    assert!((200..=425).contains(&kept.len()), "{}", kept.len());
}
