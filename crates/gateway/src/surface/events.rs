//! `/_tenon/events`: committed events, and publishing of those that arise elsewhere.

use std::sync::Arc;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use tenon_policies::{Condition, Refusal, boundary};
use tenon_storage::{CommitError, NewEvent, Transaction};

use super::caller::Caller;
use crate::body;
use crate::call::Call;
use crate::delivery::poll::{self, Asked};
use crate::delivery::{Actor, Envelope, Filter};
use crate::gateway::Gateway;
use crate::handlers::resource::store_failed;
use crate::reply::{Body, Reply};
use crate::trail::Trail;

/// Scope of who may publish.
const PUBLISH: &str = "tenon:publish";

pub(super) async fn answer(gateway: &Arc<Gateway>, call: &Call, body: Body) -> Result<Reply, Refusal> {
    match call.method {
        Method::GET => read(gateway, call).await,
        Method::POST => publish(gateway, call, body).await,
        _ => Err(Refusal::new(Condition::MethodNotAllowed)),
    }
}

/// A stream where one is asked for, else a list that waits for the first event.
async fn read(gateway: &Arc<Gateway>, call: &Call) -> Result<Reply, Refusal> {
    let caller = Caller::anyone(gateway, call).await?;
    let asked = Asked::read(call.query.as_deref(), call.header("last-event-id"))?;
    let filter = Filter {
        tenant: caller.tenant().map(str::to_owned),
        types: asked.types.clone(),
        internal: caller.identity.has_scope(super::OPERATOR),
    };
    let streamed = call.header("accept").is_some_and(|accept| accept.contains("text/event-stream"));
    let response = match streamed {
        true => gateway.streams().follow(filter, asked.after)?,
        false => poll::list(gateway.feed(), &filter, &asked).await?,
    };
    Ok(Reply::of(response))
}

/// Publishes a declared event: `{"type", "data", "tenant"}`. What the boundary forbids is refused.
async fn publish(gateway: &Arc<Gateway>, call: &Call, body: Body) -> Result<Reply, Refusal> {
    let caller = Caller::of(gateway, call, PUBLISH).await?;
    body::acceptable(call, crate::limits::BODY_BYTES_MAX)?;
    let bytes = body::read(body).await?;
    let malformed = || Refusal::new(Condition::BodyMalformed).with_message("The body is not JSON.");
    let asked: Value = serde_json::from_slice(&bytes).map_err(|_| malformed())?;
    let plan = gateway.plan();
    let kind = asked.get("type").and_then(Value::as_str).unwrap_or_default();
    let unknown =
        || Refusal::new(Condition::EventInvalid).with_detail("type", "is no event of the contracts");
    let event = plan.events.get(kind).ok_or_else(unknown)?;
    boundary::decide(&event.contract.boundary, boundary::Cause::Publisher, [], [kind])?;
    let empty = json!({});
    let payload = asked.get("data").unwrap_or(&empty);
    event.check(&plan, payload)?;
    let named = asked.get("tenant").and_then(Value::as_str);
    let tenant = match (caller.tenant(), named) {
        (None, named) => named.unwrap_or_default(),
        (Some(own), Some(other)) if own != other => return Err(Refusal::new(Condition::TenantMismatch)),
        (Some(own), _) => own,
    };
    let actor = caller.identity.actor();
    let id = gateway.world().uuid();
    let envelope = Envelope {
        id: &id,
        source: &event.contract.name,
        kind,
        tenant,
        subject: None,
        occurred_ms: call.received_ms,
        correlation_id: &call.correlation_id,
        actor: Actor { kind: &actor.kind, id: &actor.id },
        payload,
    };
    let trail = Trail::of("events.publish", actor.to_string(), tenant);
    let transaction = Transaction {
        at_ms: call.received_ms,
        events: vec![NewEvent {
            id: id.clone(),
            tenant: tenant.to_owned(),
            kind: kind.to_owned(),
            envelope: envelope.to_bytes(),
            public: event.public,
            at_ms: call.received_ms,
        }],
        audit: vec![trail.audit(call, "ok")],
        ..Transaction::default()
    };
    let receipt = gateway.store().commit(transaction).await.map_err(|error| match error {
        CommitError::Store(error) => store_failed(&error),
        _ => Refusal::new(Condition::Internal),
    })?;
    Ok(Reply::json(
        StatusCode::ACCEPTED,
        &json!({ "event_id": id, "cursor": receipt.last_event.to_string() }),
    ))
}
