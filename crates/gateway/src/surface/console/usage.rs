//! What was metered.

use serde_json::{Value, json};
use tenon_policies::{Condition, Refusal};
use tenon_storage::{Found, Read, UsageQuery, UsageTotal};

use super::Asked;
use crate::handlers::resource::store_failed;
use crate::reply::Reply;

pub(super) fn page(asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let text = asked.call.query.as_deref().unwrap_or_default();
    let given = |name: &str| {
        let mut pairs = url::form_urlencoded::parse(text.as_bytes());
        pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    let (tenant, dimension) = (given("tenant"), given("dimension"));
    let (from, until) = (given("from"), given("until"));
    let some = |text: &String| (!text.is_empty()).then(|| text.clone());
    let query = UsageQuery {
        tenant: some(&tenant),
        dimension: some(&dimension),
        from_ms: some(&from).map(|day| moment("from", &day)).transpose()?.unwrap_or_default(),
        until_ms: some(&until).map(|day| moment("until", &day)).transpose()?.unwrap_or(i64::MAX),
    };
    let found = asked.gateway.store().read(&[Read::Usage(query)]).map_err(|error| store_failed(&error))?;
    let totals: &[UsageTotal] = match found.first() {
        Some(Found::Usage(totals)) => totals,
        _ => &[],
    };
    let most = totals.iter().map(|total| total.quantity).max().unwrap_or_default().max(1);
    let rows: Vec<Value> = totals
        .iter()
        .map(|total| {
            json!({
                "tenant": total.tenant, "dimension": total.dimension, "billable": total.billable,
                "quantity": total.quantity, "events": total.events,
                "share": total.quantity.saturating_mul(100) / most,
            })
        })
        .collect();
    let values = json!({
        "totals": rows, "tenant": tenant, "dimension": dimension, "from": from, "until": until,
    });
    asked.page("usage.html", "Usage", values)
}

/// A day, or a moment.
fn moment(name: &str, text: &str) -> Result<i64, Refusal> {
    let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    let parsed = whole.parse::<jiff::Timestamp>().map(|moment| moment.as_millisecond());
    parsed.map_err(|_| {
        Refusal::new(Condition::ParameterInvalid)
            .with_detail(name, "should be a day or a moment, as in `2026-01-31` or `2026-01-31T08:00:00Z`")
    })
}
