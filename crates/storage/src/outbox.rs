//! Events on their way out, who wants them, and what became of each delivery.

/// An event to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// Tells a repeated delivery from a new event.
    pub id: String,
    /// Whose it is.
    pub tenant: String,
    /// Its type, such as `lead.created`.
    pub kind: String,
    /// The envelope as it leaves, JSON.
    pub envelope: Vec<u8>,
    /// Whether subscribers may have it.
    pub public: bool,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
}

/// An event that is committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its number in the store, growing; the cursor of streams and lists.
    pub seq: u64,
    /// The event.
    pub event: NewEvent,
}

/// Whether a subscription gets anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubscriptionState {
    /// It gets events.
    Active,
    /// It was switched off by its owner.
    Paused,
    /// Its endpoint said 410, or failed for too long.
    Disabled,
}

/// Who wants which events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub tenant: String,
    /// Where events go.
    pub url: String,
    /// The event types.
    pub events: Vec<String>,
    /// Secrets, the newest first; an older one signs too until it is dropped.
    pub secrets: Vec<String>,
    /// Whether it gets anything.
    pub state: SubscriptionState,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: i64,
}

impl Subscription {
    /// Whether this event is delivered to it.
    #[must_use]
    pub fn wants(&self, event: &NewEvent) -> bool {
        event.public
            && self.state == SubscriptionState::Active
            && self.tenant == event.tenant
            && self.events.contains(&event.kind)
    }
}

/// How far a delivery has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// To be tried, or tried again.
    Pending,
    /// Accepted.
    Delivered,
    /// Given up; can be replayed.
    Dead,
}

/// One event on its way to one subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its number.
    pub id: u64,
    /// The subscription.
    pub subscription: String,
    /// Whose it is.
    pub tenant: String,
    /// The event.
    pub event: StoredEvent,
    /// How many times it was tried.
    pub attempts: u32,
    /// How far it has come.
    pub state: DeliveryState,
    /// When to try next, in milliseconds since 1970.
    pub next_ms: i64,
    /// What the last attempt met: a status, or why there was none.
    pub last: Option<String>,
}

/// What an attempt came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryOutcome {
    /// The delivery.
    pub id: u64,
    /// How many attempts that makes.
    pub attempts: u32,
    /// How far it has come.
    pub state: DeliveryState,
    /// When to try next, in milliseconds since 1970.
    pub next_ms: i64,
    /// What the attempt met.
    pub last: Option<String>,
}
