//! The connection that writes: a group of transactions is one transaction of SQLite.
//!
//! A member that is refused must leave nothing behind. Nearly always it is refused before it has
//! written anything, and there is nothing to undo; so a group is first written plainly. Where a
//! member fails half way, the whole group is undone and written again, each member under a savepoint:
//! one costs as much as a third of the writing itself, for every page is copied anew for each.

mod member;
mod records;
mod state;
mod statements;
mod streams;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rusqlite::Connection;

use super::prune;
use super::seen::Seen;
use crate::{CommitError, PruneUntil, Pruned, Receipt, StoreError, Transaction};
use state::State;
use statements::Statements;

type Results = Vec<Result<Receipt, CommitError>>;

/// Why a transaction of SQLite was undone.
enum Undone {
    /// The store failed.
    Failed(StoreError),
    /// A member of a group failed half way.
    HalfWay,
}

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl From<rusqlite::Error> for Undone {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Undone> for StoreError {
    fn from(undone: Undone) -> Self {
        match undone {
            Undone::Failed(error) => error,
            Undone::HalfWay => Self::Engine("a transaction failed half way".to_owned()),
        }
    }
}

#[derive(Debug)]
pub(super) struct Writer {
    connection: Connection,
    /// What the file says, kept in memory; `None` after a failure, until it is read again.
    state: Option<State>,
    log_pages: Arc<AtomicUsize>,
    seen: Arc<Seen>,
}

impl Writer {
    pub(super) fn new(mut connection: Connection, seen: Arc<Seen>) -> Result<Self, StoreError> {
        let log_pages = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&log_pages);
        connection.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages: std::ffi::c_int| {
            counted.store(usize::try_from(pages).unwrap_or(0), Ordering::Relaxed);
            Ok(())
        }))?;
        let state = Some(State::read(&connection, Arc::clone(&seen))?);
        Ok(Self { connection, state, log_pages, seen })
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Pages in the write-ahead log after the last commit.
    pub(super) fn log_pages(&self) -> usize {
        self.log_pages.load(Ordering::Relaxed)
    }

    /// Commits a group with one durable write. An error is everybody's.
    pub(super) fn commit(&mut self, group: &[Transaction]) -> Result<Results, StoreError> {
        match self.transaction(|connection, state| write_group(connection, state, group, write_plainly)) {
            Err(Undone::HalfWay) => Ok(self.transaction(|connection, state| {
                write_group(connection, state, group, write_under_savepoint)
            })?),
            other => Ok(other?),
        }
    }

    pub(super) fn prune(&mut self, until: &PruneUntil) -> Result<Pruned, StoreError> {
        Ok(self.transaction(|connection, _| Ok(prune::run(connection, until)?))?)
    }

    /// Runs `write` in a transaction. Where anything fails nothing has happened, and what is kept
    /// in memory is read again from the file before the next.
    fn transaction<T>(
        &mut self,
        write: impl FnOnce(&Connection, &mut State) -> Result<T, Undone>,
    ) -> Result<T, Undone> {
        let mut state = match self.state.take() {
            Some(state) => state,
            None => State::read(&self.connection, Arc::clone(&self.seen))?,
        };
        self.connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        let written = write(&self.connection, &mut state)
            .and_then(|written| Ok((written, self.connection.prepare_cached("COMMIT")?.execute([])?)));
        match written {
            Ok((written, _)) => {
                self.state = Some(state);
                Ok(written)
            }
            Err(error) => {
                if !self.connection.is_autocommit() {
                    // Where even this fails, so does the next `BEGIN`, and says so.
                    let _ = self.connection.execute_batch("ROLLBACK");
                }
                Err(error)
            }
        }
    }
}

/// One member; an error of its own, or one that undoes everything.
type WriteMember = fn(
    &Connection,
    &mut Statements<'_>,
    &mut State,
    &Transaction,
) -> Result<Result<Receipt, CommitError>, Undone>;

fn write_group(
    connection: &Connection,
    state: &mut State,
    group: &[Transaction],
    write: WriteMember,
) -> Result<Results, Undone> {
    let mut statements = Statements::new(connection);
    let before = state.heads.clone();
    let mut results = Vec::with_capacity(group.len());
    for transaction in group {
        // Spaces stay known even where this transaction is undone.
        state.know_spaces(connection, transaction)?;
        results.push(write(connection, &mut statements, state, transaction)?);
    }
    state.write_raised(connection)?;
    if state.heads != before {
        state.write_heads(connection)?;
    }
    Ok(results)
}

fn write_plainly(
    connection: &Connection,
    statements: &mut Statements<'_>,
    state: &mut State,
    transaction: &Transaction,
) -> Result<Result<Receipt, CommitError>, Undone> {
    let before = connection.total_changes();
    let result = member::write(statements, state, transaction);
    match &result {
        Err(CommitError::Conflict(_)) if connection.total_changes() == before => Ok(result),
        Err(_) => Err(Undone::HalfWay),
        Ok(_) => Ok(result),
    }
}

fn write_under_savepoint(
    connection: &Connection,
    statements: &mut Statements<'_>,
    state: &mut State,
    transaction: &Transaction,
) -> Result<Result<Receipt, CommitError>, Undone> {
    let mark = state.mark();
    statements.savepoint()?.execute([])?;
    let result = member::write(statements, state, transaction);
    if let Err(error) = &result {
        if connection.is_autocommit() {
            // SQLite itself has undone everything: the disk is full, or failed.
            return Err(Undone::Failed(StoreError::Engine(error.to_string())));
        }
        statements.undo()?.execute([])?;
        state.restore(mark);
    }
    statements.release()?.execute([])?;
    Ok(result)
}
