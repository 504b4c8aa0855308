//! The life of one job, from its turn to its end or its next turn.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::finish;
use super::inner::{Inner, entry_of};
use super::logs::{Lines, Log};
use super::queue::Entry;
use super::update::{Step, Update};
use super::warden::{Said, Warden};
use crate::event::entry;
use crate::limits::BACKOFF_MS_MAX;
use crate::warden::{Done, MARK, Start, kill_marked};
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

/// How an attempt ended.
enum Outcome {
    /// With an output that fits.
    Output(Value),
    /// Without one; whether it may be run again where the class says so.
    Failed { reason: Reason, events: Vec<(EventType, Value)> },
    /// The warden is gone: nobody knows.
    Lost(Reason),
    /// Somebody asked for it.
    Canceled,
}

/// Runs a job whose turn it is.
pub(super) async fn run(inner: Arc<Inner>, entry: Entry) {
    let cancel = inner.begin(&entry.job_id);
    let ran = live(&inner, &entry, &cancel).await;
    if let Err(error) = &ran
        && !inner.is_stopping()
    {
        tracing::error!(%error, job_id = entry.job_id, "a job was given up; the next start deals with it");
    }
    inner.finished(&entry);
    if let Ok(Some((again, ready_ms))) = ran {
        inner.queue.lock().push_later(again, ready_ms);
        inner.wake.notify_one();
    }
}

/// When it is to run again, if it is.
async fn live(inner: &Arc<Inner>, entry: &Entry, cancel: &Notify) -> Result<Option<(Entry, i64)>, JobError> {
    let Some(job) = start(inner, entry).await? else { return Ok(None) };
    let Some(skill) = inner.skill(&job.skill_id) else { return Ok(None) };
    let outcome = attempt(inner, &job, skill, cancel).await?;
    let again = settle(inner, &job, skill, outcome).await?;
    Ok(again.map(|ready_ms| (entry_of(&job), ready_ms)))
}

/// Makes a job a running one; nothing where it is not to run.
async fn start(inner: &Arc<Inner>, entry: &Entry) -> Result<Option<Job>, JobError> {
    let is_known = inner.skill(&entry.skill_id).is_some();
    let now_ms = inner.now_ms();
    let mut first_seen = None;
    let mut starts = false;
    let job = inner
        .update(&entry.tenant, &entry.job_id, |job| {
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
            starts = true;
            if job.attempts > before {
                // Our own commit, that was said to have failed.
                return Ok(Step::Leave);
            }
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
            Ok(Step::Commit(Update { entries: vec![changed], leaves: false }))
        })
        .await?;
    Ok(job.filter(|_| starts))
}

/// One process, from its start to its end.
async fn attempt(inner: &Arc<Inner>, job: &Job, skill: &Skill, cancel: &Notify) -> Result<Outcome, JobError> {
    let mut log = Log::open(inner, job)?;
    let lost = |what: &str, error: &dyn std::fmt::Display| {
        Outcome::Lost(Reason::new(Code::Internal, "EXEC.KILLED", format!("{what}: {error}")))
    };
    let mut warden = match inner.take_warden() {
        Ok(warden) => warden,
        Err(error) => return Ok(lost("no warden can be started", &error)),
    };
    let input = serde_json::to_vec(&job.task).map_err(|error| JobError::internal(error.to_string()))?;
    if let Err(error) = warden.start(&started(inner, job, skill), &input).await {
        return Ok(lost("the warden is gone", &error));
    }
    let mut watch = Watch::new(inner, job, skill);
    match watch.until_done(&mut warden, &mut log, cancel).await? {
        Ok(done) => {
            inner.give_warden(warden);
            Ok(watch.judge(done))
        }
        Err(error) => {
            drop(warden);
            // It can end nothing any more, so everything with the job's mark is ended from here.
            let mark = mark(inner, job);
            let killed = tokio::task::spawn_blocking(move || kill_marked(&mark)).await;
            tracing::warn!(%error, killed = killed.unwrap_or(0), job_id = job.job_id, "a warden is gone");
            Ok(if watch.is_canceled { Outcome::Canceled } else { lost("its warden is gone", &error) })
        }
    }
}

fn mark(inner: &Inner, job: &Job) -> String {
    format!("{}:{}", inner.mark, job.job_id)
}

