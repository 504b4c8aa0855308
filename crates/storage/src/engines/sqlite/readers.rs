//! Connections that read, taken in turns.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;
use rusqlite::Connection;

use super::open;
use crate::StoreError;

/// Connections that read at least, a count: some may be busy with a long list or sum, and one must
/// be left for what is short.
const READERS_MIN: usize = 4;
/// The same at most: each has its own memory for pages.
const READERS_MAX: usize = 16;

#[derive(Debug)]
pub(super) struct Readers {
    connections: Vec<Mutex<Connection>>,
    turn: AtomicUsize,
}

impl Readers {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        // More than threads that read at once are of no use.
        let threads = std::thread::available_parallelism().map_or(READERS_MIN, std::num::NonZero::get);
        let count = threads.clamp(READERS_MIN, READERS_MAX);
        let connections: Result<Vec<_>, _> = (0..count).map(|_| open::reader(path).map(Mutex::new)).collect();
        Ok(Self { connections: connections?, turn: AtomicUsize::new(0) })
    }

    /// Runs `read` so that everything in it sees one moment.
    pub(super) fn at_one_moment<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.alone(|connection| {
            connection.prepare_cached("BEGIN")?.execute([])?;
            let found = read(connection);
            // Ending what only read cannot lose anything, whichever way it ends.
            connection.prepare_cached("COMMIT")?.execute([])?;
            found
        })
    }

    /// Runs `read` on a connection nobody else uses meanwhile.
    pub(super) fn alone<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let count = self.connections.len();
        let free = (0..count).find_map(|step| self.connections.get((turn + step) % count)?.try_lock());
        let connection = match free {
            Some(connection) => connection,
            None => match self.connections.get(turn % count.max(1)) {
                Some(connection) => connection.lock(),
                None => return Err(StoreError::Closed),
            },
        };
        read(&connection)
    }
}
