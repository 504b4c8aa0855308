//! `/_tenon/revocations`: tokens and keys taken back before their time, at once and for good.
//!
//! They are kept as records of the store, and read again at start.

use std::sync::Arc;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use tenon_policies::{Condition, Refusal};
use tenon_storage::{CommitError, Found, ListQuery, Read, RecordWrite, Store, StoreError, Transaction};

use super::caller::Caller;
use crate::authenticate::{Authenticator, Revocation, Revoked};
use crate::body;
use crate::call::Call;
use crate::gateway::Gateway;
use crate::handlers::resource::store_failed;
use crate::reply::{Body, Reply};
use crate::trail::Trail;

/// The collection they are kept in. No entity can have it: the name is ours.
const COLLECTION: &str = "_tenon.revocations";

/// Revocations read in one go at start, a count.
const BATCH: u32 = 1_000;

pub(super) async fn answer(gateway: &Arc<Gateway>, call: &Call, body: Body) -> Result<Reply, Refusal> {
    let caller = Caller::of(gateway, call, super::OPERATOR).await?;
    if call.method != Method::POST {
        return Err(Refusal::new(Condition::MethodNotAllowed));
    }
    body::acceptable(call, crate::limits::BODY_BYTES_MAX)?;
    let bytes = body::read(body).await?;
    let malformed = || Refusal::new(Condition::BodyMalformed).with_message("The body is not JSON.");
    let asked: Value = serde_json::from_slice(&bytes).map_err(|_| malformed())?;
    let missing = || {
        Refusal::new(Condition::RequestInvalid)
            .with_detail("jti", "is missing; name a token's `jti`, or a `sub` for all its tokens until now")
    };
    let kept = kept(&asked, call.received_ms).ok_or_else(missing)?;
    let revocation = revocation(&kept).ok_or_else(missing)?;
    // First it is kept, then it holds: what holds must survive the next start.
    let trail = Trail::of("tokens.revoke", caller.identity.actor().to_string(), "");
    let transaction = Transaction {
        at_ms: call.received_ms,
        records: vec![RecordWrite {
            tenant: String::new(),
            collection: COLLECTION.to_owned(),
            id: gateway.world().uuid(),
            expected_version: 0,
            body: Some(kept.to_string().into_bytes()),
            natural_key: None,
            index: Vec::new(),
            sequence: None,
        }],
        audit: vec![trail.audit(call, "ok")],
        ..Transaction::default()
    };
    gateway.store().commit(transaction).await.map_err(|error| match error {
        CommitError::Store(error) => store_failed(&error),
        _ => Refusal::new(Condition::Internal),
    })?;
    gateway.authenticator().revoke(revocation, call.received_ms).map_err(|error| {
        tracing::error!(%error, "a revocation is kept but does not hold before the next start");
        Refusal::new(Condition::Overloaded)
    })?;
    Ok(Reply::json(StatusCode::CREATED, &kept))
}

/// What is kept of a revocation: `{issuer?, jti}` or `{issuer?, sub, until_ms}`.
fn kept(asked: &Value, now_ms: i64) -> Option<Value> {
    let text = |key: &str| asked.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let issuer = text("issuer");
    if let Some(jti) = text("jti") {
        return Some(json!({ "issuer": issuer, "jti": jti }));
    }
    Some(json!({ "issuer": issuer, "sub": text("sub")?, "until_ms": now_ms }))
}

fn revocation(kept: &Value) -> Option<Revocation> {
    let text = |key: &str| kept.get(key).and_then(Value::as_str).map(str::to_owned);
    let revoked = match text("jti") {
        Some(id) => Revoked::Id(id),
        None => Revoked::Subject { subject: text("sub")?, until_ms: kept.get("until_ms")?.as_i64()? },
    };
    Some(Revocation { issuer: text("issuer"), revoked, forget_ms: None })
}

/// Makes everything hold again that was ever taken back.
///
/// # Errors
/// When the store cannot be read.
pub(crate) fn restore(store: &Store, authenticator: &Authenticator, now_ms: i64) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let query = ListQuery {
            collection: COLLECTION.to_owned(),
            after: after.take(),
            limit: BATCH,
            ..ListQuery::default()
        };
        let found = store.read(&[Read::List(query)])?;
        let Some(Found::Records(records)) = found.first() else { return Ok(()) };
        for record in records {
            let kept: Option<Value> = serde_json::from_slice(&record.body).ok();
            if let Some(revocation) = kept.as_ref().and_then(revocation)
                && let Err(error) = authenticator.revoke(revocation, now_ms)
            {
                tracing::error!(%error, "not every revocation holds");
            }
        }
        match records.last() {
            Some(last) if records.len() == BATCH as usize => after = Some(vec![last.id.clone()]),
            _ => return Ok(()),
        }
    }
}
