//! The life of one job, from its turn to its end or its next turn.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};
use tokio::sync::Notify;

use super::attempt::{Outcome, attempt};
use super::finish;
use super::inner::{Inner, entry_of};
use super::queue::Entry;
use super::records;
use super::update::{Seen, Step, Update};
use crate::event::entry;
use crate::limits::BACKOFF_MS_MAX;
use crate::{Change, Code, EventType, Job, JobError, Reason, RetryClass, Skill, State};

/// What becomes of a job whose runner is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    /// It is run again.
    Again { wait_ms: i64 },
    /// It must not be.
    Over,
}

impl Lost {
    pub(super) fn of(skill: Option<&Skill>, job: &Job) -> Self {
        let Some(skill) = skill.filter(|_| job.cancel_by.is_none()) else { return Self::Over };
        let is_allowed = skill.retry.class != RetryClass::Never && job.attempts < skill.retry.attempts_max;
        if is_allowed { Self::Again { wait_ms: backoff_ms(skill, job.attempts) } } else { Self::Over }
    }
}

/// The pause before the next attempt: doubled with each, and bounded.
fn backoff_ms(skill: &Skill, attempts: u32) -> i64 {
    let doubled = 1_u64.checked_shl(attempts.saturating_sub(1)).unwrap_or(u64::MAX);
    let pause = skill.retry.backoff_ms.saturating_mul(doubled).min(BACKOFF_MS_MAX);
    i64::try_from(pause).unwrap_or(i64::MAX)
}

/// Runs a job whose turn it is.
pub(super) async fn run(inner: Arc<Inner>, entry: Entry) {
    let accepted = inner.take_accepted(&entry.job_id);
    // Whoever repeats a submission may have queued a job twice.
    let Some(cancel) = inner.begin(&entry.job_id) else { return inner.leave_place(&entry) };
    let place = Place { inner: &inner, entry: &entry, is_taken: AtomicBool::new(true) };
    let ran = live(&inner, &entry, accepted, (&cancel, &place)).await;
    place.free();
    if let Err(error) = &ran
        && !inner.is_stopping()
    {
        tracing::error!(%error, job_id = entry.job_id, "a job was given up; the next start deals with it");
    }
    inner.finished(&entry.job_id);
    if let Ok(Some((again, ready_ms))) = ran {
        let (tenant, job_id) = (again.tenant.clone(), again.job_id.clone());
        inner.queue.lock().push_later(again, ready_ms);
        // Who asked for its end in between told one that ran no more.
        let asked = records::job(&inner.store, &tenant, &job_id);
        if asked.is_ok_and(|found| found.is_some_and(|(job, _)| job.cancel_by.is_some())) {
            inner.queue.lock().hurry(&job_id);
        }
        inner.wake.notify_one();
    }
}

/// The place a job takes while it is started and runs.
struct Place<'r> {
    inner: &'r Inner,
    entry: &'r Entry,
    is_taken: AtomicBool,
}

impl Place<'_> {
    /// Gives it back, once.
    fn free(&self) {
        if self.is_taken.swap(false, Ordering::Relaxed) {
            self.inner.leave_place(self.entry);
        }
    }
}

