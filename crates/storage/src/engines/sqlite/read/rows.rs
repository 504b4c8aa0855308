//! Statements that read, and what their rows become.

use rusqlite::Row;
use rusqlite::types::Type;

use super::super::values::{delivery_state, number, subscription_state, texts};
use crate::{AuditEntry, AuditLink, ConsentState, Delivery, IdempotencyRecord, IdempotencyState, NewEvent};
use crate::{Record, StoredEvent, StoredReply, StreamEntry, Subscription, UsageEvent, UsageTotal};

pub(super) const RECORD_BY_ID: &str = "SELECT id, version, created_ms, updated_ms, body FROM records
    WHERE space = ?1 AND id = ?2";

pub(super) const RECORD_BY_NATURAL_KEY: &str = "SELECT id, version, created_ms, updated_ms, body FROM records
    WHERE space = ?1 AND natural_key = ?2";

/// Of [`RECORD_BY_ID`] and the like.
pub(super) fn record(row: &Row<'_>, tenant: &str, collection: &str) -> rusqlite::Result<Record> {
    Ok(Record {
        tenant: tenant.to_owned(),
        collection: collection.to_owned(),
        id: row.get(0)?,
        version: number(row.get(1)?),
        created_ms: row.get(2)?,
        updated_ms: row.get(3)?,
        body: row.get(4)?,
    })
}

pub(super) const IDEMPOTENCY: &str = "SELECT fingerprint, reservation, lease_until_ms, status, headers, body,
    accepted_ms, expires_ms FROM idempotency WHERE start = ?1 AND digest = ?2";

pub(super) fn idempotency(row: &Row<'_>) -> rusqlite::Result<IdempotencyRecord> {
    let state = match row.get::<_, Option<String>>(1)? {
        Some(reservation) => IdempotencyState::Reserved { reservation, lease_until_ms: row.get(2)? },
        None => {
            let headers = serde_json::from_str(row.get_ref(4)?.as_str()?)
                .map_err(|error| rusqlite::Error::FromSqlConversionFailure(4, Type::Text, Box::new(error)))?;
            IdempotencyState::Settled(StoredReply { status: row.get(3)?, headers, body: row.get(5)? })
        }
    };
    Ok(IdempotencyRecord {
        fingerprint: row.get(0)?,
        state,
        accepted_ms: row.get(6)?,
        expires_ms: row.get(7)?,
    })
}

/// The row with the highest number of each scope: SQLite takes the other columns from it.
pub(super) const CONSENT: &str = "SELECT scope, granted, id, evidence, source, at_ms, max(n) FROM consents
    WHERE tenant = ?1 AND subject = ?2 GROUP BY scope ORDER BY scope";

pub(super) fn consent(row: &Row<'_>) -> rusqlite::Result<ConsentState> {
    Ok(ConsentState {
        scope: row.get(0)?,
        granted: row.get(1)?,
        id: row.get(2)?,
        evidence: row.get(3)?,
        source: row.get(4)?,
        at_ms: row.get(5)?,
    })
}

pub(super) const SUBSCRIPTION: &str = "SELECT tenant, id, url, events, secrets, state, created_ms
    FROM subscriptions WHERE tenant = ?1 AND id = ?2";

pub(super) const SUBSCRIPTIONS: &str = "SELECT tenant, id, url, events, secrets, state, created_ms
    FROM subscriptions ORDER BY tenant, id";

pub(super) const SUBSCRIPTIONS_OF_TENANT: &str = "SELECT tenant, id, url, events, secrets, state, created_ms
    FROM subscriptions WHERE tenant = ?1 ORDER BY id";

pub(super) fn subscription(row: &Row<'_>) -> rusqlite::Result<Subscription> {
    Ok(Subscription {
        tenant: row.get(0)?,
        id: row.get(1)?,
        url: row.get(2)?,
        events: texts(3, row.get_ref(3)?.as_str()?)?,
        secrets: texts(4, row.get_ref(4)?.as_str()?)?,
        state: subscription_state(5, row.get(5)?)?,
        created_ms: row.get(6)?,
    })
}

pub(super) const EVENTS: &str = "SELECT seq, id, tenant, kind, envelope, public, at_ms FROM events
    WHERE seq > ?1 ORDER BY seq";

pub(super) const EVENTS_OF_TENANT: &str = "SELECT seq, id, tenant, kind, envelope, public, at_ms FROM events
    WHERE tenant = ?2 AND seq > ?1 ORDER BY seq";

/// The column of an event's type.
pub(super) const EVENT_KIND: usize = 3;

/// An event that begins with this column.
pub(super) fn event(row: &Row<'_>, first: usize) -> rusqlite::Result<StoredEvent> {
    Ok(StoredEvent {
        seq: number(row.get(first)?),
        event: NewEvent {
            id: row.get(first + 1)?,
            tenant: row.get(first + 2)?,
            kind: row.get(first + 3)?,
            envelope: row.get(first + 4)?,
            public: row.get(first + 5)?,
            at_ms: row.get(first + 6)?,
        },
    })
}