/// What a process is started with: the variables its skill may see, and those that name the job.
fn started(inner: &Inner, job: &Job, skill: &Skill) -> Start {
    let allowed = skill.env.iter().filter_map(|name| Some((name.clone(), std::env::var(name).ok()?)));
    let mut env: Vec<(String, String)> = allowed.collect();
    let own = [
        ("TENON_JOB_ID", job.job_id.clone()),
        ("TENON_RUN_ID", job.run_id.clone()),
        ("TENON_ATTEMPT", job.attempts.to_string()),
        ("TENON_PROFILE", job.profile.clone()),
        ("TENON_CORRELATION_ID", job.correlation_id.clone()),
        (MARK, mark(inner, job)),
    ];
    env.extend(own.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Start {
        argv: skill.command.clone(),
        dir: skill.working_dir.to_string_lossy().into_owned(),
        env,
        memory_bytes_max: skill.limits.memory_bytes_max,
        processes_max: skill.limits.processes_max,
        output_bytes_max: skill.limits.output_bytes_max,
        file_bytes_max: skill.limits.file_bytes_max,
        open_files_max: skill.limits.open_files_max,
    }
}

/// What happens next to a process.
enum Turn {
    Said(std::io::Result<Said>),
    Keep,
    Cancel,
    /// It ran too long, or does not end although it was asked to.
    Late,
}

/// Until everything is to end.
async fn closed(stage: &mut tokio::sync::watch::Receiver<u8>) {
    // Where nobody can say so any more, it is so.
    drop(stage.wait_for(|stage| *stage > 1).await);
}

/// A process that is watched.
struct Watch<'r> {
    inner: &'r Arc<Inner>,
    job: &'r Job,
    skill: &'r Skill,
    output: Vec<u8>,
    lines: Lines,
    is_canceled: bool,
    is_late: bool,
    /// When it is asked to end, or, where it was asked, ended.
    next: Instant,
}

impl<'r> Watch<'r> {
    fn new(inner: &'r Arc<Inner>, job: &'r Job, skill: &'r Skill) -> Self {
        let wall_ms = wall_ms(job, skill);
        let next = Instant::now() + Duration::from_millis(wall_ms);
        let (output, lines) = (Vec::new(), Lines::default());
        Self { inner, job, skill, output, lines, is_canceled: false, is_late: false, next }
    }

    /// Until it has ended, or its warden has.
    async fn until_done(
        &mut self,
        warden: &mut Warden,
        log: &mut Log,
        cancel: &Notify,
    ) -> Result<std::io::Result<Done>, JobError> {
        let mut stage = self.inner.stage();
        let mut was_killed = false;
        loop {
            if !self.lines.has_room() {
                // Nothing is read from the process until these are kept: it has to wait, not we.
                log.append(self.inner, self.job, self.lines.take()).await?;
            }
            let turn = tokio::select! {
                biased;
                said = warden.next() => Turn::Said(said),
                // Nothing more is said just now, so what was said is kept.
                () = std::future::ready(()), if !self.lines.is_empty() => Turn::Keep,
                () = cancel.notified(), if !self.is_canceled => Turn::Cancel,
                () = tokio::time::sleep_until(self.next), if !was_killed => Turn::Late,
                () = closed(&mut stage) => return Err(JobError::internal("the runtime is closed")),
            };
            let ended = match turn {
                Turn::Said(Ok(Said::Output(bytes))) => {
                    self.output.extend_from_slice(&bytes);
                    None
                }
                Turn::Said(Ok(Said::Error(bytes))) => {
                    self.lines.push(self.inner.now_ms(), self.job.attempts, &bytes);
                    None
                }
                Turn::Said(Ok(Said::Done(done))) => Some(Ok(done)),
                Turn::Said(Err(error)) => Some(Err(error)),
                Turn::Keep => {
                    log.append(self.inner, self.job, self.lines.take()).await?;
                    None
                }
                Turn::Cancel => {
                    self.is_canceled = true;
                    self.ask(warden).await.err().map(Err)
                }
                Turn::Late if self.is_canceled || self.is_late => {
                    was_killed = true;
                    warden.kill().await.err().map(Err)
                }
                Turn::Late => {
                    self.is_late = true;
                    self.ask(warden).await.err().map(Err)
                }
            };
            if let Some(ended) = ended {
                self.lines.end(self.inner.now_ms(), self.job.attempts);
                log.append(self.inner, self.job, self.lines.take()).await?;
                return Ok(ended);
            }
        }
    }

