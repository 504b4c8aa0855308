//! Events as they happen.

use serde_json::{Value, json};
use tenon_policies::{Condition, Refusal};
use tenon_storage::{EventQuery, Found, Read, StoredEvent};

use super::{Asked, shown};
use crate::delivery::Filter;
use crate::handlers::resource::store_failed;
use crate::reply::Reply;

/// Events that are on the page before any happens, a count.
const EVENTS_SHOWN: u32 = 50;

pub(super) fn list(asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let last = asked.gateway.feed().last();
    let mut events = read(asked, last.saturating_sub(u64::from(EVENTS_SHOWN)), EVENTS_SHOWN)?;
    events.reverse();
    let types: Vec<&String> = asked.plan.events.keys().collect();
    let rows: Vec<Value> = events.iter().map(row).collect();
    let values = json!({
        "events": rows, "types": types, "types_json": json!(types).to_string(),
        "after": last, "shown": EVENTS_SHOWN,
    });
    asked.page("events.html", "Events", values)
}

fn row(stored: &StoredEvent) -> Value {
    let event = &stored.event;
    let envelope: Value = serde_json::from_slice(&event.envelope).unwrap_or_default();
    let text = |name: &str| envelope.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    json!({
        "number": stored.seq, "id": event.id, "type": event.kind, "tenant": event.tenant,
        "at": shown::moment(event.at_ms), "public": event.public, "correlation_id": text("correlationid"),
    })
}

/// One event, with what it says.
pub(super) fn page(asked: &Asked<'_>, number: &str) -> Result<Reply, Refusal> {
    let unknown =
        || Refusal::new(Condition::RecordNotFound).with_message(format!("There is no event {number}."));
    let seq: u64 = number.parse().ok().filter(|seq| *seq > 0).ok_or_else(unknown)?;
    let stored = read(asked, seq.saturating_sub(1), 1)?.into_iter().find(|event| event.seq == seq);
    let stored = stored.ok_or_else(unknown)?;
    let envelope: Value = serde_json::from_slice(&stored.event.envelope).unwrap_or_default();
    let envelope = shown::without_private(asked.plan, envelope);
    let values = json!({ "event": row(&stored), "envelope": shown::pretty(&envelope) });
    asked.page("event.html", &format!("Event {seq}"), values)
}

/// The stream that the page of events listens to: every tenant's, since who looks is an operator.
pub(super) fn stream(asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let after = asked.call.header("last-event-id").and_then(|id| id.parse().ok());
    let query = asked.call.query.as_deref().unwrap_or_default();
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let named = pairs.find(|(name, _)| name == "after").and_then(|(_, value)| value.parse().ok());
    let filter = Filter { tenant: None, types: Vec::new(), internal: true };
    Ok(Reply::of(asked.gateway.streams().follow(filter, after.or(named))?))
}

fn read(asked: &Asked<'_>, after: u64, limit: u32) -> Result<Vec<StoredEvent>, Refusal> {
    let query = EventQuery { after, limit, ..EventQuery::default() };
    let found = asked.gateway.store().read(&[Read::Events(query)]).map_err(|error| store_failed(&error))?;
    Ok(match found.into_iter().next() {
        Some(Found::Events(events)) => events,
        _ => Vec::new(),
    })
}
