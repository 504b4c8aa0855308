//! Jobs that ended long ago, on a clock of the test's own.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tenon_jobs::{Code, Job, Kind, State, Submit, limits};
use tenon_storage::engines::Sqlite;

use crate::harness::{World, assert_gapless, now_ms};

const OK: &str = "echo '{\"ok\":true}'\n";
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Waits until something is so.
async fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Thirty days after its end nothing of a job is left, however much it said; one that ended a
/// day later is there as it was. A key that stood for a job that is gone stands for a new one.
#[tokio::test(flavor = "multi_thread")]
async fn what_ended_long_ago_is_forgotten() {
    let ahead = Arc::new(AtomicI64::new(0));
    let clock = Arc::clone(&ahead);
    let adjust = move |settings: &mut tenon_jobs::Settings| {
        settings.clock = Arc::new(move || now_ms() + clock.load(Ordering::Relaxed));
    };
    let talks = "seq 1 5000 >&2\necho '{\"ok\":true}'\n";
    let open = |path: &std::path::Path| -> Arc<dyn tenon_storage::Engine> {
        Arc::new(Sqlite::open(&path.join("store.db")).expect("it opens"))
    };
    let world = World::with(&[("good", OK, ""), ("talks", talks, "")], adjust, open).await;
    let at = |order: Submit| Submit { now_ms: now_ms() + ahead.load(Ordering::Relaxed), ..order };
    let keyed = |key: &str| Submit { idempotency_key: key.into(), ..world.order("good", json!({})) };
    let folder = |job: &Job| world.folder.path().join("artifacts").join(&job.run_id);
    let run = async |order: Submit| {
        let job = world.submit(order).await.expect("it is accepted");
        let job = world.end_of(&job).await;
        assert_eq!(job.state, State::Succeeded);
        job
    };
    let old = [run(at(keyed("k1"))).await, run(at(world.order("talks", json!({})))).await];
    assert!(world.events(&old[1], 0, false).await.len() as u64 > 2 * limits::FORGET_EVENTS);
    ahead.fetch_add(DAY_MS + 1, Ordering::Relaxed);
    let young = run(at(keyed("k1"))).await;
    assert_ne!(young.job_id, old[0].job_id, "the key's day is over");
    let before = (world.status(&young), world.events(&young, 0, false).await);
    // Thirty days after the first ones, and not yet after the last.
    ahead.fetch_add(limits::JOBS_KEPT_MS - DAY_MS / 2, Ordering::Relaxed);
    let status = |job: &Job| world.runtime.status("t1", &job.job_id);
    until("the old ones are still there", || old.iter().all(|job| status(job).is_err())).await;
    for job in &old {
        assert_eq!(status(job).map_err(|error| error.code), Err(Code::NotFound));
        assert!(!folder(job).exists());
        let decision = world.runtime.decision("t1", &job.run_id, Kind::Gate);
        assert_eq!(decision.map_err(|error| error.code), Err(Code::NotFound));
        let reader = world.runtime.reader("t1", &job.job_id, 0, true);
        assert_eq!(reader.map(drop).map_err(|error| error.code), Err(Code::NotFound));
    }
    let kept = (world.status(&young), world.events(&young, 0, false).await);
    assert_eq!(kept, before);
    assert!(folder(&young).exists());
    let again = run(at(keyed("k1"))).await;
    assert!(old.iter().chain([&young]).all(|job| job.job_id != again.job_id));
    assert_gapless(&world.events(&again, 0, false).await, 0);
    // And then the other one.
    ahead.fetch_add(DAY_MS, Ordering::Relaxed);
    until("the young one is still there", || status(&young).is_err()).await;
    assert!(!folder(&young).exists());
    assert_eq!(world.status(&again).state, State::Succeeded);
}

/// A key stands for its job a day from when it was accepted, wherever the day began.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_stands_for_a_day_at_any_hour() {
    let world = World::new(&[("good", OK, "")]).await;
    let midnight = now_ms() / DAY_MS * DAY_MS;
    for (turn, hour) in [0, 1, 12, 23].into_iter().enumerate() {
        let begun = midnight + hour * 60 * 60 * 1_000;
        let at = |now_ms: i64| Submit {
            idempotency_key: format!("k{turn}"),
            now_ms,
            ..world.order("good", json!({}))
        };
        let first = world.submit(at(begun)).await.expect("it is accepted");
        for later in [0, 1, DAY_MS / 2, DAY_MS - 1] {
            let same = world.submit(at(begun + later)).await.expect("it is known");
            assert_eq!(same.job_id, first.job_id, "{hour} h and {later} ms");
        }
        let next = world.submit(at(begun + DAY_MS)).await.expect("it is free");
        assert_ne!(next.job_id, first.job_id);
        assert_eq!(world.end_of(&next).await.state, State::Succeeded);
    }
}

/// Two who ask for one key on either side of midnight get one job, whoever commits first.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_stands_for_one_job_over_midnight() {
    let world = World::new(&[("good", OK, "")]).await;
    let midnight = now_ms() / DAY_MS * DAY_MS;
    for (turn, late_first) in [false, true].into_iter().enumerate() {
        let at = |now_ms: i64| Submit {
            idempotency_key: format!("m{turn}"),
            now_ms,
            ..world.order("good", json!({}))
        };
        let (early, late) = (at(midnight - 5), at(midnight + 5));
        let (first, second) = if late_first { (&late, &early) } else { (&early, &late) };
        // Both are prepared before either is there.
        let (job, transaction) = world.runtime.prepare_submit(first.clone()).expect("it fits");
        let (_, other) = world.runtime.prepare_submit(second.clone()).expect("it fits");
        world.store.commit(transaction).await.expect("it commits");
        world.runtime.committed(&job);
        assert!(world.store.commit(other).await.is_err(), "there are two jobs for one key");
        let same = world.submit(second.clone()).await.expect("it is known");
        assert_eq!(same.job_id, job.job_id);
    }
}
