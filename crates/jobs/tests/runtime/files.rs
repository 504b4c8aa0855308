//! What runs leave, held against the schemas of the pack `dome`.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tenon_jobs::{Job, Origin, State};
use tenon_storage::engines::Memory;

use crate::harness::{World, told};

fn schema(kind: &str) -> jsonschema::Validator {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/dome/ssot/schemas");
    let bytes = std::fs::read(folder.join(format!("{kind}.schema.json"))).expect("the pack has it");
    let schema: Value = serde_json::from_slice(&bytes).expect("it is JSON");
    jsonschema::options().should_validate_formats(true).build(&schema).expect("it is a schema")
}

fn assert_fits(kind: &str, value: &Value) {
    let failures: Vec<String> =
        schema(kind).iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(failures.is_empty(), "{kind}: {failures:?} in {value:#}");
}

fn check(world: &World, job: &Job) {
    for kind in ["run.manifest", "gate.decision", "promotion.decision", "task.result"] {
        let artifact = job.artifact(kind).unwrap_or_else(|| panic!("{kind} of {:?}", job.state));
        assert_fits(kind, &world.file(&artifact.path));
    }
    // Every file the manifest names is there, with that hash.
    let manifest = world.file(&job.artifact("run.manifest").expect("it is there").path);
    let files = manifest["artifacts"].as_array().expect("it is a list");
    assert_eq!(files.len(), job.artifacts.len() - 1);
    for file in files {
        let name = file["path"].as_str().expect("it is text");
        let path = world.folder.path().join("artifacts").join(&job.run_id).join(name);
        let hash = Sha256::digest(std::fs::read(path).expect("it is there"));
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(file["sha256"], json!(hash));
    }
    let provenance = serde_json::to_value(&job.provenance).expect("it is JSON");
    assert_eq!(manifest["provenance"], provenance, "the wire tells what the file tells");
}

/// S3-90, S3-109: whatever way a job ended, its files fit their schemas, with all seven fields of
/// provenance; its state changes fit theirs; the same ids are everywhere (S3-110).
#[tokio::test(flavor = "multi_thread")]
async fn fit_their_schemas_however_it_ended() {
    let adjust = |settings: &mut tenon_jobs::Settings| {
        settings.running_max = 1;
        settings.origin = Origin {
            repo: "shop".into(),
            commit_sha: "3f1c9d".to_owned() + &"0".repeat(34),
            dirty_flag: false,
            contract_hashes: [("domed".to_owned(), "b".repeat(64))].into(),
            tool_versions: [("tenon".to_owned(), "0.1.0".to_owned())].into(),
        };
    };
    let skills =
        [("good", "echo '{\"ok\":true}'\n", ""), ("bad", "exit 1\n", ""), ("slow", "sleep 600\n", "")];
    let world = World::with(&skills, adjust, |_| Arc::new(Memory::new())).await;
    let (good, bad) = (world.run("good").await, world.run("bad").await);
    let slow = world.submit(world.order("slow", json!({ "task_id": "task-1" }))).await.expect("it fits");
    world.running(&slow).await;
    let queued = world.submit(world.order("good", json!({}))).await.expect("it fits");
    world.cancel(&queued.job_id).await.expect("it is canceled");
    let queued = world.status(&queued);
    world.cancel(&slow.job_id).await.expect("it is canceled");
    let slow = world.end_of(&slow).await;
    let states: Vec<State> = [&good, &bad, &slow, &queued].iter().map(|job| job.state).collect();
    assert_eq!(states, [State::Succeeded, State::Failed, State::Canceled, State::Canceled]);
    for job in [&good, &bad, &slow, &queued] {
        check(&world, job);
        for (kind, payload) in told(&world.events(job, 0, false).await) {
            if kind == "state_change" {
                assert_fits("job.state_change", &payload);
                assert_eq!(
                    (&payload["job_id"], &payload["run_id"]),
                    (&json!(job.job_id), &json!(job.run_id))
                );
            }
        }
    }
    let provenance = good.provenance.clone().expect("it has one");
    assert_eq!((provenance.repo.as_str(), provenance.dirty_flag), ("shop", false));
    assert_eq!(provenance.contract_hashes.keys().collect::<Vec<_>>(), ["domed", "skill:good"]);
    assert_eq!(provenance.tool_versions["good"], "1.0.0");
    assert_eq!(slow.task_id(), "task-1");
    // The same input has the same hash, however it is written; another has another.
    assert_eq!(good.input_hash, bad.input_hash);
    assert_ne!(good.input_hash, slow.input_hash);
}
