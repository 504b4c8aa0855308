//! One attempt: a process that is started, watched, and judged by how it ended.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::inner::Inner;
use super::logs::{Lines, Log};
use super::warden::{Said, Warden};
use crate::limits::OUTPUT_BYTES_MAX;
use crate::warden::{Done, MARK, Start, kill_marked};
use crate::{Code, EventType, Job, JobError, Reason, Skill};

/// How an attempt ended.
pub(super) enum Outcome {
    /// With an output that fits.
    Output(Value),
    /// Without one; whether it may be run again where the class says so.
    Failed { reason: Reason, events: Vec<(EventType, Value)> },
    /// The warden is gone: nobody knows.
    Lost(Reason),
    /// Somebody asked for it.
    Canceled,
}

/// One process, from its start to its end.
pub(super) async fn attempt(
    inner: &Arc<Inner>,
    job: &Job,
    last: Option<u64>,
    skill: &Skill,
    cancel: &Notify,
) -> Result<Outcome, JobError> {
    let mut log = match last {
        Some(last) => Log::after(last),
        None => Log::open(inner, job).await?,
    };
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
                    // One byte more than fits is enough to know.
                    let room = (OUTPUT_BYTES_MAX + 1).saturating_sub(self.output.len());
                    self.output.extend(bytes.into_iter().take(room));
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
        let too_much = (self.output.len() > OUTPUT_BYTES_MAX).then_some("output");
        if let Some(limit) = done.limit.map(|limit| limit.as_str()).or(too_much) {
            let message = format!("it took more than it may: {limit}");
            return limited(limit, Code::PolicyDenied, message);
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