/// When it is to run again, if it is.
async fn live(
    inner: &Arc<Inner>,
    entry: &Entry,
    accepted: Option<Job>,
    (cancel, place): (&Notify, &Place<'_>),
) -> Result<Option<(Entry, i64)>, JobError> {
    let Some(seen) = start(inner, entry, accepted).await? else { return Ok(None) };
    let job = &seen.job;
    let Some(skill) = inner.skill(&job.skill_id) else { return Ok(None) };
    let outcome = attempt(inner, job, seen.last, skill, cancel).await?;
    let place_of = entry_of(job);
    let again = settle(inner, seen, skill, outcome, place).await?;
    Ok(again.map(|ready_ms| (place_of, ready_ms)))
}

/// Makes a job a running one; nothing where it is not to run.
async fn start(inner: &Arc<Inner>, entry: &Entry, accepted: Option<Job>) -> Result<Option<Seen>, JobError> {
    let is_known = inner.skill(&entry.skill_id).is_some();
    let now_ms = inner.now_ms();
    let mut first_seen = None;
    let mut starts = false;
    let decide = |job: &mut Job| {
        let before = *first_seen.get_or_insert(job.attempts);
        starts = false;
        if job.state.is_final() {
            return Ok(Step::Leave);
        }
        if job.cancel_by.is_some() {
            return end(inner, job, Change::Cancel, None, None, Vec::new(), now_ms);
        }
        if !is_known {
            let message = format!("the skill `{}` is no longer in the registry", job.skill_id);
            let reason = Reason::new(Code::NotFound, "EXEC.KILLED", message);
            return end(inner, job, Change::Fail, None, Some(reason), Vec::new(), now_ms);
        }
        // Our own commit, that was said to have failed.
        let is_running = job.state == State::Running && job.retry_at_ms.is_none();
        starts = is_running && job.attempts > before;
        if is_running {
            return Ok(Step::Leave);
        }
        starts = true;
        job.attempts += 1;
        job.runner = Some(inner.settings.runner.clone());
        job.retry_at_ms = None;
        job.started_ms.get_or_insert(now_ms);
        if job.state == State::Running {
            let payload = json!({ "guard": "retry", "passed": true, "attempt": job.attempts });
            return Ok(Step::Commit(Update::of(now_ms, EventType::Guard, &payload)));
        }
        let from = job.state;
        job.state = from.after(Change::Start)?;
        let changed = finish::changed(job, from, now_ms);
        Ok(Step::Commit(Update { entries: vec![changed] }))
    };
    // A record begins with version 1. If the job has changed since, the commit is refused, and it is read.
    let accepted = accepted.map(|job| Seen { job, version: 1, last: None });
    let seen = inner.update_seen((&entry.tenant, &entry.job_id), accepted, || {}, decide).await?;
    Ok(seen.filter(|_| starts))
}

/// Ends a job, or says when it is to run again.
async fn settle(
    inner: &Arc<Inner>,
    seen: Seen,
    skill: &Skill,
    outcome: Outcome,
    place: &Place<'_>,
) -> Result<Option<i64>, JobError> {
    let now_ms = inner.now_ms();
    let (change, reason, events, output, may_retry) = match outcome {
        Outcome::Output(output) => (Change::Succeed, None, Vec::new(), Some(output), false),
        Outcome::Canceled => (Change::Cancel, None, Vec::new(), None, false),
        Outcome::Failed { reason, events } => {
            (Change::Fail, Some(reason), events, None, skill.retry.class == RetryClass::Failed)
        }
        Outcome::Lost(reason) => {
            (Change::Fail, Some(reason), Vec::new(), None, skill.retry.class != RetryClass::Never)
        }
    };
    let attempts = seen.job.attempts;
    let may_retry = may_retry && attempts < skill.retry.attempts_max;
    let wait_ms = backoff_ms(skill, attempts);
    let (tenant, job_id) = (seen.job.tenant.clone(), seen.job.job_id.clone());
    // Its process has ended: the next may start while the store keeps the end of this one.
    let sent = || place.free();
    let settled = inner
        .update_seen((&tenant, &job_id), Some(seen), sent, |job| {
            let is_ours = job.runner.as_deref() == Some(&inner.settings.runner) && job.attempts == attempts;
            if job.state != State::Running || !is_ours || job.retry_at_ms.is_some() {
                return Ok(Step::Leave);
            }
            let mut entries: Vec<_> =
                events.iter().map(|(event_type, payload)| entry(now_ms, *event_type, payload)).collect();
            if let Some(reason) = &reason {
                let mut payload = json!({
                    "code": reason.code,
                    "message": reason.message,
                    "reason_codes": reason.reason_codes,
                    "attempt": job.attempts,
                });
                let retries = may_retry && job.cancel_by.is_none();
                if let (true, Some(object)) = (retries, payload.as_object_mut()) {
                    object.insert("retry_in_ms".to_owned(), json!(wait_ms));
                }
                entries.push(entry(now_ms, EventType::Error, &payload));
                if retries {
                    job.retry_at_ms = Some(now_ms.saturating_add(wait_ms));
                    return Ok(Step::Commit(Update { entries }));
                }
            }
            // One that was asked to end, and failed on its way, was canceled.
            let is_canceled = change == Change::Fail && job.cancel_by.is_some();
            let change = if is_canceled { Change::Cancel } else { change };
            end(inner, job, change, output.as_ref(), reason.clone(), entries, now_ms)
        })
        .await?;
    let again = settled.map(|seen| seen.job).filter(|job| job.state == State::Running);
    Ok(again.and_then(|job| job.retry_at_ms))
}

/// Ends a job: everything it leaves is committed with its end.
fn end(
    inner: &Inner,
    job: &mut Job,
    change: Change,
    output: Option<&Value>,
    reason: Option<Reason>,
    mut entries: Vec<tenon_storage::NewEntry>,
    now_ms: i64,
) -> Result<Step, JobError> {
    let from = job.state;
    job.state = from.after(change)?;
    job.ended_ms = Some(now_ms);
    job.retry_at_ms = None;
    job.reason = reason.filter(|_| job.state == State::Failed);
    finish::leave(inner, job, output);
    entries.push(finish::changed(job, from, now_ms));
    Ok(Step::Commit(Update { entries }))
}

/// Ends a job whose runner is gone.
pub(super) fn end_lost(inner: &Inner, job: &mut Job, reason: Reason, now_ms: i64) -> Result<Step, JobError> {
    if job.cancel_by.is_some() {
        return end(inner, job, Change::Cancel, None, None, Vec::new(), now_ms);
    }
    let payload = json!({
        "code": reason.code,
        "message": reason.message,
        "reason_codes": reason.reason_codes,
        "attempt": job.attempts,
    });
    let entries = vec![entry(now_ms, EventType::Error, &payload)];
    end(inner, job, Change::Fail, None, Some(reason), entries, now_ms)
}
