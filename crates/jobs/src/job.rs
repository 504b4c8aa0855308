//! Jobs, as they are kept.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::limits::{PRIORITY_MAX, PRIORITY_USUAL, TASK_BYTES_MAX};
use crate::{Code, JobError, State};

/// The collection of jobs.
pub(crate) const JOBS: &str = "domed.jobs";

/// What somebody wants done.
#[derive(Debug, Clone, PartialEq)]
pub struct Submit {
    /// Whose job it is.
    pub tenant: String,
    /// Who asks.
    pub actor: String,
    /// The skill.
    pub skill_id: String,
    /// The profile it runs under; kept, and handed to the skill.
    pub profile: String,
    /// One key stands for one job; empty where each call makes one.
    pub idempotency_key: String,
    /// The input.
    pub task: Value,
    /// An object, see [`Constraints`]; null where there are none.
    pub constraints: Value,
    /// Names the chain of calls this belongs to.
    pub correlation_id: String,
    /// Something unique, such as a UUID: names the job where there is no key.
    pub id: String,
    /// When, in milliseconds since 1970.
    pub now_ms: i64,
}

/// What a caller may ask for beyond the task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Constraints {
    /// 0 to 9; the highest goes first among the jobs of its tenant.
    pub priority: u8,
    /// How long it may run, in milliseconds; never longer than the skill allows.
    pub wall_ms_max: Option<u64>,
}

impl Default for Constraints {
    fn default() -> Self {
        Self { priority: PRIORITY_USUAL, wall_ms_max: None }
    }
}

impl Constraints {
    pub(crate) fn read(value: &Value) -> Result<Self, JobError> {
        if value.is_null() {
            return Ok(Self::default());
        }
        if !value.is_object() {
            return Err(JobError::invalid("constraints are an object").with("field", "constraints_json"));
        }
        let wanted = Self::deserialize(value).map_err(|error| {
            JobError::invalid(format!(
                "constraints: {error}; known are `priority` (0 to 9) and `wall_ms_max`"
            ))
            .with("field", "constraints_json")
        })?;
        if wanted.priority > PRIORITY_MAX || wanted.wall_ms_max == Some(0) {
            let message = "constraints: `priority` goes from 0 to 9, and `wall_ms_max` is more than 0";
            return Err(JobError::invalid(message).with("field", "constraints_json"));
        }
        Ok(wanted)
    }
}

/// A file a run left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtifactRef {
    /// What it is, such as `run.manifest`.
    pub kind: String,
    /// Where it is, relative to the folder of artifacts.
    pub path: String,
    /// How long it is; 0 where that was not noted.
    #[serde(default)]
    pub bytes: u64,
}

/// Why a job did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The code of the wire, such as `E_TIMEOUT`.
    pub code: String,
    /// What happened, for people.
    pub message: String,
    /// Codes of the policies' catalogue: data, never an error of a call.
    pub reason_codes: Vec<String>,
}

impl Reason {
    pub(crate) fn new(code: Code, reason_code: &str, message: impl Into<String>) -> Self {
        let reason_codes = vec![reason_code.to_owned()];
        Self { code: code.as_str().to_owned(), message: message.into(), reason_codes }
    }
}

/// What exactly ran, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The repository.
    pub repo: String,
    /// The commit, 40 hexadecimal digits.
    pub commit_sha: String,
    /// Whether the work tree had changes.
    pub dirty_flag: bool,
    /// SHA-256 of each contract, by name.
    pub contract_hashes: BTreeMap<String, String>,
    /// Version of each tool, by name.
    pub tool_versions: BTreeMap<String, String>,
    /// SHA-256 of the canonical input.
    pub input_hash: String,
    /// SHA-256 over what of the environment counts.
    pub env_fingerprint: String,
}

/// Which decision about a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Whether it may go on.
    Gate,
    /// Whether it may take the place of what is there.
    Promotion,
}

impl Kind {
    /// The kind of its artifact.
    #[must_use]
    pub fn artifact(self) -> &'static str {
        match self {
            Self::Gate => "gate.decision",
            Self::Promotion => "promotion.decision",
        }
    }
}

