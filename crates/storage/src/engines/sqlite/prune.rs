//! Removing what is kept no longer.

use rusqlite::{Connection, OptionalExtension as _};

use crate::{PruneUntil, Pruned, StoreError};

const KEYS: &str = "DELETE FROM idempotency WHERE n IN
    (SELECT n FROM idempotency WHERE expires_ms <= ?1 ORDER BY expires_ms LIMIT ?2)";

const DELIVERIES: &str = "DELETE FROM deliveries WHERE id IN
    (SELECT id FROM deliveries WHERE state = ?1 AND state > 0 AND changed_ms <= ?2 ORDER BY changed_ms LIMIT ?3)";

/// Deliveries are numbered in the order of their events, so the first one needs the oldest.
const FIRST_NEEDED: &str = "SELECT event FROM deliveries ORDER BY id LIMIT 1";

const FIRST_TOO_NEW: &str = "SELECT min(seq) FROM
    (SELECT seq, at_ms FROM events ORDER BY seq LIMIT ?1) WHERE at_ms > ?2";

const EVENTS: &str = "DELETE FROM events WHERE seq IN
    (SELECT seq FROM events WHERE seq < ?1 ORDER BY seq LIMIT ?2)";

const QUIET_STREAM: &str = "SELECT n, first, last FROM streams
    WHERE first <= last AND last_ms <= ?1 ORDER BY last_ms, tenant, name LIMIT 1";

const ENTRIES: &str = "DELETE FROM stream_entries WHERE stream = ?1 AND seq < ?2";

const TRIMMED: &str = "UPDATE streams SET first = ?2 WHERE n = ?1";

/// Of the streams that have been quiet longest, then in the order of their entries.
fn entries(connection: &Connection, until: &PruneUntil) -> Result<u64, StoreError> {
    let mut left = i64::from(until.limit);
    while left > 0 {
        let quiet = connection
            .prepare_cached(QUIET_STREAM)?
            .query_row([until.streams_ms], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        let Some((stream, first, last)): Option<(i64, i64, i64)> = quiet.optional()? else { break };
        let count = left.min(last - first + 1);
        connection.prepare_cached(ENTRIES)?.execute((stream, first + count))?;
        connection.prepare_cached(TRIMMED)?.execute((stream, first + count))?;
        left -= count;
    }
    Ok(u64::try_from(i64::from(until.limit) - left).unwrap_or(0))
}

/// Within a transaction of the writer.
pub(super) fn run(connection: &Connection, until: &PruneUntil) -> Result<Pruned, StoreError> {
    let rows = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let keys = connection.prepare_cached(KEYS)?.execute((until.keys_ms, until.limit))?;
    let mut deliveries = connection.prepare_cached(DELIVERIES)?;
    let delivered = deliveries.execute((1, until.delivered_ms, until.limit))?;
    let dead = deliveries.execute((2, until.dead_ms, until.limit))?;
    let needed: Option<i64> =
        connection.prepare_cached(FIRST_NEEDED)?.query_row([], |row| row.get(0)).optional()?;
    let too_new: Option<i64> = connection
        .prepare_cached(FIRST_TOO_NEW)?
        .query_row((until.limit, until.events_ms), |row| row.get(0))?;
    let stop = needed.unwrap_or(i64::MAX).min(too_new.unwrap_or(i64::MAX));
    let events = connection.prepare_cached(EVENTS)?.execute((stop, until.limit))?;
    Ok(Pruned {
        keys: rows(keys),
        deliveries: rows(delivered + dead),
        events: rows(events),
        entries: entries(connection, until)?,
    })
}
