//! The life of jobs: from submit to what they leave.

use serde_json::json;
use tenon_jobs::{Code, Kind, State};

use crate::harness::{World, assert_gapless, told};

const OK: &str = "echo '{\"ok\":true}'\n";

/// S1-74, S1-75, S1-77, S1-78, S3-109, S3-110: a job succeeds, and leaves everything.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_succeeds_and_leaves_its_files() {
    let script = "echo starting >&2; cat > /dev/null; echo done >&2; echo '{\"ok\":true}'\n";
    let world = World::on_disk(&[("good", script, "")]).await;
    let order = world.order("good", json!({ "n": 1 }));
    let job = world.submit(order).await.expect("it is accepted");
    assert_eq!(job.state, State::Queued);
    let events = world.events(&job, 0, true).await;
    assert_gapless(&events, 0);
    let told = told(&events);
    let kinds: Vec<&str> = told.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, ["guard", "state_change", "log", "log", "state_change"]);
    assert_eq!(told[2].1["line"], "starting");
    assert_eq!(told[4].1["to"], "succeeded");
    let job = world.end_of(&job).await;
    assert_eq!((job.state, job.attempts), (State::Succeeded, 1));
    let provenance = job.provenance.clone().expect("it has one");
    assert_eq!((provenance.commit_sha.len(), provenance.input_hash.len()), (40, 64));
    let gate = world.runtime.decision("t1", &job.run_id, Kind::Gate).expect("it was decided");
    assert_eq!(world.file(&gate)["decision"], "pass");
    let promotion = world.runtime.decision("t1", &job.run_id, Kind::Promotion).expect("it was decided");
    assert_eq!(world.file(&promotion)["winner"], json!(job.job_id));
    let manifest = world.file(&job.artifact("run.manifest").expect("it is there").path);
    assert_eq!(manifest["provenance"]["input_hash"], json!(job.input_hash));
    assert_eq!(manifest["correlation_id"], "corr-1");
    assert_eq!(world.file(&job.artifact("output").expect("it is there").path), json!({ "ok": true }));
    // Another tenant sees none of it.
    let code = |error: tenon_jobs::JobError| error.code;
    assert_eq!(world.runtime.status("t2", &job.job_id).map_err(code), Err(Code::NotFound));
    assert_eq!(world.runtime.decision("t2", &job.run_id, Kind::Gate).map_err(code), Err(Code::NotFound));
    assert!(world.runtime.reader("t2", &job.job_id, 0, false).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn quick_ones_one_after_the_other() {
    let world = World::new(&[("quick", OK, "")]).await;
    for _ in 0..20 {
        assert_eq!(world.run("quick").await.state, State::Succeeded);
    }
}
