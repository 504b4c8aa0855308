//! What can go wrong.

/// The store could not do what it was asked for; the caller is not to blame.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreError {
    /// The engine refused: a full disk, a broken file, a lock of another process.
    Engine(String),
    /// More commits wait than may.
    Overloaded,
    /// The store is closed.
    Closed,
}

/// Why nothing was committed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CommitError {
    /// Something it relied on has changed since it was read; read again and decide again.
    Conflict(&'static str),
    /// The store failed.
    Store(StoreError),
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Engine(what) => write!(f, "the store failed: {what}"),
            Self::Overloaded => write!(f, "more commits wait than may"),
            Self::Closed => write!(f, "the store is closed"),
        }
    }
}

impl std::error::Error for StoreError {}

impl std::fmt::Display for CommitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Conflict(what) => write!(f, "{what} has changed"),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CommitError {}
