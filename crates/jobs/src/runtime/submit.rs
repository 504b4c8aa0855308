//! Taking a job in.

use serde_json::json;
use tenon_storage::{Append, Transaction};

use super::inner::Inner;
use super::records;
use crate::event::{entry, stream};
use crate::job::{fingerprint, name_of_key};
use crate::limits::{KEY_GENERATIONS_MAX, KEY_WINDOW_MS};
use crate::{EventType, Job, JobError, Submit};

impl Inner {
    pub(super) fn prepare_submit(&self, submit: Submit) -> Result<(Job, Transaction), JobError> {
        let skill = self.skill(&submit.skill_id).ok_or_else(|| {
            let message = format!("there is no skill `{}`; ListTools names those there are", submit.skill_id);
            JobError::not_found(message).with("skill_id", &submit.skill_id)
        })?;
        let name = match self.name(&submit)? {
            Named::Known(job) => {
                let nothing = Transaction { at_ms: submit.now_ms, ..Transaction::default() };
                return Ok((self.with_files(*job), nothing));
            }
            Named::New(name) => name,
        };
        let failures = skill.input_failures(&submit.task);
        if !failures.is_empty() {
            let message =
                format!("the task does not fit the input of `{}`: {}", skill.id, failures.join("; "));
            return Err(JobError::invalid(message).with("field", "task_json"));
        }
        let waiting = self.queue.lock().len();
        if waiting >= self.settings.queue_max {
            return Err(JobError::queue_full(waiting));
        }
        let now_ms = submit.now_ms;
        let job = Job::accepted(submit, &name, &skill.version)?;
        let guard = json!({
            "guard": "input_schema",
            "passed": true,
            "skill_id": skill.id,
            "skill_version": skill.version,
            "correlation_id": job.correlation_id,
        });
        let first = entry(now_ms, EventType::Guard, &guard);
        let transaction = Transaction {
            at_ms: now_ms,
            records: vec![records::write_job(&job, 0)?, records::enter(&job)?],
            appends: vec![Append {
                tenant: job.tenant.clone(),
                stream: stream(&job.job_id),
                entries: vec![first],
            }],
            ..Transaction::default()
        };
        self.remember(&job, self.now_ms());
        Ok((job, transaction))
    }

    /// The name a job gets, or the job that has it.
    fn name(&self, submit: &Submit) -> Result<Named, JobError> {
        if submit.idempotency_key.is_empty() {
            let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
            // It becomes the name of a folder.
            return match !submit.id.is_empty() && submit.id.chars().all(is_plain) {
                true => Ok(Named::New(submit.id.clone())),
                false => Err(JobError::internal("the name of a job has letters, digits and `-`")),
            };
        }
        for generation in 0..KEY_GENERATIONS_MAX {
            let name = name_of_key(&submit.tenant, &submit.idempotency_key, generation);
            let Some((job, _)) = records::job(&self.store, &submit.tenant, &format!("job-{name}"))? else {
                return Ok(Named::New(name));
            };
            if submit.now_ms.saturating_sub(job.created_ms) < KEY_WINDOW_MS {
                return match job.fingerprint == fingerprint(submit)? {
                    true => Ok(Named::Known(Box::new(job))),
                    false => Err(JobError::key_reused(&submit.idempotency_key, &job.job_id)),
                };
            }
        }
        Err(JobError::invalid("the idempotency key was used too often; use a new one"))
    }
}

enum Named {
    Known(Box<Job>),
    New(String),
}
