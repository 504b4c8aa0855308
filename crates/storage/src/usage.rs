//! What is metered. Usage is observed and never decides anything.

/// One metered use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageEvent {
    /// Tells it from any other of its tenant, dimension and moment: the same event twice counts once.
    pub id: String,
    /// Whose it is.
    pub tenant: String,
    /// What is counted.
    pub dimension: String,
    /// How many.
    pub quantity: u64,
    /// Whether it is charged for.
    pub billable: bool,
    /// The operation.
    pub operation: String,
    /// Who called.
    pub actor: String,
    /// The correlation id of the call.
    pub correlation_id: String,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
}

/// A sum of usage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageTotal {
    /// Whose it is.
    pub tenant: String,
    /// What is counted.
    pub dimension: String,
    /// Whether it is charged for.
    pub billable: bool,
    /// How many.
    pub quantity: u64,
    /// In how many events.
    pub events: u64,
}
