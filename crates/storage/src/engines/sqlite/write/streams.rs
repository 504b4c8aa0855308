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
        // Looking first, and then writing, costs less than one statement that does both.
        let place = (&append.tenant, &append.stream);
        let found = statements.find_stream()?.query_row(place, |row| Ok((row.get(0)?, row.get(2)?)));
        let found: Option<(i64, i64)> = found.optional()?;
        let mut seq = found.map_or(0, |(_, last)| last);
        let Some(newest) = append.entries.last() else {
            reached.push(number(seq));
            continue;
        };
        let last = seq.saturating_add(i64::try_from(append.entries.len()).unwrap_or(i64::MAX));
        let stream = match found {
            Some((stream, _)) => {
                statements.grow_stream()?.execute((stream, last, newest.at_ms))?;
                stream
            }
            None => statements.make_stream()?.insert((&append.tenant, &append.stream, last, newest.at_ms))?,
        };
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
