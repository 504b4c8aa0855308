//! Lists: which index to follow, and how far.
//!
//! Candidates come from one of three places: the index of an equality, the index of the first
//! field of the order, or the ids. They are held against the rest here, and the first of them in
//! order are kept. Where they come in order, the rest is not looked at.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{CachedStatement, Connection, Row};

use super::super::values::indexed;
use super::{rows, shapes};
use crate::{ListQuery, Record, StoreError};

/// From this many records on an equality is taken to hold for much, and the order's own index is
/// followed instead, a count.
const EQUALS_FEW: i64 = 1_000;

const COUNT: &str = "SELECT count(*) FROM
    (SELECT 1 FROM record_index WHERE space = ?1 AND field = ?2 AND value = ?3 LIMIT ?4)";

/// Columns of candidates: id, n, indexed, value of the index that is followed.
const BY_EQUALITY: &str = "SELECT r.id, r.n, r.indexed, i.value FROM record_index i
    CROSS JOIN records r ON r.space = i.space AND r.id = i.id
    WHERE i.space = ?1 AND i.field = ?2 AND i.value = ?3 AND i.id > ?4 ORDER BY i.id";

const BY_ORDER: &str = "SELECT r.id, r.n, r.indexed, i.value FROM record_index i
    CROSS JOIN records r ON r.space = i.space AND r.id = i.id
    WHERE i.space = ?1 AND i.field = ?2 AND (i.value, i.id) > (?3, ?4) ORDER BY i.value, i.id";

const BY_ID: &str = "SELECT id, n, indexed, '' FROM records WHERE space = ?1 AND id > ?2 ORDER BY id";

const BODY: &str = "SELECT id, version, created_ms, updated_ms, body FROM records WHERE n = ?1";

/// Where candidates come from.
enum Source<'q> {
    Equality { field: &'q str, value: &'q str },
    Order { field: &'q str },
    Ids,
}

/// The place of a record in the list: the values of the order, then its id.
type Place = Vec<String>;

/// Records of a list, in order.
pub(super) fn find(
    connection: &Connection,
    space: i64,
    query: &ListQuery,
) -> Result<Vec<Record>, StoreError> {
    if query.limit == 0 {
        return Ok(Vec::new());
    }
    let source = source(connection, space, query)?;
    let kept = collect(connection, space, query, &source)?;
    let mut body = connection.prepare_cached(BODY)?;
    let mut records = Vec::with_capacity(kept.len());
    for (_, n) in kept {
        records.push(body.query_row([n], |row| rows::record(row, &query.tenant, &query.collection))?);
    }
    Ok(records)
}

fn source<'q>(connection: &Connection, space: i64, query: &'q ListQuery) -> Result<Source<'q>, StoreError> {
    let mut fewest: Option<(i64, Source<'q>)> = None;
    let mut count = connection.prepare_cached(COUNT)?;
    for (field, value) in &query.equal {
        let found: i64 = count.query_row((space, field, value, EQUALS_FEW), |row| row.get(0))?;
        if fewest.as_ref().is_none_or(|(fewest, _)| found < *fewest) {
            fewest = Some((found, Source::Equality { field, value }));
        }
    }
    let by_order = match query.order.first() {
        // A record without the field is not in its index, and still in the list.
        Some(field) if shapes(connection, space)?.iter().all(|shape| shape.contains(field)) => {
            Some(Source::Order { field })
        }
        _ => None,
    };
    Ok(match (fewest, by_order) {
        (Some((found, source)), _) if found < EQUALS_FEW => source,
        (_, Some(source)) => source,
        (Some((_, source)), None) => source,
        (None, None) => Source::Ids,
    })
}

/// The first records of the list, by place.
fn collect(
    connection: &Connection,
    space: i64,
    query: &ListQuery,
    source: &Source<'_>,
) -> Result<BTreeSet<(Place, i64)>, StoreError> {
    let limit = query.limit as usize;
    let mut statement = prepare(connection, source)?;
    let mut rows = statement.query(rusqlite::params_from_iter(params(space, query, source)))?;
    let mut kept: BTreeSet<(Place, i64)> = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let last = if kept.len() == limit { kept.last() } else { None };
        if last.is_some_and(|(last, _)| is_past(row, source, query, last)) {
            break;
        }
        let fields = indexed(2, row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?)?;
        let place = place(&fields, query, row.get(0)?);
        let is_wanted = query.equal.iter().all(|(field, value)| fields.get(field) == Some(value))
            && query.after.as_ref().is_none_or(|after| place > *after);
        if is_wanted {
            kept.insert((place, row.get(1)?));
            if kept.len() > limit {
                kept.pop_last();
            }
        }
    }
    Ok(kept)
}

fn prepare<'c>(connection: &'c Connection, source: &Source<'_>) -> Result<CachedStatement<'c>, StoreError> {
    let sql = match source {
        Source::Equality { .. } => BY_EQUALITY,
        Source::Order { .. } => BY_ORDER,
        Source::Ids => BY_ID,
    };
    Ok(connection.prepare_cached(sql)?)
}

/// What the statement is given: where to begin, as far as its own order knows the cursor.
fn params(space: i64, query: &ListQuery, source: &Source<'_>) -> Vec<rusqlite::types::Value> {
    let after = query.after.as_deref().unwrap_or_default();
    let text = |text: &str| rusqlite::types::Value::Text(text.to_owned());
    // In order of ids only where nothing else decides.
    let after_id = match (query.order.is_empty(), after.first()) {
        (true, Some(id)) => text(id),
        _ => text(""),
    };
    let space = rusqlite::types::Value::Integer(space);
    match source {
        Source::Equality { field, value } => vec![space, text(field), text(value), after_id],
        Source::Ids => vec![space, after_id],
        Source::Order { field } => {
            let value = after.first().map_or("", String::as_str);
            // With more fields in the order, the id says nothing about who comes after.
            let id = match (query.order.len(), after.get(1)) {
                (1, Some(id)) => id.as_str(),
                _ => "",
            };
            vec![space, text(field), text(value), text(id)]
        }
    }
}

/// Whether this row, and so every later one, comes after the last that is kept.
fn is_past(row: &Row<'_>, source: &Source<'_>, query: &ListQuery, last: &Place) -> bool {
    match (source, query.order.len()) {
        // Candidates come in the order of the list itself.
        (Source::Order { .. }, 1) | (Source::Ids | Source::Equality { .. }, 0) => true,
        (Source::Order { .. }, _) => {
            let value = row.get_ref(3).ok().and_then(|value| value.as_str().ok());
            value.zip(last.first()).is_some_and(|(value, last)| value > last.as_str())
        }
        _ => false,
    }
}

fn place(fields: &BTreeMap<String, String>, query: &ListQuery, id: String) -> Place {
    let values = query.order.iter().map(|field| fields.get(field).cloned().unwrap_or_default());
    values.chain([id]).collect()
}
