//! `/_tenon/usage`: what was metered, summed by tenant, dimension and window; `/_tenon/usage/events`:
//! each use.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use tenon_policies::{Condition, Refusal};
use tenon_storage::{Found, Read, UsageEvent, UsageQuery, UsageTotal};

use super::caller::Caller;
use crate::call::Call;
use crate::gateway::Gateway;
use crate::handlers::facts::rfc3339;
use crate::handlers::resource::store_failed;
use crate::reply::Reply;

/// Scope of who may see usage.
const USAGE: &str = "tenon:usage";

/// Uses in one answer, a count: some hundred kilobytes.
pub const EVENTS_MAX: u32 = 1_000;

/// Where a use stands among the others.
pub type Place = (String, String, i64, String);

/// `?from=&until=&dimension=` and, for operators, `?tenant=`; of uses, `?after=` the cursor of a page.
pub(super) async fn answer(gateway: &Arc<Gateway>, call: &Call, rest: &str) -> Result<Reply, Refusal> {
    if !matches!(rest, "" | "events") {
        return Err(Refusal::new(Condition::RouteUnknown));
    }
    let caller = Caller::of(gateway, call, USAGE).await?;
    if call.method != Method::GET {
        return Err(Refusal::new(Condition::MethodNotAllowed));
    }
    let mut query = UsageQuery { until_ms: i64::MAX, ..UsageQuery::default() };
    let (mut named, mut after) = (None, None);
    for (name, value) in url::form_urlencoded::parse(call.query.as_deref().unwrap_or_default().as_bytes()) {
        match &*name {
            "from" => query.from_ms = moment("from", &value)?,
            "until" => query.until_ms = moment("until", &value)?,
            "dimension" => query.dimension = Some(value.into_owned()),
            "tenant" => named = Some(value.into_owned()),
            "after" if rest == "events" => after = Some(place(&value)?),
            _ => {
                let reason = match rest {
                    "events" => {
                        "is not known here; known are `from`, `until`, `dimension`, `tenant` and `after`"
                    }
                    _ => "is not known here; known are `from`, `until`, `dimension` and `tenant`",
                };
                return Err(Refusal::new(Condition::ParameterInvalid).with_detail(name, reason));
            }
        }
    }
    query.tenant = caller.tenant().map(str::to_owned).or(named);
    if rest == "events" {
        return each(gateway, call, query, after);
    }
    let found = gateway.store().read(&[Read::Usage(query)]).map_err(|error| store_failed(&error))?;
    let totals = match found.first() {
        Some(Found::Usage(totals)) => totals.as_slice(),
        _ => &[],
    };
    let items: Vec<Value> = totals.iter().map(total_json).collect();
    Ok(Reply::json(StatusCode::OK, &json!({ "at": rfc3339(call.received_ms), "items": items })))
}

/// A page of uses.
fn each(gateway: &Gateway, call: &Call, query: UsageQuery, after: Option<Place>) -> Result<Reply, Refusal> {
    let read = Read::UsageEvents { query, after, limit: EVENTS_MAX };
    let found = gateway.store().read(&[read]).map_err(|error| store_failed(&error))?;
    let events = match found.first() {
        Some(Found::UsageEvents(events)) => events.as_slice(),
        _ => &[],
    };
    let full = events.len() >= EVENTS_MAX as usize;
    let next = events.last().filter(|_| full).map(|last| {
        let place = json!([last.tenant, last.dimension, last.at_ms, last.id]);
        URL_SAFE_NO_PAD.encode(place.to_string())
    });
    let items: Vec<Value> = events.iter().map(event_json).collect();
    let body = json!({ "at": rfc3339(call.received_ms), "items": items, "next": next });
    Ok(Reply::json(StatusCode::OK, &body))
}

fn place(cursor: &str) -> Result<Place, Refusal> {
    let read = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    read.ok_or_else(|| Refusal::new(Condition::CursorInvalid))
}

/// A use as a CloudEvent: its id stays the same however often it is told.
#[must_use]
pub fn event_json(usage: &UsageEvent) -> Value {
    let mut event = json!({
        "specversion": "1.0",
        "id": format!("{}/{}/{}/{}", usage.tenant, usage.dimension, usage.at_ms, usage.id),
        "source": "tenon",
        "type": "tenon.usage",
        "time": rfc3339(usage.at_ms),
        "datacontenttype": "application/json",
        "data": {
            "tenant": usage.tenant, "dimension": usage.dimension, "quantity": usage.quantity,
            "billable": usage.billable, "operation": usage.operation, "actor": usage.actor,
            "correlation_id": usage.correlation_id,
        },
    });
    // CloudEvents allows no empty subject.
    if let Some(members) = event.as_object_mut().filter(|_| !usage.tenant.is_empty()) {
        members.insert("subject".to_owned(), usage.tenant.clone().into());
    }
    event
}

/// A sum as JSON.
#[must_use]
pub fn total_json(total: &UsageTotal) -> Value {
    json!({
        "tenant": total.tenant, "dimension": total.dimension, "billable": total.billable,
        "quantity": total.quantity, "events": total.events,
    })
}

fn moment(name: &str, text: &str) -> Result<i64, Refusal> {
    let bad = || {
        Refusal::new(Condition::ParameterInvalid)
            .with_detail(name, "should be a moment, as in `2026-01-31T00:00:00Z`")
    };
    text.parse::<jiff::Timestamp>().map(|moment| moment.as_millisecond()).map_err(|_| bad())
}
