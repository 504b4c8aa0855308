//! Taking a job in.

use serde_json::json;
use tenon_storage::{Append, Expect, Transaction};

use super::inner::Inner;
use super::records;
use crate::event::{entry, stream};
use crate::job::{fingerprint, name_of_key};
use crate::limits::{KEY_SKEW_MS, KEY_WINDOW_MS};
use crate::{EventType, Job, JobError, Submit};

impl Inner {
    pub(super) fn prepare_submit(&self, submit: Submit) -> Result<(Job, Transaction), JobError> {
        let skill = self.skill(&submit.skill_id).ok_or_else(|| {
            let message = format!("there is no skill `{}`; ListTools names those there are", submit.skill_id);
            JobError::not_found(message).with("skill_id", &submit.skill_id)
        })?;
        let (name, expect) = match self.name(&submit)? {
            Named::Known(job) => {
                let nothing = Transaction { at_ms: submit.now_ms, ..Transaction::default() };
                return Ok((self.with_files(*job), nothing));
            }
            Named::New { name, expect } => (name, expect),
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
            expect,
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
                true => Ok(Named::New { name: submit.id.clone(), expect: Vec::new() }),
                false => Err(JobError::internal("the name of a job has letters, digits and `-`")),
            };
        }
        let now_ms = submit.now_ms;
        let window = now_ms.div_euclid(KEY_WINDOW_MS);
        let name_in = |window| name_of_key(&submit.tenant, &submit.idempotency_key, window);
        // Near its end somebody whose clock is a little ahead may be in the next one already.
        let may_be_next = KEY_WINDOW_MS - now_ms.rem_euclid(KEY_WINDOW_MS) < KEY_SKEW_MS;
        let next = may_be_next.then_some(window + 1);
        let mut expect = Vec::new();
        for near in [Some(window), Some(window - 1), next].into_iter().flatten() {
            let job_id = format!("job-{}", name_in(near));
            let Some((job, _)) = records::job(&self.store, &submit.tenant, &job_id)? else {
                // It stays so until this one is committed; its own record says so of itself.
                if near != window {
                    expect.push(records::is_absent(&submit.tenant, job_id));
                }
                continue;
            };
            if now_ms.saturating_sub(job.created_ms).saturating_abs() < KEY_WINDOW_MS {
                return match job.fingerprint == fingerprint(submit)? {
                    true => Ok(Named::Known(Box::new(job))),
                    false => Err(JobError::key_reused(&submit.idempotency_key, &job.job_id)),
                };
            }
        }
        Ok(Named::New { name: name_in(window), expect })
    }
}

enum Named {
    Known(Box<Job>),
    /// Nobody has it, as long as this holds.
    New {
        name: String,
        expect: Vec<Expect>,
    },
}
