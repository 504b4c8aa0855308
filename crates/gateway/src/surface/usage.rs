//! `/_tenon/usage`: what was metered, summed by tenant, dimension and window.

use std::sync::Arc;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use tenon_policies::{Condition, Refusal};
use tenon_storage::{Found, Read, UsageQuery, UsageTotal};

use super::caller::Caller;
use crate::call::Call;
use crate::gateway::Gateway;
use crate::handlers::facts::rfc3339;
use crate::handlers::resource::store_failed;
use crate::reply::Reply;

/// Scope of who may see usage.
const USAGE: &str = "tenon:usage";

/// `?from=&until=&dimension=` and, for operators, `?tenant=`.
pub(super) async fn answer(gateway: &Arc<Gateway>, call: &Call) -> Result<Reply, Refusal> {
    let caller = Caller::of(gateway, call, USAGE).await?;
    if call.method != Method::GET {
        return Err(Refusal::new(Condition::MethodNotAllowed));
    }
    let mut query = UsageQuery { until_ms: i64::MAX, ..UsageQuery::default() };
    let mut named = None;
    for (name, value) in url::form_urlencoded::parse(call.query.as_deref().unwrap_or_default().as_bytes()) {
        match &*name {
            "from" => query.from_ms = moment("from", &value)?,
            "until" => query.until_ms = moment("until", &value)?,
            "dimension" => query.dimension = Some(value.into_owned()),
            "tenant" => named = Some(value.into_owned()),
            _ => {
                let reason = "is not known here; known are `from`, `until`, `dimension` and `tenant`";
                return Err(Refusal::new(Condition::ParameterInvalid).with_detail(name, reason));
            }
        }
    }
    query.tenant = caller.tenant().map(str::to_owned).or(named);
    let found = gateway.store().read(&[Read::Usage(query)]).map_err(|error| store_failed(&error))?;
    let totals = match found.first() {
        Some(Found::Usage(totals)) => totals.as_slice(),
        _ => &[],
    };
    let items: Vec<Value> = totals.iter().map(total_json).collect();
    Ok(Reply::json(StatusCode::OK, &json!({ "at": rfc3339(call.received_ms), "items": items })))
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
