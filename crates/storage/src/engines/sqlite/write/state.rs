//! What the writer knows of the file without reading it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _};

use super::super::read;
use super::super::seen::Seen;
use super::super::values::int;
use crate::{StoreError, Subscription, Transaction};

/// Numbers that were given, none of them twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Counters {
    pub(super) last_event: u64,
    pub(super) last_delivery: u64,
    pub(super) audit_seq: u64,
    pub(super) audit_hash: String,
}

/// Subscriptions by tenant and id.
pub(super) type Subscriptions = BTreeMap<String, BTreeMap<String, Subscription>>;

/// A space, and every set of fields its records were indexed by.
#[derive(Debug)]
pub(super) struct Space {
    pub(super) number: i64,
    shapes: Vec<Vec<String>>,
}

/// Spaces are looked up for every record, and never listed.
type Spaces = HashMap<String, HashMap<String, Space>>;

#[derive(Debug)]
pub(super) struct State {
    pub(super) heads: Counters,
    pub(super) subscriptions: Arc<Subscriptions>,
    spaces: Spaces,
    /// How far the sequences of spaces were raised by this group, written once at its end.
    raised: BTreeMap<i64, u64>,
    /// Told of every key before it is committed.
    pub(super) seen: Arc<Seen>,
}

/// What a transaction that is undone gets back.
pub(super) struct Mark {
    heads: Counters,
    subscriptions: Arc<Subscriptions>,
    raised: BTreeMap<i64, u64>,
}

impl State {
    pub(super) fn read(connection: &Connection, seen: Arc<Seen>) -> Result<Self, StoreError> {
        let sql = "SELECT last_event, last_delivery, audit_seq, audit_hash FROM heads";
        let heads = connection.query_row(sql, [], |row| {
            Ok(Counters {
                last_event: row.get::<_, i64>(0)?.cast_unsigned(),
                last_delivery: row.get::<_, i64>(1)?.cast_unsigned(),
                audit_seq: row.get::<_, i64>(2)?.cast_unsigned(),
                audit_hash: row.get(3)?,
            })
        })?;
        let mut subscriptions = Subscriptions::new();
        for subscription in read::subscriptions(connection, None)? {
            let of_tenant = subscriptions.entry(subscription.tenant.clone()).or_default();
            of_tenant.insert(subscription.id.clone(), subscription);
        }
        // Spaces are read when they are first met: there may be very many, and few of them in use.
        Ok(Self {
            heads,
            subscriptions: Arc::new(subscriptions),
            spaces: Spaces::new(),
            raised: BTreeMap::new(),
            seen,
        })
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            heads: self.heads.clone(),
            subscriptions: Arc::clone(&self.subscriptions),
            raised: self.raised.clone(),
        }
    }

    pub(super) fn restore(&mut self, mark: Mark) {
        self.heads = mark.heads;
        self.subscriptions = mark.subscriptions;
        self.raised = mark.raised;
    }

    /// A sequence reaches at least this far.
    pub(super) fn raise(&mut self, space: i64, number: u64) {
        let raised = self.raised.entry(space).or_default();
        *raised = number.max(*raised);
    }

    /// Writes how far sequences were raised.
    pub(super) fn write_raised(&mut self, connection: &Connection) -> Result<(), StoreError> {
        while let Some((space, number)) = self.raised.pop_first() {
            let sql = "UPDATE spaces SET sequence = ?2 WHERE space = ?1 AND sequence < ?2";
            connection.prepare_cached(sql)?.execute((space, int(number)))?;
        }
        Ok(())
    }

    pub(super) fn space(&self, tenant: &str, collection: &str) -> Option<&Space> {
        self.spaces.get(tenant)?.get(collection)
    }

    /// Makes every space, and every shape, this transaction writes to.
    pub(super) fn know_spaces(
        &mut self,
        connection: &Connection,
        transaction: &Transaction,
    ) -> Result<(), StoreError> {
        for write in &transaction.records {
            if self.space(&write.tenant, &write.collection).is_none() {
                let space = make_space(connection, &write.tenant, &write.collection)?;
                self.spaces.entry(write.tenant.clone()).or_default().insert(write.collection.clone(), space);
            }
            let known = self.spaces.get_mut(&write.tenant).and_then(|all| all.get_mut(&write.collection));
            let Some(space) = known.filter(|_| write.body.is_some()) else { continue };
            let fields = write.indexed();
            let is_known =
                space.shapes.iter().any(|shape| shape.iter().map(String::as_str).eq(fields.keys().copied()));
            if !is_known {
                let shape: Vec<String> = fields.into_keys().map(str::to_owned).collect();
                let sql = "INSERT OR IGNORE INTO shapes VALUES (?1, ?2)";
                connection
                    .prepare_cached(sql)?
                    .execute((space.number, super::super::values::json(&shape)?))?;
                space.shapes.push(shape);
            }
        }
        Ok(())
    }

    pub(super) fn write_heads(&self, connection: &Connection) -> Result<(), StoreError> {
        let sql = "UPDATE heads SET last_event = ?1, last_delivery = ?2, audit_seq = ?3, audit_hash = ?4";
        let heads = &self.heads;
        connection.prepare_cached(sql)?.execute((
            int(heads.last_event),
            int(heads.last_delivery),
            int(heads.audit_seq),
            &heads.audit_hash,
        ))?;
        Ok(())
    }
}

/// The number of a space, made where it is new.
fn make_space(connection: &Connection, tenant: &str, collection: &str) -> Result<Space, StoreError> {
    let find = "SELECT space FROM spaces WHERE tenant = ?1 AND collection = ?2";
    let place = (tenant, collection);
    let found = connection.prepare_cached(find)?.query_row(place, |row| row.get(0)).optional()?;
    let number: i64 = match found {
        Some(number) => number,
        None => {
            let make = "INSERT INTO spaces (tenant, collection) VALUES (?1, ?2)";
            connection.prepare_cached(make)?.insert(place)?
        }
    };
    let shapes = read::shapes(connection, number)?;
    Ok(Space { number, shapes })
}
