//! Events: what an API says without being asked.

use tenon_source::{At, FileId};

use crate::Name;

/// One event type.
#[derive(Debug, Clone)]
pub struct Event {
    /// The document it belongs to.
    pub file: FileId,
    /// The object it was read from.
    pub at: At,
    /// Event type, such as `cycle.failed`.
    pub name: Name,
    /// Schema of the payload: a place of a schema, or the name of one that is missing.
    pub payload_schema: Option<Result<At, Name>>,
    /// Fields every payload must have, where the contract lists them.
    pub minimum_fields: Vec<Name>,
    /// Delivery guarantee, such as `at-least-once`.
    pub delivery: Option<Name>,
    /// Field that tells a repeated delivery from a new event.
    pub deduplication_key: Option<Name>,
    /// Ordering promise, such as `none` or `per-entity`.
    pub ordering: Option<Name>,
    /// Whether others may subscribe to it.
    pub public: Option<bool>,
    /// Whether a contract says anything of this; a message of a plain AsyncAPI document is an
    /// event too, but no rule asks it for delivery facts.
    pub declared: bool,
}

/// A manifest of events.
#[derive(Debug, Clone)]
pub struct EventManifest {
    /// The document.
    pub file: FileId,
    /// The root object.
    pub root: At,
    /// Schema of the envelope: a place of a schema, or the name of one that is missing.
    pub envelope_schema: Option<Result<At, Name>>,
}
