//! What a job leaves when it has ended: its output, its manifest, the decisions about it.
//!
//! All of it is kept in the store by the commit that ends the job; see `files` for when it is
//! written to the folder of the run.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tenon_storage::NewEntry;

use super::inner::Inner;
use crate::event::{entry, rfc3339};
use crate::job::{File, hash_of, hex};
use crate::limits::KEPT_FILE_BYTES_MAX;
use crate::{ArtifactRef, EventType, Job, Judged, Kind, Provenance, State};

/// The version of the files' schemas.
const SCHEMA_VERSION: &str = "1.0.0";

/// Decides about a job that has ended; it has everything it leaves then.
pub(super) fn leave(inner: &Inner, job: &mut Job, output: Option<&Value>) {
    job.provenance = Some(provenance(inner, job));
    let mut files: Vec<File> = output.map(|output| File::new("output", output)).into_iter().collect();
    let (gate, promotion) = decide(inner, job, output);
    files.push(gate);
    files.extend(promotion);
    files.push(File::new("task.result", &task_result(job, output.is_some())));
    let manifest = manifest(inner, job, &files);
    files.push(File::new("run.manifest", &manifest));
    let artifact = |file: &File| ArtifactRef {
        kind: file.kind.clone(),
        path: format!("{}/{}", job.run_id, file.name()),
        bytes: u64::try_from(file.text.len()).unwrap_or(0),
    };
    job.artifacts = files.iter().map(artifact).collect();
    // What cannot be written now is kept, however large it is: the end of a job waits for no folder.
    files.retain(|file| {
        file.text.len() <= KEPT_FILE_BYTES_MAX || inner.write_file(&job.run_id, file).is_err()
    });
    job.left = files;
}

/// The event of a job's new state.
pub(super) fn changed(job: &Job, from: State, at_ms: i64) -> NewEntry {
    let mut payload = json!({
        "job_id": job.job_id,
        "run_id": job.run_id,
        "from": from.as_str(),
        "to": job.state.as_str(),
    });
    if let (Some(reason), Some(object)) = (&job.reason, payload.as_object_mut())
        && job.state == State::Failed
    {
        object.insert("reason_codes".to_owned(), json!(reason.reason_codes));
    }
    entry(at_ms, EventType::StateChange, &payload)
}

fn provenance(inner: &Inner, job: &Job) -> Provenance {
    let mut of_skill = inner.provenance.lock();
    let same = of_skill.entry(job.skill_id.clone()).or_insert_with(|| provenance_of(inner, &job.skill_id));
    let mut provenance = same.clone();
    drop(of_skill);
    provenance.tool_versions.insert(job.skill_id.clone(), job.skill_version.clone());
    provenance.input_hash.clone_from(&job.input_hash);
    provenance
}

/// What is the same for every run of a skill.
fn provenance_of(inner: &Inner, skill_id: &str) -> Provenance {
    let origin = &inner.settings.origin;
    let skill = inner.skill(skill_id);
    let mut parts = vec![inner.env_fingerprint.clone()];
    for name in skill.map(|skill| skill.env.as_slice()).unwrap_or_default() {
        parts.push(format!("{name}={}", std::env::var(name).unwrap_or_default()));
    }
    let mut contract_hashes = origin.contract_hashes.clone();
    if let Some(skill) = skill {
        // The manifest is what was promised of the skill.
        contract_hashes.insert(format!("skill:{}", skill.id), skill.manifest_hash.clone());
    }
    Provenance {
        repo: origin.repo.clone(),
        commit_sha: origin.commit_sha.clone(),
        dirty_flag: origin.dirty_flag,
        contract_hashes,
        tool_versions: origin.tool_versions.clone(),
        input_hash: String::new(),
        env_fingerprint: hash_of([&parts.join("\n")]),
    }
}

fn decide(inner: &Inner, job: &Job, output: Option<&Value>) -> (File, Option<File>) {
    let run = Judged { job, output };
    let gate = inner.settings.judge.gate(run);
    let decided_at = rfc3339(job.ended_ms.unwrap_or(job.created_ms));
    let checks = gate.checks.iter().map(|(name, passed)| json!({ "name": name, "passed": passed }));
    let gate_file = json!({
        "schema_version": SCHEMA_VERSION,
        "run_id": job.run_id,
        "decided_at": decided_at,
        "decision": gate.decision.as_str(),
        "checks": checks.collect::<Vec<_>>(),
        "reason_codes": gate.reason_codes,
    });
    let gate_file = File::new(Kind::Gate.artifact(), &gate_file);
    let promotion = inner.settings.judge.promotion(run, &gate).map(|promotion| {
        let rank = |(task_id, score): &(String, f64)| json!({ "task_id": task_id, "score": score });
        let file = json!({
            "schema_version": SCHEMA_VERSION,
            "run_id": job.run_id,
            "promotion_id": job.run_id.replacen("run-", "promotion-", 1),
            "decided_at": decided_at,
            "winner": promotion.winner,
            "ranking": promotion.ranking.iter().map(rank).collect::<Vec<_>>(),
            "gate_ref": gate_file.name(),
        });
        File::new(Kind::Promotion.artifact(), &file)
    });
    (gate_file, promotion)
}

fn task_result(job: &Job, has_output: bool) -> Value {
    let reason_codes = job.reason.as_ref().map(|reason| reason.reason_codes.clone()).unwrap_or_default();
    let begun = job.started_ms.or(job.ended_ms).unwrap_or(job.created_ms);
    let mut result = json!({
        "schema_version": SCHEMA_VERSION,
        "run_id": job.run_id,
        "task_id": job.task_id(),
        "outcome": job.state.as_str(),
        "reason_codes": reason_codes,
        "elapsed_ms": job.ended_ms.unwrap_or(begun).saturating_sub(begun).max(0),
    });
    if let Some(object) = result.as_object_mut() {
        if has_output {
            object.insert("output_ref".to_owned(), json!("output.json"));
        }
        if job.attempts > 0 {
            object.insert("attempts".to_owned(), json!(job.attempts));
        }
    }
    result
}

fn manifest(inner: &Inner, job: &Job, files: &[File]) -> Value {
    let command = inner.skill(&job.skill_id).map(|skill| skill.command.clone());
    let ran = command.filter(|_| job.attempts > 0);
    let artifact = |file: &File| json!({ "kind": file.kind, "path": file.name(), "sha256": hex(&Sha256::digest(file.text.as_bytes())) });
    json!({
        "schema_version": SCHEMA_VERSION,
        "run_id": job.run_id,
        "correlation_id": if job.correlation_id.is_empty() { &job.job_id } else { &job.correlation_id },
        "started_at": rfc3339(job.started_ms.unwrap_or(job.created_ms)),
        "ended_at": rfc3339(job.ended_ms.unwrap_or(job.created_ms)),
        "commands": ran.map(|command| vec![command; job.attempts as usize]).unwrap_or_default(),
        "artifacts": files.iter().map(artifact).collect::<Vec<_>>(),
        "provenance": job.provenance,
    })
}
