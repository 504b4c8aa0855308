//! Connections, and how each is set up.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::migrations;
use crate::StoreError;

/// How long a connection waits for another's lock, in milliseconds: only the moments when the log
/// starts over or a backup begins ever make one wait.
const BUSY_TIMEOUT_MS: u64 = 5_000;

/// Statements kept prepared by each connection, a count: all there are.
const STATEMENTS_KEPT_MAX: usize = 64;

/// Memory for pages of the connection that writes, in kibibytes: the hot ends of all its trees, and
/// the inner pages of those that are written everywhere. Each commit that moved a page walks through
/// all of it, so that more would cost more than it saves; the system keeps the rest of the file.
const WRITER_CACHE_KIB: i64 = 16 * 1024;

/// What is left of the write-ahead log when it starts over, in bytes: a backup or a long read may have
/// made it longer.
const LOG_KEPT_BYTES: i64 = 64 * 1024 * 1024;

/// Memory for pages of each connection that reads, in kibibytes.
const READER_CACHE_KIB: i64 = 8 * 1024;

/// The path with everything resolved, so that one store has one lock however it is named.
pub(super) fn resolve(path: &Path) -> Result<PathBuf, StoreError> {
    if let Ok(path) = path.canonicalize() {
        return Ok(path);
    }
    let failed = |why: &str| StoreError::Engine(format!("{}: {why}", path.display()));
    let name = path.file_name().ok_or_else(|| failed("this names no file"))?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let folder = folder.canonicalize().map_err(|_| failed("its folder is not there; make it first"))?;
    Ok(folder.join(name))
}

/// The connection that writes, with the tables as this program knows them.
pub(super) fn writer(path: &Path) -> Result<Connection, StoreError> {
    let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
    let found = migrations::found(&connection, &path.display().to_string())?;
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    if mode != "wal" {
        let why = format!("{}: no write-ahead log here ({mode}); is it on a network drive?", path.display());
        return Err(StoreError::Engine(why));
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update_and_check(None, "journal_size_limit", LOG_KEPT_BYTES, |_| Ok(()))?;
    migrations::run(&mut connection, found)?;
    Ok(connection)
}

/// A connection that reads.
pub(super) fn reader(path: &Path) -> Result<Connection, StoreError> {
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}

/// A connection that moves pages from the log to their places.
pub(super) fn checkpointer(path: &Path) -> Result<Connection, StoreError> {
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    Ok(connection)
}

/// Refuses a file that cannot be read as it is.
pub(super) fn check_to_read(path: &Path) -> Result<(), StoreError> {
    let file = path.display().to_string();
    if !path.is_file() {
        return Err(StoreError::Engine(format!("{file}: there is no such file")));
    }
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let found = migrations::found(&connection, &file)?;
    if found < migrations::known() {
        let why =
            format!("{file}: its tables are those of an older version; `tenon serve` brings them up to date");
        return Err(StoreError::Engine(why));
    }
    Ok(())
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(|error| StoreError::Engine(format!("{}: {error}", path.display())))?;
    connection.busy_timeout(Duration::from_millis(BUSY_TIMEOUT_MS))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT_MAX);
    // Without it a statement with a bound `LIMIT` is parsed anew each time it is used, to plan by the number.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(connection)
}
