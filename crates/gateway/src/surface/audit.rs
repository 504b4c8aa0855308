//! `/_tenon/audit`: who did what: the links of the chain, and whether it holds.
//!
//! | call | does |
//! |---|---|
//! | `GET /?from=&limit=` | links from a number on |
//! | `GET /verify` | follows the whole chain |
//!
//! Who may see it sees its own tenant's entries; an operator sees every link.

use std::sync::Arc;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use tenon_policies::{Condition, Refusal};
use tenon_storage::{AuditLink, AuditReport, Found, Read, Store};

use super::caller::Caller;
use crate::call::Call;
use crate::gateway::Gateway;
use crate::handlers::facts::rfc3339;
use crate::handlers::resource::store_failed;
use crate::reply::Reply;

/// Scope of who may see the audit.
const AUDIT: &str = "tenon:audit";

/// Links of one answer where nothing is said, a count.
const LINKS_DEFAULT: u32 = 100;

/// Most links of one answer, a count: some hundred kilobytes.
pub const LINKS_MAX: u32 = 1_000;

pub(super) async fn answer(gateway: &Arc<Gateway>, call: &Call, rest: &str) -> Result<Reply, Refusal> {
    let caller = Caller::of(gateway, call, AUDIT).await?;
    if call.method != Method::GET {
        return Err(Refusal::new(Condition::MethodNotAllowed));
    }
    match rest {
        "" => list(gateway, call, &caller),
        "verify" => {
            let report = verify(gateway.store()).await?;
            Ok(Reply::json(StatusCode::OK, &report_json(&report)))
        }
        _ => Err(Refusal::new(Condition::RouteUnknown)),
    }
}

/// `?from=&limit=`. What is another tenant's is left out; `next` says where to go on all the same.
fn list(gateway: &Gateway, call: &Call, caller: &Caller) -> Result<Reply, Refusal> {
    let (mut from, mut limit) = (1_u64, LINKS_DEFAULT);
    for (name, value) in url::form_urlencoded::parse(call.query.as_deref().unwrap_or_default().as_bytes()) {
        let bad =
            |reason: String| Refusal::new(Condition::ParameterInvalid).with_detail(name.as_ref(), reason);
        match name.as_ref() {
            "from" => {
                let number = value.parse().ok().filter(|number| *number > 0);
                from = number.ok_or_else(|| bad("should be a number from 1 on".to_owned()))?;
            }
            "limit" => {
                let number = value.parse().ok().filter(|number| (1..=LINKS_MAX).contains(number));
                limit = number.ok_or_else(|| bad(format!("should be a number from 1 to {LINKS_MAX}")))?;
            }
            _ => return Err(bad("is not known here; known are `from` and `limit`".to_owned())),
        }
    }
    let links = links(gateway.store(), from, limit)?;
    let heads = gateway.store().heads().map_err(|error| store_failed(&error))?;
    let next = links.last().map_or(from, |link| link.seq.saturating_add(1));
    let own = |link: &&AuditLink| caller.tenant().is_none_or(|tenant| tenant == link.entry.tenant);
    let items: Vec<Value> = links.iter().filter(own).map(link_json).collect();
    let body = json!({
        "items": items, "next": next, "head": { "number": heads.audit_seq, "hash": heads.audit_hash },
    });
    Ok(Reply::json(StatusCode::OK, &body))
}

/// Links from a number on.
///
/// # Errors
/// `store_unavailable`.
pub(super) fn links(store: &Store, from: u64, limit: u32) -> Result<Vec<AuditLink>, Refusal> {
    let found = store.read(&[Read::Audit { from, limit }]).map_err(|error| store_failed(&error))?;
    Ok(match found.into_iter().next() {
        Some(Found::Audit(links)) => links,
        _ => Vec::new(),
    })
}

/// Follows the whole chain, aside from the requests.
///
/// # Errors
/// `store_unavailable`.
pub(super) async fn verify(store: &Arc<Store>) -> Result<AuditReport, Refusal> {
    let store = Arc::clone(store);
    let followed = tokio::task::spawn_blocking(move || store.verify_audit()).await;
    match followed {
        Ok(report) => report.map_err(|error| store_failed(&error)),
        Err(_) => Err(Refusal::new(Condition::Internal)),
    }
}

/// A link as JSON: whoever has all of them can follow the chain without this program.
#[must_use]
pub fn link_json(link: &AuditLink) -> Value {
    let entry = &link.entry;
    json!({
        "number": link.seq,
        "at": rfc3339(entry.at_ms),
        "at_ms": entry.at_ms,
        "tenant": entry.tenant,
        "actor": entry.actor,
        "operation": entry.operation,
        "outcome": entry.outcome,
        "code": entry.code,
        "correlation_id": entry.correlation_id,
        "detail": entry.detail,
        "previous": link.previous,
        "hash": link.hash,
    })
}

/// What following the chain came to, as JSON.
#[must_use]
pub fn report_json(report: &AuditReport) -> Value {
    let broken =
        report.broken.as_ref().map(|broken| json!({ "number": broken.seq, "problem": broken.problem }));
    json!({ "version": 1, "holds": broken.is_none(), "links": report.links, "broken": broken })
}
