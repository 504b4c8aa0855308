//! Asking for the end of a job.

use serde_json::json;
use tenon_storage::{Append, Transaction};

use super::inner::Inner;
use super::{finish, records};
use crate::event::{entry, stream};
use crate::{Change, EventType, Job, JobError, State};

impl Inner {
    pub(super) fn prepare_cancel(
        &self,
        tenant: &str,
        job_id: &str,
        actor: &str,
        now_ms: i64,
    ) -> Result<(Job, Transaction), JobError> {
        let found = records::job(&self.store, tenant, job_id)?;
        let (mut job, version) = found.ok_or_else(|| JobError::no_job(job_id))?;
        let nothing = Transaction { at_ms: now_ms, ..Transaction::default() };
        match job.state {
            State::Canceled => return Ok((job, nothing)),
            State::Running if job.cancel_by.is_some() => return Ok((job, nothing)),
            State::Running => {}
            from => {
                job.state = from.after(Change::Cancel)?;
            }
        }
        job.cancel_by = Some(actor.to_owned());
        let guard = json!({ "guard": "cancel", "passed": true, "by": actor });
        let mut entries = vec![entry(now_ms, EventType::Guard, &guard)];
        if job.state == State::Canceled {
            // It never ran: it ends here, with everything a job that has ended leaves.
            job.ended_ms = Some(now_ms);
            finish::leave(self, &mut job, None);
            entries.push(finish::changed(&job, State::Queued, now_ms));
        }
        let records = vec![records::write_job(&job, version)?];
        self.remember(&job, self.now_ms());
        let append = Append { tenant: tenant.to_owned(), stream: stream(job_id), entries };
        Ok((job, Transaction { records, appends: vec![append], ..nothing }))
    }
}
