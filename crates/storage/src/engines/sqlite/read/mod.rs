//! Reading, each within a transaction of a connection that reads.

mod lists;
mod rows;
mod spaces;

use rusqlite::{Connection, OptionalExtension as _, Params, Row};
pub(super) use spaces::Spaces;

use super::values::{Digest, int, number, texts};
use crate::{
    AuditLink, ConsentState, Delivery, DueQuery, EventQuery, Found, Heads, IdempotencyKey, IdempotencyRecord,
};
use crate::{Read, Record, StoreError, StoredEvent, StreamPage, StreamQuery, Subscription};
use crate::{UsageQuery, UsageTotal};

/// What a read asks for.
pub(super) fn find(connection: &Connection, spaces: &Spaces, read: &Read) -> Result<Found, StoreError> {
    let space = |tenant: &str, collection: &str| spaces.find(connection, tenant, collection);
    Ok(match read {
        Read::Record { tenant, collection, id } => Found::Record(match space(tenant, collection)? {
            Some(space) => record(connection, rows::RECORD_BY_ID, (space, tenant, collection), id)?,
            None => None,
        }),
        Read::NaturalKey { tenant, collection, natural_key: key } => {
            Found::Record(match space(tenant, collection)? {
                Some(space) => {
                    record(connection, rows::RECORD_BY_NATURAL_KEY, (space, tenant, collection), key)?
                }
                None => None,
            })
        }
        Read::List(query) => Found::Records(match space(&query.tenant, &query.collection)? {
            Some(space) => lists::find(connection, space, query)?,
            None => Vec::new(),
        }),
        Read::Idempotency(key) => Found::Idempotency(idempotency(connection, key)?),
        Read::Consent { tenant, subject } => Found::Consent(consent(connection, tenant, subject)?),
        Read::Events(query) => Found::Events(events(connection, query)?),
        Read::Subscription { tenant, id } => {
            Found::Subscriptions(all(connection, rows::SUBSCRIPTION, (tenant, id), rows::subscription)?)
        }
        Read::Subscriptions { tenant } => Found::Subscriptions(subscriptions(connection, tenant.as_deref())?),
        Read::Deliveries { tenant, dead, limit } => {
            Found::Deliveries(deliveries(connection, tenant.as_deref(), *dead, *limit)?)
        }
        Read::Delivery { tenant, id } => {
            Found::Deliveries(all(connection, rows::DELIVERY, (int(*id), tenant), rows::delivery)?)
        }
        Read::Usage(query) => Found::Usage(usage(connection, query)?),
        Read::UsageEvents { query, after, limit } => {
            let (tenant, dimension, at_ms, id) =
                after.as_ref().map_or(("", "", i64::MIN, ""), |(tenant, dimension, at_ms, id)| {
                    (tenant.as_str(), dimension.as_str(), *at_ms, id.as_str())
                });
            let UsageQuery { tenant: whose, dimension: what, from_ms, until_ms } = query;
            let params = (whose, what, from_ms, until_ms, tenant, dimension, at_ms, id, limit);
            Found::UsageEvents(all(connection, rows::USAGE_EVENTS, params, rows::usage_event)?)
        }
        Read::Stream(query) => Found::Stream(stream(connection, query)?),
        Read::Audit { from, limit } => Found::Audit(audit(connection, *from, *limit)?),
    })
}

/// Every row of a statement.
fn all<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let found: rusqlite::Result<Vec<T>> = statement.query_map(params, row)?.collect();
    Ok(found?)
}

fn record(
    connection: &Connection,
    sql: &str,
    (space, tenant, collection): (i64, &str, &str),
    key: &str,
) -> Result<Option<Record>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_row((space, key), |row| rows::record(row, tenant, collection));
    Ok(found.optional()?)
}

fn idempotency(
    connection: &Connection,
    key: &IdempotencyKey,
) -> Result<Option<IdempotencyRecord>, StoreError> {
    let mut statement = connection.prepare_cached(rows::IDEMPOTENCY)?;
    let digest = Digest::of(key);
    Ok(statement.query_row((digest.start(), digest.bytes()), rows::idempotency).optional()?)
}

fn consent(connection: &Connection, tenant: &str, subject: &str) -> Result<Vec<ConsentState>, StoreError> {
    all(connection, rows::CONSENT, (tenant, subject), rows::consent)
}

/// Subscriptions of one tenant, or of all.
pub(super) fn subscriptions(
    connection: &Connection,
    tenant: Option<&str>,
) -> Result<Vec<Subscription>, StoreError> {
    match tenant {
        Some(tenant) => all(connection, rows::SUBSCRIPTIONS_OF_TENANT, [tenant], rows::subscription),
        None => all(connection, rows::SUBSCRIPTIONS, [], rows::subscription),
    }
}

