//! How the tables came to be: what was released is never changed, only added to.

use rusqlite::{Connection, TransactionBehavior};

use crate::StoreError;

/// Says that a file is ours: `TENO`.
const APPLICATION_ID: i64 = 0x5445_4e4f;

struct Migration {
    version: i64,
    name: &'static str,
    sql: &'static str,
}

/// Every migration, oldest first.
const MIGRATIONS: [Migration; 3] = [
    Migration { version: 1, name: "first", sql: include_str!("migrations/0001_first.sql") },
    Migration { version: 2, name: "streams", sql: include_str!("migrations/0002_streams.sql") },
    Migration { version: 3, name: "fewer trees", sql: include_str!("migrations/0003_fewer_trees.sql") },
];

/// The version of the tables this program works with.
pub(super) fn known() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// The version of a file's tables; 0 for a new file. Changes nothing.
pub(super) fn found(connection: &Connection, file: &str) -> Result<i64, StoreError> {
    let foreign = |why: String| StoreError::Foreign { file: file.to_owned(), why };
    let read = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let tables = match read("SELECT count(*) FROM sqlite_schema") {
        Ok(tables) => tables,
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
            return Err(foreign("it is not an SQLite database".to_owned()));
        }
        Err(error) => return Err(error.into()),
    };
    match read("PRAGMA application_id")? {
        0 if tables == 0 => return Ok(0),
        0 => return Err(foreign("it is an SQLite database with other tables".to_owned())),
        APPLICATION_ID => {}
        other => return Err(foreign(format!("it is an SQLite database of application {other:#x}"))),
    }
    let found = read("SELECT coalesce(max(version), 0) FROM migrations")?;
    let known = known();
    if found > known {
        return Err(StoreError::Newer { file: file.to_owned(), found, known });
    }
    Ok(found)
}

/// Brings a file's tables from `found` to what this program knows, each step whole or not at all.
pub(super) fn run(connection: &mut Connection, found: i64) -> Result<(), StoreError> {
    for migration in MIGRATIONS.iter().filter(|migration| migration.version > found) {
        let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if migration.version == 1 {
            step.pragma_update(None, "application_id", APPLICATION_ID)?;
            step.execute_batch("CREATE TABLE migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL)")?;
        }
        step.execute_batch(migration.sql)?;
        step.execute("INSERT INTO migrations VALUES (?1, ?2)", (migration.version, migration.name))?;
        step.commit()?;
    }
    Ok(())
}