/// One job. Its run has the same name but for the first word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Names it.
    pub job_id: String,
    /// Names its run.
    pub run_id: String,
    /// Whose it is.
    pub tenant: String,
    /// Who asked for it.
    pub actor: String,
    /// The skill.
    pub skill_id: String,
    /// The skill's version when it was accepted.
    pub skill_version: String,
    /// The profile.
    pub profile: String,
    /// Names the chain of calls it belongs to.
    pub correlation_id: String,
    /// Where it stands.
    pub state: State,
    /// What was asked for beyond the task.
    pub constraints: Constraints,
    /// The input.
    pub task: Value,
    /// SHA-256 of the canonical input.
    pub input_hash: String,
    /// SHA-256 of everything a repeated call must have alike.
    pub fingerprint: String,
    /// When it was accepted, in milliseconds since 1970.
    pub created_ms: i64,
    /// When its first process was started.
    pub started_ms: Option<i64>,
    /// When it ended.
    pub ended_ms: Option<i64>,
    /// Processes that were started for it, a count.
    pub attempts: u32,
    /// The runtime that has it.
    pub runner: Option<String>,
    /// When it is tried again, where it waits for that, in milliseconds since 1970.
    pub retry_at_ms: Option<i64>,
    /// Who asked for its end.
    pub cancel_by: Option<String>,
    /// Why it did not succeed.
    pub reason: Option<Reason>,
    /// What it left, once it has ended.
    pub artifacts: Vec<ArtifactRef>,
    /// What exactly ran, once it has ended.
    pub provenance: Option<Provenance>,
    /// The texts of the artifacts, of a job as it is kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) left: Vec<File>,
}

/// A file of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct File {
    pub(crate) kind: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn new(kind: &str, value: &impl Serialize) -> Self {
        let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
        text.push('\n');
        Self { kind: kind.to_owned(), text }
    }

    pub(crate) fn name(&self) -> String {
        format!("{}.json", self.kind)
    }
}

impl Job {
    /// The task within the run: the one it names, or the job itself.
    #[must_use]
    pub fn task_id(&self) -> &str {
        let named = self.task.get("task_id").and_then(Value::as_str);
        named.filter(|id| !id.is_empty()).unwrap_or(&self.job_id)
    }

    /// The artifact of a kind.
    #[must_use]
    pub fn artifact(&self, kind: &str) -> Option<&ArtifactRef> {
        self.artifacts.iter().find(|artifact| artifact.kind == kind)
    }

    pub(crate) fn accepted(submit: Submit, name: &str, version: &str) -> Result<Self, JobError> {
        let canonical = canonical(&submit.task)?;
        if canonical.len() > TASK_BYTES_MAX {
            let message = format!("the task has {} bytes; {TASK_BYTES_MAX} are allowed", canonical.len());
            return Err(JobError::invalid(message).with("field", "task_json"));
        }
        let fingerprint = fingerprint(&submit)?;
        Ok(Self {
            job_id: format!("job-{name}"),
            run_id: format!("run-{name}"),
            constraints: Constraints::read(&submit.constraints)?,
            input_hash: HEXLOWER.encode(&Sha256::digest(canonical.as_bytes())),
            fingerprint,
            skill_version: version.to_owned(),
            state: State::Queued,
            created_ms: submit.now_ms,
            tenant: submit.tenant,
            actor: submit.actor,
            skill_id: submit.skill_id,
            profile: submit.profile,
            correlation_id: submit.correlation_id,
            task: submit.task,
            started_ms: None,
            ended_ms: None,
            attempts: 0,
            runner: None,
            retry_at_ms: None,
            cancel_by: None,
            reason: None,
            artifacts: Vec::new(),
            provenance: None,
            left: Vec::new(),
        })
    }
}

/// Everything a repeated call must have alike.
pub(crate) fn fingerprint(submit: &Submit) -> Result<String, JobError> {
    let parts =
        [&submit.skill_id, &submit.profile, &canonical(&submit.task)?, &canonical(&submit.constraints)?];
    Ok(hash_of(parts.map(String::as_str)))
}

/// The name of a job under a key: the same key gives the same name within a window, so two can
/// never stand side by side. A window has the length a key stands, so a job that is to be found
/// again has this window's name or that of the one before.
pub(crate) fn name_of_key(tenant: &str, key: &str, window: i64) -> String {
    let digest = hash_of([tenant, key, &window.to_string()]);
    digest.get(..32).unwrap_or(&digest).to_owned()
}

pub(crate) fn canonical(value: &Value) -> Result<String, JobError> {
    serde_json_canonicalizer::to_string(value).map_err(|error| JobError::invalid(error.to_string()))
}

/// SHA-256 over texts, each with its length before it.
pub(crate) fn hash_of<const N: usize>(parts: [&str; N]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part.as_bytes());
    }
    HEXLOWER.encode(&hash.finalize())
}
