//! The connection that writes: a group of transactions is one transaction of SQLite, each member
//! under a savepoint.

mod member;
mod records;
mod state;
mod statements;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rusqlite::Connection;

use super::prune;
use crate::{CommitError, PruneUntil, Pruned, Receipt, StoreError, Transaction};
use state::State;
use statements::Statements;

type Results = Vec<Result<Receipt, CommitError>>;

#[derive(Debug)]
pub(super) struct Writer {
    connection: Connection,
    /// What the file says, kept in memory; `None` after a failure, until it is read again.
    state: Option<State>,
    log_pages: Arc<AtomicUsize>,
}

impl Writer {
    pub(super) fn new(mut connection: Connection) -> Result<Self, StoreError> {
        let log_pages = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&log_pages);
        connection.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages: std::ffi::c_int| {
            seen.store(usize::try_from(pages).unwrap_or(0), Ordering::Relaxed);
            Ok(())
        }))?;
        let state = Some(State::read(&connection)?);
        Ok(Self { connection, state, log_pages })
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
        self.transaction(|connection, state| write_group(connection, state, group))
    }

    pub(super) fn prune(&mut self, until: &PruneUntil) -> Result<Pruned, StoreError> {
        self.transaction(|connection, _| prune::run(connection, until))
    }

    /// Runs `write` in a transaction. Where anything fails nothing has happened, and what is kept
    /// in memory is read again from the file before the next.
    fn transaction<T>(
        &mut self,
        write: impl FnOnce(&Connection, &mut State) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut state = match self.state.take() {
            Some(state) => state,
            None => State::read(&self.connection)?,
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

fn write_group(
    connection: &Connection,
    state: &mut State,
    group: &[Transaction],
) -> Result<Results, StoreError> {
    let mut statements = Statements::prepare(connection)?;
    let before = state.heads.clone();
    let mut results = Vec::with_capacity(group.len());
    for transaction in group {
        // Before the savepoint: spaces stay known even where this transaction is undone.
        state.know_spaces(connection, transaction)?;
        let mark = state.mark();
        statements.savepoint.execute([])?;
        let result = member::write(&mut statements, state, transaction);
        if result.is_err() {
            if connection.is_autocommit() {
                // SQLite itself has undone everything: the disk is full, or failed.
                return Err(match result {
                    Err(CommitError::Store(error)) => error,
                    _ => StoreError::Engine("the transaction ended early".to_owned()),
                });
            }
            statements.undo.execute([])?;
            state.restore(mark);
        }
        statements.release.execute([])?;
        results.push(result);
    }
    if state.heads != before {
        state.write_heads(connection)?;
    }
    Ok(results)
}
