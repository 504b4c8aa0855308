//! The one way anything changes.

use crate::{Append, DeliveryOutcome, Subscription, Trim, UsageEvent};
use crate::{AuditEntry, ConsentChange, IdempotencyKey, IdempotencyRecord, NewEvent, RecordWrite};

/// A precondition beyond the versions of the records that are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expect {
    /// Nothing is known of this key, or what was known has run out.
    KeyUnused(IdempotencyKey),
    /// This key is reserved by this reservation.
    KeyReserved {
        /// The key.
        key: IdempotencyKey,
        /// The reservation, see [`crate::IdempotencyState::Reserved`].
        reservation: String,
    },
    /// A record that was read, but is not written, still has this version (0: is still not there).
    Version {
        /// Whose it is.
        tenant: String,
        /// The collection.
        collection: String,
        /// The id.
        id: String,
        /// The version.
        version: u64,
    },
    /// A stream reaches exactly this far, so that what is appended is appended once.
    StreamAt {
        /// Whose it is.
        tenant: String,
        /// The stream.
        stream: String,
        /// The number of its last entry; 0 where there was none.
        last: u64,
    },
}

/// Everything one request changes. It is all there after a commit, or nothing is.
///
/// What is expected is held against what was there before; then everything is done in the order of
/// the fields, so that a subscription made here gets the events made here.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Transaction {
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// What must hold; otherwise [`crate::CommitError::Conflict`].
    pub expect: Vec<Expect>,
    /// Records.
    pub records: Vec<RecordWrite>,
    /// A reservation to give up, so that the key is unused again; a settled key stays.
    pub release: Option<IdempotencyKey>,
    /// The outcome under an idempotency key, or its reservation.
    pub idempotency: Option<(IdempotencyKey, IdempotencyRecord)>,
    /// Consent granted or withdrawn.
    pub consents: Vec<ConsentChange>,
    /// Subscriptions made or changed.
    pub subscriptions: Vec<Subscription>,
    /// Usage; an event that is there already is passed over.
    pub usage: Vec<UsageEvent>,
    /// Audit entries; the engine chains them.
    pub audit: Vec<AuditEntry>,
    /// What became of deliveries; one that is there no more is passed over.
    pub deliveries: Vec<DeliveryOutcome>,
    /// Events to send; the engine numbers them and makes a delivery for each subscription that
    /// wants them.
    pub events: Vec<NewEvent>,
    /// Entries for streams; the engine numbers them.
    pub appends: Vec<Append>,
    /// Beginnings of streams to remove; of one that is not there, nothing.
    pub trims: Vec<Trim>,
}

/// What a commit made known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Receipt {
    /// The sequence number of the last event of the transaction, or of the store where it had none.
    pub last_event: u64,
    /// The number of the last entry of each stream that was appended to, in the order of
    /// [`Transaction::appends`].
    pub streams: Vec<u64>,
}
