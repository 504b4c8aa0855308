//! Writing one record and its index.

use std::collections::BTreeMap;

use rusqlite::OptionalExtension as _;

use super::super::values::{indexed, int};
use super::state::State;
use super::statements::Statements;
use crate::{CommitError, RecordWrite, StoreError, conflict};

/// A record as it is now.
struct Old {
    n: i64,
    version: i64,
    indexed: String,
}

pub(super) fn write(
    statements: &mut Statements<'_>,
    state: &mut State,
    write: &RecordWrite,
    at_ms: i64,
) -> Result<(), CommitError> {
    let Some(space) = state.space(&write.tenant, &write.collection) else {
        return Err(StoreError::Engine("a space was not made".to_owned()).into());
    };
    let space = space.number;
    match (&write.body, write.expected_version) {
        (Some(body), 0) => make(statements, space, write, body, at_ms)?,
        (Some(body), _) => change(statements, space, write, body, at_ms)?,
        (None, _) => remove(statements, space, write)?,
    }
    if let Some(number) = write.sequence {
        state.raise(space, number);
    }
    Ok(())
}

/// Makes a record that is not there yet. Whether it is, the insert itself finds out.
fn make(
    statements: &mut Statements<'_>,
    space: i64,
    write: &RecordWrite,
    body: &[u8],
    at_ms: i64,
) -> Result<(), CommitError> {
    let fields = write.indexed();
    let row = (space, &write.id, write.natural_key.as_deref(), to_json(&fields)?, at_ms, body);
    if statements.make_record()?.execute(row).map_err(StoreError::from)? == 0 {
        let is_there = find(statements, space, &write.id)?.is_some();
        let what = if is_there { conflict::RECORD } else { conflict::NATURAL_KEY };
        return Err(CommitError::Conflict(what));
    }
    for (field, value) in fields {
        let row = (space, field, value, &write.id);
        statements.add_to_index()?.execute(row).map_err(StoreError::from)?;
    }
    Ok(())
}

fn change(
    statements: &mut Statements<'_>,
    space: i64,
    write: &RecordWrite,
    body: &[u8],
    at_ms: i64,
) -> Result<(), CommitError> {
    let old = expected(statements, space, write)?;
    let fields = write.indexed();
    let new = to_json(&fields)?;
    let version = int(write.expected_version.saturating_add(1));
    let row = (old.n, version, write.natural_key.as_deref(), &new, at_ms, body);
    if statements.change_record()?.execute(row).map_err(StoreError::from)? == 0 {
        return Err(CommitError::Conflict(conflict::NATURAL_KEY));
    }
    if old.indexed != new {
        let before = indexed(0, &old.indexed).map_err(StoreError::from)?;
        index(statements, space, &write.id, &before, &fields)?;
    }
    Ok(())
}

fn remove(statements: &mut Statements<'_>, space: i64, write: &RecordWrite) -> Result<(), CommitError> {
    if write.expected_version == 0 {
        return match find(statements, space, &write.id)? {
            Some(_) => Err(CommitError::Conflict(conflict::RECORD)),
            None => Ok(()),
        };
    }
    let old = expected(statements, space, write)?;
    statements.remove_record()?.execute([old.n]).map_err(StoreError::from)?;
    let before = indexed(0, &old.indexed).map_err(StoreError::from)?;
    index(statements, space, &write.id, &before, &BTreeMap::new())?;
    Ok(())
}

/// Brings the index from one set of values to another.
fn index(
    statements: &mut Statements<'_>,
    space: i64,
    id: &str,
    before: &BTreeMap<String, String>,
    after: &BTreeMap<&str, &str>,
) -> Result<(), StoreError> {
    for (field, value) in before {
        if after.get(field.as_str()) != Some(&value.as_str()) {
            statements.remove_from_index()?.execute((space, field, value, id))?;
        }
    }
    for (field, value) in after {
        if before.get(*field).map(String::as_str) != Some(*value) {
            statements.add_to_index()?.execute((space, field, value, id))?;
        }
    }
    Ok(())
}

/// The record, at the version that is expected.
fn expected(statements: &mut Statements<'_>, space: i64, write: &RecordWrite) -> Result<Old, CommitError> {
    find(statements, space, &write.id)?
        .filter(|old| old.version == int(write.expected_version))
        .ok_or(CommitError::Conflict(conflict::RECORD))
}

fn find(statements: &mut Statements<'_>, space: i64, id: &str) -> Result<Option<Old>, StoreError> {
    let old = statements
        .find_record()?
        .query_row((space, id), |row| Ok(Old { n: row.get(0)?, version: row.get(1)?, indexed: row.get(2)? }))
        .optional()?;
    Ok(old)
}

fn to_json(fields: &BTreeMap<&str, &str>) -> Result<String, StoreError> {
    serde_json::to_string(fields).map_err(|error| StoreError::Engine(error.to_string()))
}
