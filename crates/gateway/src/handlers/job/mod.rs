//! Handlers that act on jobs of skills: what a message asks for becomes a call of the runtime, and
//! what it says a message.

mod shown;

use std::sync::Arc;

use futures_util::{StreamExt as _, stream};
use http::StatusCode;
use serde_json::{Value, json};
use tenon_graph::serving::JobAction;
use tenon_jobs::{Code, JobError, Kind, Runtime, Submit};
use tenon_policies::{Condition, Permit, Refusal};

use super::Work;
use crate::call::Call;
use crate::gateway::Gateway;
use crate::grpc::{Message, MessageStream};
use crate::plan::Plan;
use crate::plan::operation::OperationPlan;

/// What an action is done with.
pub(crate) struct Acting<'a> {
    pub(crate) gateway: &'a Gateway,
    pub(crate) plan: &'a Plan,
    pub(crate) operation: &'a OperationPlan,
    pub(crate) permit: &'a Permit,
    pub(crate) call: &'a Call,
}

/// Does what the handler of an operation says.
pub(crate) fn act(acting: &Acting<'_>, action: JobAction) -> Result<Work, Refusal> {
    let body = match action {
        JobAction::Health => shown::health(acting.gateway.world().now_ms()),
        JobAction::Capabilities => shown::capabilities(acting.plan, acting.operation, acting.runtime()?),
        JobAction::Tools => shown::tools(acting.runtime()?),
        JobAction::Tool => {
            let id = acting.text("tool_id")?;
            let skill = acting.runtime()?.skill(id);
            let skill =
                skill.ok_or_else(|| refused(&JobError::not_found(format!("there is no tool `{id}`"))))?;
            json!({ "tool": shown::tool(skill) })
        }
        JobAction::Execute => return acting.execute(),
        JobAction::Cancel => return acting.cancel(),
        JobAction::Status => {
            let job = acting.runtime()?.status(acting.tenant(), acting.text("job_id")?);
            shown::status(&job.map_err(|error| refused(&error))?)
        }
        JobAction::Events => return acting.events(),
        JobAction::GateDecision => acting.decision(Kind::Gate, "gate_decision_path")?,
        JobAction::PromotionDecision => acting.decision(Kind::Promotion, "promotion_decision_path")?,
    };
    Ok(Work::new(StatusCode::OK, Some(body)))
}

