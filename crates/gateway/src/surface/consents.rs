//! `/_tenon/consents`: what people agreed to: grant, withdraw, look up.

use std::sync::Arc;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use tenon_policies::{Condition, Refusal};
use tenon_storage::{CommitError, ConsentChange, ConsentState, Found, Read, Transaction};

use super::caller::Caller;
use crate::body;
use crate::call::Call;
use crate::gateway::Gateway;
use crate::handlers::facts::rfc3339;
use crate::handlers::resource::store_failed;
use crate::reply::{Body, Reply};
use crate::trail::Trail;

/// Scope of who may see and record consent.
const CONSENTS: &str = "tenon:consents";

pub(super) async fn answer(gateway: &Arc<Gateway>, call: &Call, body: Body) -> Result<Reply, Refusal> {
    let caller = Caller::of(gateway, call, CONSENTS).await?;
    match call.method {
        Method::GET => look_up(gateway, call, &caller),
        Method::POST => record(gateway, call, &caller, body).await,
        _ => Err(Refusal::new(Condition::MethodNotAllowed)),
    }
}

/// `?subject=` and, for operators, `?tenant=`.
fn look_up(gateway: &Gateway, call: &Call, caller: &Caller) -> Result<Reply, Refusal> {
    let query = call.query.as_deref().unwrap_or_default();
    let of = |name: &str| {
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    };
    let missing = || Refusal::new(Condition::ParameterInvalid).with_detail("subject", "is missing");
    let subject = of("subject").ok_or_else(missing)?;
    let tenant = caller.tenant().map(str::to_owned).or_else(|| of("tenant")).unwrap_or_default();
    let read = Read::Consent { tenant, subject: subject.clone() };
    let found = gateway.store().read(&[read]).map_err(|error| store_failed(&error))?;
    let states = match found.first() {
        Some(Found::Consent(states)) => states.as_slice(),
        _ => &[],
    };
    let items: Vec<Value> = states.iter().map(state).collect();
    Ok(Reply::json(StatusCode::OK, &json!({ "subject": subject, "items": items })))
}

fn state(state: &ConsentState) -> Value {
    json!({
        "scope": state.scope, "granted": state.granted, "id": state.id, "evidence": state.evidence,
        "source": state.source, "at": rfc3339(state.at_ms),
    })
}

/// `{"subject", "scopes", "granted", "evidence", "source"}`.
async fn record(gateway: &Gateway, call: &Call, caller: &Caller, body: Body) -> Result<Reply, Refusal> {
    body::acceptable(call, crate::limits::BODY_BYTES_MAX)?;
    let bytes = body::read(body).await?;
    let malformed = || Refusal::new(Condition::BodyMalformed).with_message("The body is not JSON.");
    let asked: Value = serde_json::from_slice(&bytes).map_err(|_| malformed())?;
    let text = |key: &str| asked.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let bad = |field: &str, reason: &str| Refusal::new(Condition::RequestInvalid).with_detail(field, reason);
    let subject = text("subject").ok_or_else(|| bad("subject", "is missing"))?;
    let scopes = asked.get("scopes").and_then(Value::as_array).ok_or_else(|| bad("scopes", "is missing"))?;
    let granted =
        asked.get("granted").and_then(Value::as_bool).ok_or_else(|| bad("granted", "is missing"))?;
    let known: Vec<String> = gateway
        .plan()
        .graph
        .contracts
        .iter()
        .flat_map(|contract| contract.consent_scopes.iter().flatten().map(|scope| scope.text.clone()))
        .collect();
    let tenant = caller.tenant().or_else(|| text("tenant")).unwrap_or_default();
    let actor = caller.identity.actor().to_string();
    let mut changes = Vec::with_capacity(scopes.len());
    for scope in scopes {
        let scope = scope.as_str().filter(|scope| known.is_empty() || known.iter().any(|one| one == scope));
        let scope = scope.ok_or_else(|| bad("scopes", "names a scope the contracts do not declare"))?;
        changes.push(ConsentChange {
            id: gateway.world().uuid(),
            tenant: tenant.to_owned(),
            subject: subject.to_owned(),
            scope: scope.to_owned(),
            granted,
            source: text("source").unwrap_or("api").to_owned(),
            evidence: text("evidence").map(str::to_owned),
            actor: actor.clone(),
            at_ms: call.received_ms,
        });
    }
    let ids: Vec<&str> = changes.iter().map(|change| change.id.as_str()).collect();
    let body = json!({ "subject": subject, "granted": granted, "ids": ids });
    let trail = Trail::of("consents.record", actor, tenant);
    let transaction = Transaction {
        at_ms: call.received_ms,
        audit: vec![trail.audit(call, if granted { "granted" } else { "withdrawn" })],
        consents: changes,
        ..Transaction::default()
    };
    gateway.store().commit(transaction).await.map_err(|error| match error {
        CommitError::Store(error) => store_failed(&error),
        _ => Refusal::new(Condition::Internal),
    })?;
    Ok(Reply::json(StatusCode::CREATED, &body))
}
