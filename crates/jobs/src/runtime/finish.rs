//! What a job leaves when it has ended: its output, its manifest, the decisions about it.
//!
//! All of it is kept in the store by the commit that ends the job; see `files` for when it is
//! written to the folder of the run.

use data_encoding::HEXLOWER;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tenon_storage::NewEntry;

use super::inner::Inner;
use crate::event::{entry, rfc3339};
use crate::job::{File, hash_of};
use crate::limits::KEPT_FILE_BYTES_MAX;
use crate::{ArtifactRef, EventType, Job, Judged, Kind, Provenance, State};

/// The version of the files' schemas.
const SCHEMA_VERSION: &str = "1.0.0";

// The files, member by member in the order they are written.

#[derive(Serialize)]
struct GateDecision<'r> {
    schema_version: &'static str,
    run_id: &'r str,
    decided_at: &'r str,
    decision: &'static str,
    checks: Vec<Check<'r>>,
    reason_codes: &'r [String],
}

#[derive(Serialize)]
struct Check<'r> {
    name: &'r str,
    passed: bool,
}

#[derive(Serialize)]
struct PromotionDecision<'r> {
    schema_version: &'static str,
    run_id: &'r str,
    promotion_id: String,
    decided_at: &'r str,
    winner: Option<&'r str>,
    ranking: Vec<Rank<'r>>,
    gate_ref: String,
}

#[derive(Serialize)]
struct Rank<'r> {
    task_id: &'r str,
    score: f64,
}

#[derive(Serialize)]
struct TaskResult<'r> {
    schema_version: &'static str,
    run_id: &'r str,
    task_id: &'r str,
    outcome: &'static str,
    reason_codes: &'r [String],
    elapsed_ms: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_ref: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts: Option<u32>,
}

#[derive(Serialize)]
struct RunManifest<'r> {
    schema_version: &'static str,
    run_id: &'r str,
    correlation_id: &'r str,
    started_at: String,
    ended_at: String,
    /// Once for each attempt.
    commands: Vec<&'r [String]>,
    artifacts: Vec<Artifact<'r>>,
    provenance: Option<&'r Provenance>,
}

#[derive(Serialize)]
struct Artifact<'r> {
    kind: &'r str,
    path: String,
    sha256: String,
}

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
    let gate_file = File::new(
        Kind::Gate.artifact(),
        &GateDecision {
            schema_version: SCHEMA_VERSION,
            run_id: &job.run_id,
            decided_at: &decided_at,
            decision: gate.decision.as_str(),
            checks: gate.checks.iter().map(|(name, passed)| Check { name, passed: *passed }).collect(),
            reason_codes: &gate.reason_codes,
        },
    );
    let promotion = inner.settings.judge.promotion(run, &gate).map(|promotion| {
        let file = PromotionDecision {
            schema_version: SCHEMA_VERSION,
            run_id: &job.run_id,
            promotion_id: job.run_id.replacen("run-", "promotion-", 1),
            decided_at: &decided_at,
            winner: promotion.winner.as_deref(),
            ranking: promotion
                .ranking
                .iter()
                .map(|(task_id, score)| Rank { task_id, score: *score })
                .collect(),
            gate_ref: gate_file.name(),
        };
        File::new(Kind::Promotion.artifact(), &file)
    });
    (gate_file, promotion)
}

fn task_result(job: &Job, has_output: bool) -> TaskResult<'_> {
    let begun = job.started_ms.or(job.ended_ms).unwrap_or(job.created_ms);
    TaskResult {
        schema_version: SCHEMA_VERSION,
        run_id: &job.run_id,
        task_id: job.task_id(),
        outcome: job.state.as_str(),
        reason_codes: job.reason.as_ref().map(|reason| reason.reason_codes.as_slice()).unwrap_or_default(),
        elapsed_ms: job.ended_ms.unwrap_or(begun).saturating_sub(begun).max(0),
        output_ref: has_output.then_some("output.json"),
        attempts: (job.attempts > 0).then_some(job.attempts),
    }
}

fn manifest<'r>(inner: &'r Inner, job: &'r Job, files: &'r [File]) -> RunManifest<'r> {
    let command = inner.skill(&job.skill_id).map(|skill| skill.command.as_slice());
    let ran = command.filter(|_| job.attempts > 0);
    let artifact = |file: &'r File| Artifact {
        kind: &file.kind,
        path: file.name(),
        sha256: HEXLOWER.encode(&Sha256::digest(file.text.as_bytes())),
    };
    RunManifest {
        schema_version: SCHEMA_VERSION,
        run_id: &job.run_id,
        correlation_id: if job.correlation_id.is_empty() { &job.job_id } else { &job.correlation_id },
        started_at: rfc3339(job.started_ms.unwrap_or(job.created_ms)),
        ended_at: rfc3339(job.ended_ms.unwrap_or(job.created_ms)),
        commands: ran.map(|command| vec![command; job.attempts as usize]).unwrap_or_default(),
        artifacts: files.iter().map(artifact).collect(),
        provenance: job.provenance.as_ref(),
    }
}
