//! Skills, jobs and events as messages show them.

use serde_json::{Value, json};
use tenon_jobs::{ArtifactRef, EventType, Job, JobEvent, Provenance, RetryClass, Runtime, Skill, State};

use crate::handlers::facts::rfc3339;
use crate::plan::Plan;
use crate::plan::operation::OperationPlan;

/// Version of the schema of manifests, `tool.manifest`.
const MANIFEST_VERSION: &str = "v1";

/// Version of this program.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// How every service is found.
const SURFACE_FLAGS: [&str; 5] = ["grpc", "grpc-web", "health", "http-json", "reflection"];

pub(super) fn health(now_ms: i64) -> Value {
    json!({ "ts": rfc3339(now_ms), "daemon_version": VERSION })
}

/// Versions as the loaded contract has them: the packages that are served, each service with the
/// version of its contract, each skill with its own.
pub(super) fn capabilities(plan: &Plan, operation: &OperationPlan, runtime: &Runtime) -> Value {
    let services = plan.rpcs.services();
    let mut packages: Vec<&str> =
        services.iter().map(|service| service.rsplit_once('.').map_or("", |(package, _)| package)).collect();
    packages.dedup();
    let own = |service: &String| {
        let mut flags: Vec<String> = SURFACE_FLAGS.map(str::to_owned).to_vec();
        let operations = plan.operations.iter().filter_map(|one| Some((one, one.rpc.as_ref()?)));
        let operations = operations.filter(|(_, rpc)| rpc.service == *service);
        for (operation, rpc) in operations {
            if rpc.server_streaming {
                flags.push(format!("stream:{}", rpc.method));
            }
            if operation.idempotency.as_ref().is_some_and(|rule| rule.required) {
                flags.push(format!("idempotent:{}", rpc.method));
            }
        }
        flags.sort();
        json!({
            "name": service,
            "version": operation.contract.version,
            "schema_version": service.rsplit('.').nth(1).unwrap_or_default(),
            "feature_flags": flags,
        })
    };
    let skill = |skill: &Skill| {
        let mut flags = vec![format!("kind:{}", skill.kind)];
        match skill.retry.class {
            RetryClass::Never => {}
            RetryClass::Lost => flags.push("retry:lost".to_owned()),
            RetryClass::Failed => flags.push("retry:failed".to_owned()),
        }
        flags.sort();
        json!({
            "name": skill.id,
            "version": skill.version,
            "schema_version": MANIFEST_VERSION,
            "feature_flags": flags,
        })
    };
    let capabilities: Vec<Value> =
        services.iter().map(own).chain(runtime.skills().iter().map(skill)).collect();
    json!({ "server_version": VERSION, "api_versions": packages, "capabilities": capabilities })
}

pub(super) fn tools(runtime: &Runtime) -> Value {
    let short = |skill: &Skill| {
        json!({
            "tool_id": skill.id,
            "version": skill.version,
            "title": skill.title,
            "short_description": skill.short_description,
            "kind": skill.kind,
        })
    };
    json!({ "tools": runtime.skills().iter().map(short).collect::<Vec<Value>>() })
}

pub(super) fn tool(skill: &Skill) -> Value {
    json!({
        "tool_id": skill.id,
        "version": skill.version,
        "description": skill.description,
        "input_schema_ref": skill.input_schema_ref,
        "output_schema_ref": skill.output_schema_ref,
        "executor_backend": skill.executor_backend(),
        "title": skill.title,
        "short_description": skill.short_description,
        "kind": skill.kind,
        "permissions": skill.permissions,
        "side_effects": skill.side_effects,
    })
}

pub(super) fn accepted(job: &Job) -> Value {
    json!({
        "run_id": job.run_id,
        "job_id": job.job_id,
        "state": state(job.state),
        "artifacts": artifacts(&job.artifacts),
    })
}

pub(super) fn status(job: &Job) -> Value {
    let mut out = accepted(job);
    if let (Some(provenance), Value::Object(members)) = (&job.provenance, &mut out) {
        members.insert("provenance".to_owned(), provenance_of(provenance));
    }
    out
}

fn artifacts(artifacts: &[ArtifactRef]) -> Vec<Value> {
    artifacts.iter().map(|one| json!({ "kind": one.kind, "path": one.path })).collect()
}

fn provenance_of(provenance: &Provenance) -> Value {
    let text = |map: &std::collections::BTreeMap<String, String>| json!(map).to_string();
    json!({
        "repo": provenance.repo,
        "commit_sha": provenance.commit_sha,
        "dirty_flag": provenance.dirty_flag,
        "contract_hashes_json": text(&provenance.contract_hashes),
        "tool_versions_json": text(&provenance.tool_versions),
        "input_hash": provenance.input_hash,
        "env_fingerprint": provenance.env_fingerprint,
    })
}

pub(super) fn state(state: State) -> String {
    format!("JOB_STATE_{}", state.as_str().to_ascii_uppercase())
}

pub(super) fn event(event: &JobEvent) -> String {
    let event_type = match event.event_type {
        EventType::StateChange => "EVENT_TYPE_STATE_CHANGE",
        EventType::Log => "EVENT_TYPE_LOG",
        EventType::Guard => "EVENT_TYPE_GUARD",
        EventType::Error => "EVENT_TYPE_ERROR",
    };
    json!({
        "seq": event.seq.to_string(),
        "event_id": event.event_id,
        "ts": event.ts(),
        "run_id": &*event.run_id,
        "job_id": &*event.job_id,
        "event_type": event_type,
        "payload_json": &*event.payload_json,
    })
    .to_string()
}
