//! What the gateway keeps: records, idempotency, consent, usage, audit, events and their
//! deliveries, streams; and one transaction that changes them together.
//!
//! Holds: the types of what is stored, the port every engine has ([`Engine`]), the engines, and
//! [`Store`], which groups the commits of many callers into one. It must never hold: operations,
//! contracts, policies. It knows tenants and keys, and that a body is bytes.
//!
//! Start reading at [`Transaction`] and [`Read`], then [`Store`].
#![forbid(unsafe_code)]

mod audit;
mod consent;
mod engine;
pub mod engines;
mod error;
mod idempotency;
pub mod limits;
mod outbox;
mod read;
mod record;
mod store;
mod stream;
mod transaction;
mod usage;

pub use audit::{AuditEntry, AuditLink, ChainBreak, ChainVerifier};
pub use consent::{ConsentChange, ConsentState};
pub use engine::{Engine, Heads, PruneUntil, Pruned};
pub use error::{CommitError, StoreError, conflict};
pub use idempotency::{IdempotencyKey, IdempotencyRecord, IdempotencyState, StoredReply};
pub use outbox::{
    Delivery, DeliveryOutcome, DeliveryState, NewEvent, StoredEvent, Subscription, SubscriptionState,
};
pub use read::{DueQuery, EventQuery, Found, ListQuery, Read, UsageQuery};
pub use record::{Record, RecordWrite};
pub use store::{AuditReport, Store, verify_audit};
pub use stream::{Append, NewEntry, StreamEntry, StreamPage, StreamQuery, Trim};
pub use transaction::{Expect, Receipt, Transaction};
pub use usage::{UsageEvent, UsageTotal};
