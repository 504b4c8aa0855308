//! What can be read, and what is found. Several reads are one call and see one moment.

use std::collections::BTreeSet;

use crate::{AuditLink, ConsentState, Delivery, IdempotencyKey, IdempotencyRecord, Record};
use crate::{StoredEvent, StreamPage, StreamQuery, Subscription, UsageEvent, UsageTotal};

/// Something to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// One record by id.
    Record {
        /// Whose it is.
        tenant: String,
        /// The collection.
        collection: String,
        /// The id.
        id: String,
    },
    /// One record by its natural key.
    NaturalKey {
        /// Whose it is.
        tenant: String,
        /// The collection.
        collection: String,
        /// The key.
        natural_key: String,
    },
    /// Records, ordered.
    List(ListQuery),
    /// What is known of an idempotency key, even where it has run out.
    Idempotency(IdempotencyKey),
    /// The latest word on every consent scope of a subject.
    Consent {
        /// Whose it is.
        tenant: String,
        /// Whose consent.
        subject: String,
    },
    /// Events after a cursor.
    Events(EventQuery),
    /// One subscription.
    Subscription {
        /// Whose it is.
        tenant: String,
        /// Its id.
        id: String,
    },
    /// All subscriptions of a tenant; of every tenant where it is `None`.
    Subscriptions {
        /// Whose they are.
        tenant: Option<String>,
    },
    /// Deliveries, newest first.
    Deliveries {
        /// Whose they are; every tenant's where it is `None`.
        tenant: Option<String>,
        /// Only those given up.
        dead: bool,
        /// How many at most.
        limit: u32,
    },
    /// One delivery.
    Delivery {
        /// Whose it is; anyone's where it is `None`.
        tenant: Option<String>,
        /// Its number.
        id: u64,
    },
    /// Sums of usage.
    Usage(UsageQuery),
    /// Usage as it was metered, in the order of tenant, dimension, moment and id.
    UsageEvents {
        /// Which.
        query: UsageQuery,
        /// Those behind this one: tenant, dimension, moment, id.
        after: Option<(String, String, i64, String)>,
        /// How many at most.
        limit: u32,
    },
    /// Entries of a stream.
    Stream(StreamQuery),
    /// Links of the audit chain, from a sequence number on.
    Audit {
        /// The first number wanted; the chain begins with 1.
        from: u64,
        /// How many at most.
        limit: u32,
    },
}

/// Which records a list has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListQuery {
    /// Whose they are.
    pub tenant: String,
    /// The collection.
    pub collection: String,
    /// Indexed fields that must have these values.
    pub equal: Vec<(String, String)>,
    /// Indexed fields to order by, then by id.
    pub order: Vec<String>,
    /// The values of `order` and the id of the last record already seen.
    pub after: Option<Vec<String>>,
    /// How many at most.
    pub limit: u32,
}

/// Which events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventQuery {
    /// Whose they are; every tenant's where it is `None`.
    pub tenant: Option<String>,
    /// Types wanted; all where it is empty.
    pub types: Vec<String>,
    /// The last sequence number already seen.
    pub after: u64,
    /// How many at most.
    pub limit: u32,
}

/// Which deliveries to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueQuery {
    /// Those whose time has come at this moment, in milliseconds since 1970.
    pub now_ms: i64,
    /// How many at most of one subscription, so that one with much to send does not hide others.
    pub per_subscription: u32,
    /// How many at most in all.
    pub limit: u32,
    /// Subscriptions of which none are wanted: tenant, id.
    pub except: BTreeSet<(String, String)>,
}

impl DueQuery {
    /// Of every subscription, so many at most.
    #[must_use]
    pub fn all(now_ms: i64, limit: u32) -> Self {
        Self { now_ms, per_subscription: limit, limit, except: BTreeSet::new() }
    }
}

/// Which usage to sum, by tenant, dimension and whether it is charged for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UsageQuery {
    /// Whose it is; every tenant's where it is `None`.
    pub tenant: Option<String>,
    /// The dimension; all where it is `None`.
    pub dimension: Option<String>,
    /// From this moment on, in milliseconds since 1970.
    pub from_ms: i64,
    /// Before this moment, in milliseconds since 1970.
    pub until_ms: i64,
}

/// What a [`Read`] found, in its own form.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// Of `Record` and `NaturalKey`.
    Record(Option<Record>),
    /// Of `List`.
    Records(Vec<Record>),
    /// Of `Idempotency`.
    Idempotency(Option<IdempotencyRecord>),
    /// Of `Consent`.
    Consent(Vec<ConsentState>),
    /// Of `Events`.
    Events(Vec<StoredEvent>),
    /// Of `Subscription` and `Subscriptions`.
    Subscriptions(Vec<Subscription>),
    /// Of `Deliveries` and `Delivery`.
    Deliveries(Vec<Delivery>),
    /// Of `Usage`.
    Usage(Vec<UsageTotal>),
    /// Of `UsageEvents`.
    UsageEvents(Vec<UsageEvent>),
    /// Of `Stream`; the default where there is none.
    Stream(StreamPage),
    /// Of `Audit`.
    Audit(Vec<AuditLink>),
}
