//! Consent of people.

/// A grant or a withdrawal. Nothing is overwritten: the latest word per scope counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentChange {
    /// Id of the change.
    pub id: String,
    /// Whose it is.
    pub tenant: String,
    /// Whose consent.
    pub subject: String,
    /// The consent scope.
    pub scope: String,
    /// Granted, or withdrawn.
    pub granted: bool,
    /// How it was given, such as `api`.
    pub source: String,
    /// Reference to the evidence.
    pub evidence: Option<String>,
    /// Who recorded it.
    pub actor: String,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
}

/// The latest word on one scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentState {
    /// The consent scope.
    pub scope: String,
    /// Granted, or withdrawn.
    pub granted: bool,
    /// Id of the change that said so.
    pub id: String,
    /// Reference to the evidence.
    pub evidence: Option<String>,
    /// How it was given.
    pub source: String,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
}