fn events(connection: &Connection, query: &EventQuery) -> Result<Vec<StoredEvent>, StoreError> {
    let sql = if query.tenant.is_some() { rows::EVENTS_OF_TENANT } else { rows::EVENTS };
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = match &query.tenant {
        Some(tenant) => statement.query((int(query.after), tenant))?,
        None => statement.query([int(query.after)])?,
    };
    let limit = query.limit as usize;
    let mut found = Vec::new();
    while found.len() < limit {
        let Some(row) = rows.next()? else { break };
        // Types are looked at here: the set differs from call to call, and the statement does not.
        let kind = row.get_ref(rows::EVENT_KIND)?.as_str().map_err(rusqlite::Error::from)?;
        if query.types.is_empty() || query.types.iter().any(|wanted| wanted == kind) {
            found.push(rows::event(row, 0)?);
        }
    }
    Ok(found)
}

fn deliveries(
    connection: &Connection,
    tenant: Option<&str>,
    dead: bool,
    limit: u32,
) -> Result<Vec<Delivery>, StoreError> {
    let sql = if dead { rows::DEAD_DELIVERIES } else { rows::DELIVERIES };
    all(connection, sql, (tenant, limit), rows::delivery)
}

/// Deliveries to try now. Subscriptions are walked over in their index, so that what one of them
/// has waiting costs nothing to the others.
pub(super) fn due(connection: &Connection, query: &DueQuery) -> Result<Vec<Delivery>, StoreError> {
    let mut next_lane = connection.prepare_cached(rows::NEXT_SUBSCRIPTION_WITH_PENDING)?;
    let mut due: Vec<(i64, i64)> = Vec::new();
    let mut lane = (String::new(), String::new());
    loop {
        let found = next_lane.query_row((&lane.0, &lane.1), |row| Ok((row.get(0)?, row.get(1)?)));
        let Some(found) = found.optional()? else { break };
        lane = found;
        if !query.except.contains(&lane) {
            let params = (&lane.0, &lane.1, query.now_ms, query.per_subscription);
            due.extend(all(connection, rows::DUE, params, |row| Ok((row.get(0)?, row.get(1)?)))?);
        }
    }
    due.sort_unstable();
    due.truncate(query.limit as usize);
    let mut statement = connection.prepare_cached(rows::DELIVERY)?;
    let rows = due.into_iter().map(|(_, id)| statement.query_row((id, None::<&str>), rows::delivery));
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn usage(connection: &Connection, query: &UsageQuery) -> Result<Vec<UsageTotal>, StoreError> {
    let params = (&query.tenant, &query.dimension, query.from_ms, query.until_ms);
    all(connection, rows::USAGE, params, rows::usage)
}

fn stream(connection: &Connection, query: &StreamQuery) -> Result<StreamPage, StoreError> {
    let mut statement = connection.prepare_cached(rows::STREAM)?;
    let place = (&query.tenant, &query.stream);
    let found = statement.query_row(place, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let Some((stream, first, last)): Option<(i64, i64, i64)> = found.optional()? else {
        return Ok(StreamPage::default());
    };
    let params = (stream, int(query.after), query.limit);
    let entries = all(connection, rows::STREAM_ENTRIES, params, rows::stream_entry)?;
    Ok(StreamPage { first: number(first), last: number(last), entries })
}

fn audit(connection: &Connection, from: u64, limit: u32) -> Result<Vec<AuditLink>, StoreError> {
    all(connection, rows::AUDIT, (int(from), limit), rows::audit)
}

/// How far events and the audit chain have come.
pub(super) fn heads(connection: &Connection) -> Result<Heads, StoreError> {
    let mut statement = connection.prepare_cached("SELECT last_event, audit_seq, audit_hash FROM heads")?;
    let heads = statement.query_row([], |row| {
        Ok(Heads { last_event: number(row.get(0)?), audit_seq: number(row.get(1)?), audit_hash: row.get(2)? })
    })?;
    Ok(heads)
}

/// The highest number of a sequence.
pub(super) fn sequence(connection: &Connection, tenant: &str, collection: &str) -> Result<u64, StoreError> {
    let sql = "SELECT sequence FROM spaces WHERE tenant = ?1 AND collection = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let found: Option<i64> = statement.query_row((tenant, collection), |row| row.get(0)).optional()?;
    Ok(number(found.unwrap_or(0)))
}

/// Every set of fields the records of a space were ever indexed by.
pub(super) fn shapes(connection: &Connection, space: i64) -> Result<Vec<Vec<String>>, StoreError> {
    let sql = "SELECT fields FROM shapes WHERE space = ?1";
    all(connection, sql, [space], |row| texts(0, row.get_ref(0)?.as_str()?))
}