/// A delivery and its event.
macro_rules! deliveries {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, d.subscription, d.tenant, d.attempts, d.state, d.next_ms, d.last, ",
            "e.seq, e.id, e.tenant, e.kind, e.envelope, e.public, e.at_ms ",
            "FROM deliveries d JOIN events e ON e.seq = d.event ",
            $rest
        )
    };
}

pub(super) const NEXT_SUBSCRIPTION_WITH_PENDING: &str = "SELECT tenant, subscription FROM deliveries
    WHERE state = 0 AND (tenant, subscription) > (?1, ?2) ORDER BY tenant, subscription LIMIT 1";

pub(super) const DUE: &str = "SELECT next_ms, id FROM deliveries
    WHERE state = 0 AND tenant = ?1 AND subscription = ?2 AND next_ms <= ?3 ORDER BY next_ms, id LIMIT ?4";

pub(super) const DELIVERY: &str = deliveries!("WHERE d.id = ?1 AND (?2 IS NULL OR d.tenant = ?2)");

pub(super) const DELIVERIES: &str =
    deliveries!("WHERE ?1 IS NULL OR d.tenant = ?1 ORDER BY d.id DESC LIMIT ?2");

pub(super) const DEAD_DELIVERIES: &str = deliveries!(
    "WHERE d.state = 2 AND d.state > 0 AND (?1 IS NULL OR d.tenant = ?1) ORDER BY d.id DESC LIMIT ?2"
);

pub(super) fn delivery(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    Ok(Delivery {
        id: number(row.get(0)?),
        subscription: row.get(1)?,
        tenant: row.get(2)?,
        attempts: row.get(3)?,
        state: delivery_state(4, row.get(4)?)?,
        next_ms: row.get(5)?,
        last: row.get(6)?,
        event: event(row, 7)?,
    })
}

/// Both halves of the quantity apart, for a sum of 64 bits may not fit into 64 bits.
pub(super) const USAGE: &str = "SELECT tenant, dimension, billable,
    sum((quantity >> 32) & 0xffffffff), sum(quantity & 0xffffffff), count(*) FROM usage
    WHERE (?1 IS NULL OR tenant = ?1) AND (?2 IS NULL OR dimension = ?2) AND at_ms >= ?3 AND at_ms < ?4
    GROUP BY tenant, dimension, billable ORDER BY tenant, dimension, billable";

pub(super) fn usage(row: &Row<'_>) -> rusqlite::Result<UsageTotal> {
    let (high, low): (i64, i64) = (row.get(3)?, row.get(4)?);
    let quantity = (u128::from(number(high)) << 32) + u128::from(number(low));
    Ok(UsageTotal {
        tenant: row.get(0)?,
        dimension: row.get(1)?,
        billable: row.get(2)?,
        quantity: u64::try_from(quantity).unwrap_or(u64::MAX),
        events: number(row.get(5)?),
    })
}

pub(super) const USAGE_EVENTS: &str = "SELECT tenant, dimension, at_ms, id, quantity, billable, operation,
    actor, correlation_id FROM usage
    WHERE (?1 IS NULL OR tenant = ?1) AND (?2 IS NULL OR dimension = ?2) AND at_ms >= ?3 AND at_ms < ?4
    AND (tenant, dimension, at_ms, id) > (?5, ?6, ?7, ?8)
    ORDER BY tenant, dimension, at_ms, id LIMIT ?9";

pub(super) fn usage_event(row: &Row<'_>) -> rusqlite::Result<UsageEvent> {
    Ok(UsageEvent {
        tenant: row.get(0)?,
        dimension: row.get(1)?,
        at_ms: row.get(2)?,
        id: row.get(3)?,
        quantity: row.get::<_, i64>(4)?.cast_unsigned(),
        billable: row.get(5)?,
        operation: row.get(6)?,
        actor: row.get(7)?,
        correlation_id: row.get(8)?,
    })
}

pub(super) const STREAM: &str = "SELECT n, first, last FROM streams WHERE tenant = ?1 AND name = ?2";

pub(super) const STREAM_ENTRIES: &str = "SELECT seq, at_ms, body FROM stream_entries
    WHERE stream = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";

pub(super) fn stream_entry(row: &Row<'_>) -> rusqlite::Result<StreamEntry> {
    Ok(StreamEntry { seq: number(row.get(0)?), at_ms: row.get(1)?, body: row.get(2)? })
}

pub(super) const AUDIT: &str = "SELECT seq, previous, hash, at_ms, tenant, actor, operation, outcome, code,
    correlation_id, detail FROM audit WHERE seq >= ?1 ORDER BY seq LIMIT ?2";

pub(super) fn audit(row: &Row<'_>) -> rusqlite::Result<AuditLink> {
    Ok(AuditLink {
        seq: number(row.get(0)?),
        previous: row.get(1)?,
        hash: row.get(2)?,
        entry: AuditEntry {
            at_ms: row.get(3)?,
            tenant: row.get(4)?,
            actor: row.get(5)?,
            operation: row.get(6)?,
            outcome: row.get(7)?,
            code: row.get(8)?,
            correlation_id: row.get(9)?,
            detail: row.get(10)?,
        },
    })
}
