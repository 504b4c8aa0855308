//! Streams: entries at their ends, and beginnings that go.

use rusqlite::OptionalExtension as _;

use super::super::values::{int, number};
use super::statements::Statements;
use crate::{StoreError, Transaction, Trim};

/// The last number of each stream that grew.
pub(super) fn write(
    statements: &mut Statements<'_>,
    transaction: &Transaction,
) -> Result<Vec<u64>, StoreError> {
    let mut reached = Vec::with_capacity(transaction.appends.len());
    for append in &transaction.appends {
        let Some(newest) = append.entries.last() else {
            let place = (&append.tenant, &append.stream);
            let found = statements.find_stream()?.query_row(place, |row| row.get::<_, i64>(2)).optional()?;
            reached.push(number(found.unwrap_or(0)));
            continue;
        };
        let count = i64::try_from(append.entries.len()).unwrap_or(i64::MAX);
        let grown = (&append.tenant, &append.stream, count, newest.at_ms);
        let (stream, last): (i64, i64) =
            statements.grow_stream()?.query_row(grown, |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut seq = last - count;
        for entry in &append.entries {
            seq += 1;
            statements.add_entry()?.execute((stream, seq, entry.at_ms, entry.body.as_slice()))?;
        }
        reached.push(number(last));
    }
    for trim in &transaction.trims {
        cut(statements, trim)?;
    }
    Ok(reached)
}

fn cut(statements: &mut Statements<'_>, trim: &Trim) -> Result<(), StoreError> {
    let found = statements
        .find_stream()?
        .query_row((&trim.tenant, &trim.stream), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let Some((stream, first, last)): Option<(i64, i64, i64)> = found.optional()? else { return Ok(()) };
    let keep_from = int(trim.keep_from).min(last + 1);
    if keep_from > first {
        statements.remove_entries()?.execute((stream, keep_from))?;
        statements.trim_stream()?.execute((stream, keep_from))?;
    }
    Ok(())
}