    async fn ask(&mut self, warden: &mut Warden) -> std::io::Result<()> {
        self.next = Instant::now() + Duration::from_millis(self.inner.settings.grace_ms);
        warden.terminate().await
    }

    /// What the end of a process means.
    fn judge(&mut self, done: Done) -> Outcome {
        if done.left > 0 {
            tracing::error!(left = done.left, job_id = self.job.job_id, "processes could not be ended");
        }
        if self.is_canceled {
            return Outcome::Canceled;
        }
        let failed = |code: Code, reason_code: &str, message: String| Outcome::Failed {
            reason: Reason::new(code, reason_code, message),
            events: Vec::new(),
        };
        if self.is_late {
            let message = format!("it ran longer than {} ms", wall_ms(self.job, self.skill));
            return limited("wall", Code::Timeout, message);
        }
        if let Some(limit) = done.limit {
            let message = format!("it took more than it may: {}", limit.as_str());
            return limited(limit.as_str(), Code::PolicyDenied, message);
        }
        if let Some(refused) = done.refused {
            return failed(Code::Internal, "EXEC.NONZERO_EXIT", format!("it cannot be started: {refused}"));
        }
        if let Some(signal) = done.signal {
            return failed(Code::Internal, "EXEC.KILLED", format!("it was ended by signal {signal}"));
        }
        match done.status {
            Some(0) => self.fits(),
            status => {
                let status = status.unwrap_or(-1);
                failed(Code::Internal, "EXEC.NONZERO_EXIT", format!("it ended with status {status}"))
            }
        }
    }

    fn fits(&self) -> Outcome {
        let failures = match serde_json::from_slice::<Value>(&self.output) {
            Ok(output) => match self.skill.output_failures(&output) {
                failures if failures.is_empty() => return Outcome::Output(output),
                failures => failures.join("; "),
            },
            Err(error) => format!("it is no JSON: {error}"),
        };
        let message = format!("the output does not fit its schema: {failures}");
        let guard = json!({ "guard": "output_schema", "passed": false, "message": failures });
        Outcome::Failed {
            reason: Reason::new(Code::Internal, "VERIFY.OUTPUT_INVALID", message),
            events: vec![(EventType::Guard, guard)],
        }
    }
}

fn limited(limit: &str, code: Code, message: String) -> Outcome {
    let guard = json!({ "guard": "limit", "passed": false, "limit": limit, "message": message });
    Outcome::Failed {
        reason: Reason::new(code, "EXEC.LIMIT_REACHED", message),
        events: vec![(EventType::Guard, guard)],
    }
}

fn wall_ms(job: &Job, skill: &Skill) -> u64 {
    let wanted = job.constraints.wall_ms_max.unwrap_or(u64::MAX);
    skill.limits.wall_ms_max.min(wanted)
}

/// Ends a job, or says when it is to run again.
async fn settle(
    inner: &Arc<Inner>,
    ran: &Job,
    skill: &Skill,
    outcome: Outcome,
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
    let may_retry = may_retry && ran.attempts < skill.retry.attempts_max;
    let wait_ms = backoff_ms(skill, ran.attempts);
    let job = inner
        .update(&ran.tenant, &ran.job_id, |job| {
            let is_ours =
                job.runner.as_deref() == Some(&inner.settings.runner) && job.attempts == ran.attempts;
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
                    return Ok(Step::Commit(Update { entries, leaves: false }));
                }
            }
            // One that was asked to end, and failed on its way, was canceled.
            let is_canceled = change == Change::Fail && job.cancel_by.is_some();
            let change = if is_canceled { Change::Cancel } else { change };
            end(inner, job, change, output.as_ref(), reason.clone(), entries, now_ms)
        })
        .await?;
    Ok(job.filter(|job| job.state == State::Running).and_then(|job| job.retry_at_ms))
}

/// Ends a job: everything it leaves is there before its end is committed.
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
    finish::leave(inner, job, output)?;
    entries.push(finish::changed(job, from, now_ms));
    Ok(Step::Commit(Update { entries, leaves: true }))
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
