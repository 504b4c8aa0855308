//! Every statement of a transaction, prepared once for a group, when it is first needed there.

use rusqlite::{CachedStatement, Connection};

use crate::StoreError;

macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:literal;)*) => {
        pub(super) struct Statements<'c> {
            connection: &'c Connection,
            $($name: Option<CachedStatement<'c>>,)*
        }

        impl<'c> Statements<'c> {
            pub(super) fn new(connection: &'c Connection) -> Self {
                Self { connection, $($name: None,)* }
            }

            $($(#[$doc])*
            pub(super) fn $name(&mut self) -> Result<&mut CachedStatement<'c>, StoreError> {
                let statement = match self.$name.take() {
                    Some(statement) => statement,
                    None => self.connection.prepare_cached($sql)?,
                };
                Ok(self.$name.insert(statement))
            })*
        }
    };
}

statements! {
    savepoint = "SAVEPOINT member";
    release = "RELEASE member";
    undo = "ROLLBACK TO member";

    find_record = "SELECT n, version, indexed FROM records WHERE space = ?1 AND id = ?2";
    find_version = "SELECT version FROM records WHERE id = ?3
        AND space = (SELECT space FROM spaces WHERE tenant = ?1 AND collection = ?2)";
    /// Changes no row where the id or the natural key is taken.
    make_record = "INSERT OR IGNORE INTO records
        (space, id, version, natural_key, indexed, created_ms, updated_ms, body)
        VALUES (?1, ?2, 1, ?3, ?4, ?5, ?5, ?6)";
    /// Changes no row where the natural key is taken.
    change_record = "UPDATE OR IGNORE records
        SET version = ?2, natural_key = ?3, indexed = ?4, updated_ms = ?5, body = ?6 WHERE n = ?1";
    remove_record = "DELETE FROM records WHERE n = ?1";
    add_to_index = "INSERT OR IGNORE INTO record_index (space, field, value, id) VALUES (?1, ?2, ?3, ?4)";
    remove_from_index = "DELETE FROM record_index WHERE space = ?1 AND field = ?2 AND value = ?3 AND id = ?4";

    find_key = "SELECT n, expires_ms FROM idempotency WHERE start = ?1 AND digest = ?2";
    find_reservation = "SELECT reservation FROM idempotency WHERE start = ?1 AND digest = ?2";
    /// Whether it is there is looked for first: a statement that may have to undo itself keeps a copy of
    /// every page it changes.
    add_key = "INSERT INTO idempotency (start, digest, fingerprint, reservation, lease_until_ms, status,
        headers, body, accepted_ms, expires_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    change_key = "UPDATE idempotency SET fingerprint = ?2, reservation = ?3, lease_until_ms = ?4,
        status = ?5, headers = ?6, body = ?7, accepted_ms = ?8, expires_ms = ?9 WHERE n = ?1";
    release_key = "DELETE FROM idempotency WHERE start = ?1 AND digest = ?2 AND reservation IS NOT NULL";

    add_consent = "INSERT INTO consents
        (id, tenant, subject, scope, granted, source, evidence, actor, at_ms)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    write_subscription = "INSERT OR REPLACE INTO subscriptions
        (tenant, id, url, events, secrets, state, created_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    add_usage = "INSERT OR IGNORE INTO usage
        (id, tenant, dimension, quantity, billable, operation, actor, correlation_id, at_ms)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    add_audit = "INSERT INTO audit
        (seq, previous, hash, at_ms, tenant, actor, operation, outcome, code, correlation_id, detail)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    settle_delivery = "UPDATE deliveries
        SET attempts = ?2, state = ?3, next_ms = ?4, last = ?5, changed_ms = ?6 WHERE id = ?1";
    add_event = "INSERT INTO events
        (seq, id, tenant, kind, envelope, public, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    make_stream = "INSERT INTO streams (tenant, name, first, last, last_ms) VALUES (?1, ?2, 1, ?3, ?4)";
    grow_stream = "UPDATE streams SET last = ?2, last_ms = ?3 WHERE n = ?1";
    add_entry = "INSERT INTO stream_entries (stream, seq, at_ms, body) VALUES (?1, ?2, ?3, ?4)";
    find_stream = "SELECT n, first, last FROM streams WHERE tenant = ?1 AND name = ?2";
    trim_stream = "UPDATE streams SET first = ?2 WHERE n = ?1";
    remove_entries = "DELETE FROM stream_entries WHERE stream = ?1 AND seq < ?2";
    add_delivery = "INSERT INTO deliveries
        (id, subscription, tenant, event, attempts, state, next_ms, last, changed_ms)
        VALUES (?1, ?2, ?3, ?4, 0, 0, ?5, NULL, ?5)";
}
