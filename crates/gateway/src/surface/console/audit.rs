//! Who did what, and whether the chain holds.

use serde_json::{Value, json};
use tenon_policies::{Condition, Refusal};
use tenon_storage::AuditLink;

use super::{Asked, shown};
use crate::handlers::resource::store_failed;
use crate::reply::Reply;
use crate::surface::audit::{links, verify};

/// Links of one page, a count.
const LINKS_SHOWN: u64 = 50;

/// Longest chain that is followed whenever the page is shown, in links: some tens of milliseconds.
/// A longer one is followed when it is asked for.
const FOLLOWED_MAX: u64 = 5_000;

pub(super) async fn page(asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let store = asked.gateway.store();
    let heads = store.heads().map_err(|error| store_failed(&error))?;
    let query = asked.call.query.as_deref().unwrap_or_default();
    let of = |wanted: &str| {
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    };
    let until = match of("until") {
        None => heads.audit_seq,
        Some(text) => {
            let bad = || Refusal::new(Condition::ParameterInvalid).with_detail("until", "should be a number");
            text.parse::<u64>().map_err(|_| bad())?.min(heads.audit_seq)
        }
    };
    let from = until.saturating_sub(LINKS_SHOWN - 1).max(1);
    let count = u32::try_from(until.saturating_add(1).saturating_sub(from)).unwrap_or_default();
    let found = if count == 0 { Vec::new() } else { links(store, from, count)? };
    let rows: Vec<Value> = found.iter().rev().map(row).collect();
    let is_asked = of("follow").is_some() || heads.audit_seq <= FOLLOWED_MAX;
    let chain = if is_asked { Some(verify(store).await?) } else { None };
    let broken = chain.as_ref().and_then(|report| report.broken.as_ref());
    let values = json!({
        "rows": rows,
        "head": heads.audit_seq,
        "hash": heads.audit_hash,
        "older": (from > 1).then(|| from - 1),
        "newer": (until < heads.audit_seq).then(|| until.saturating_add(LINKS_SHOWN)),
        "followed": chain.is_some(),
        "links": chain.as_ref().map(|report| report.links),
        "broken": broken.map(|broken| json!({ "number": broken.seq, "problem": broken.problem })),
    });
    asked.page("audit.html", "Audit", values)
}

fn row(link: &AuditLink) -> Value {
    let entry = &link.entry;
    json!({
        "number": link.seq,
        "at": shown::moment(entry.at_ms),
        "tenant": entry.tenant,
        "actor": entry.actor,
        "operation": entry.operation,
        "outcome": entry.outcome,
        "code": entry.code.as_deref().unwrap_or_default(),
        "correlation_id": entry.correlation_id,
        "detail": entry.detail.as_deref().unwrap_or_default(),
        "hash": link.hash.get(..12).unwrap_or_default(),
    })
}