impl Acting<'_> {
    fn runtime(&self) -> Result<&Arc<Runtime>, Refusal> {
        self.gateway.jobs().ok_or_else(|| {
            tracing::error!(operation = self.operation.id, "the gateway runs no jobs");
            Refusal::new(Condition::Internal)
        })
    }

    fn tenant(&self) -> &str {
        self.permit.tenant().id()
    }

    fn actor(&self) -> String {
        self.permit.identity().actor().to_string()
    }

    fn field(&self, name: &str) -> &str {
        self.permit.request().body().get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// A field that must say something.
    fn text(&self, name: &str) -> Result<&str, Refusal> {
        let text = self.field(name);
        if text.is_empty() {
            return Err(Refusal::new(Condition::RequestInvalid).with_detail(name, "is missing"));
        }
        Ok(text)
    }

    /// JSON in a field; nothing where it is empty.
    fn json(&self, name: &str, empty: Value) -> Result<Value, Refusal> {
        let text = self.field(name);
        if text.trim().is_empty() {
            return Ok(empty);
        }
        serde_json::from_str(text).map_err(|problem| {
            Refusal::new(Condition::RequestInvalid).with_detail(name, format!("is not JSON: {problem}"))
        })
    }

    fn execute(&self) -> Result<Work, Refusal> {
        let submit = Submit {
            tenant: self.tenant().to_owned(),
            actor: self.actor(),
            skill_id: self.text("skill_id")?.to_owned(),
            profile: self.field("profile").to_owned(),
            idempotency_key: self.field("idempotency_key").to_owned(),
            task: self.json("task_json", json!({}))?,
            constraints: self.json("constraints_json", Value::Null)?,
            correlation_id: self.call.correlation_id.clone(),
            id: self.gateway.world().uuid(),
            now_ms: self.call.received_ms,
        };
        let prepared = self.runtime()?.prepare_submit(submit).map_err(|error| refused(&error))?;
        let (job, transaction) = prepared;
        let body = shown::accepted(&job);
        Ok(Work { transaction, job: Some(Box::new(job)), ..Work::new(StatusCode::OK, Some(body)) })
    }

    fn cancel(&self) -> Result<Work, Refusal> {
        let (job_id, now_ms) = (self.text("job_id")?, self.call.received_ms);
        let prepared = self.runtime()?.prepare_cancel(self.tenant(), job_id, &self.actor(), now_ms);
        let (job, transaction) = prepared.map_err(|error| refused(&error))?;
        let body = json!({ "job_id": job.job_id, "state": shown::state(job.state) });
        Ok(Work { transaction, job: Some(Box::new(job)), ..Work::new(StatusCode::OK, Some(body)) })
    }

    fn decision(&self, kind: Kind, field: &str) -> Result<Value, Refusal> {
        let run_id = self.text("run_id")?;
        let path = self.runtime()?.decision(self.tenant(), run_id, kind);
        let path = path.map_err(|error| refused(&error))?;
        Ok(json!({ "run_id": run_id, field: path }))
    }

    fn events(&self) -> Result<Work, Refusal> {
        let body = self.permit.request().body();
        let follow = body.get("follow").and_then(Value::as_bool).unwrap_or_default();
        let since = body.get("since_seq").and_then(Value::as_str).and_then(|text| text.parse().ok());
        // What server-sent events come again with counts where the request names nothing.
        let last = self.call.header("last-event-id").and_then(|id| id.parse::<u64>().ok());
        let since = since.filter(|since: &u64| *since > 0).or(last).unwrap_or_default();
        let events = self.runtime()?.events(self.tenant(), self.text("job_id")?, since, follow);
        let events = events.map_err(|error| refused(&error))?;
        let messages = events.map(|event| {
            let event = event.map_err(|error| refused(&error))?;
            Ok(Message { json: shown::event(&event), cursor: Some(event.seq) })
        });
        let under_way = Some((messages.boxed(), Box::pin(self.gateway.stopped())));
        let messages = stream::unfold(under_way, |under_way| async move {
            let (mut messages, mut stopped) = under_way?;
            tokio::select! {
                message = messages.next() => Some((message?, Some((messages, stopped)))),
                () = &mut stopped => Some((Err(ending()), None)),
            }
        })
        .boxed();
        Ok(Work { messages: Some(MessageStream(messages)), ..Work::new(StatusCode::OK, None) })
    }
}

/// What ends because the gateway does is no end of the job: who follows comes again.
fn ending() -> Refusal {
    let message = "The gateway ends; come again with the last `seq`.";
    Refusal::new(Condition::Overloaded).with_message(message).with_retry_after(1)
}

/// What the runtime refuses, by the code of the wire.
pub(crate) fn refused(error: &JobError) -> Refusal {
    let condition = match error.code {
        Code::InvalidRequest => Condition::RequestInvalid,
        Code::InvalidTransition => Condition::TransitionNotAllowed,
        Code::NotFound => Condition::RecordNotFound,
        Code::LockConflict => Condition::Overloaded,
        Code::IdempotencyKeyReused => Condition::IdempotencyKeyReused,
        Code::PolicyDenied => Condition::GuardRefused,
        Code::Timeout => Condition::UpstreamTimeout,
        Code::Internal => Condition::Internal,
    };
    let mut message = error.message.clone();
    // A sentence, as the gateway's own are; a name that comes first stays as it is.
    let is_word =
        message.split(' ').next().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()));
    if let (true, Some(first)) = (is_word, message.get(..1).map(str::to_uppercase)) {
        message.replace_range(..1, &first);
    }
    if !message.ends_with('.') {
        message.push('.');
    }
    let mut refusal = Refusal::new(condition).with_code(error.code.as_str()).with_message(message);
    refusal.retry_after_s = error.retry_after.and_then(|seconds| u32::try_from(seconds).ok());
    for (name, value) in &error.detail {
        refusal = refusal.with_detail(name.as_str(), value.as_str());
    }
    refusal
}
