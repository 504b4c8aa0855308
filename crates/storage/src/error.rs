//! What can go wrong.

/// The store could not do what it was asked for; the caller is not to blame.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreError {
    /// The engine refused: a full disk, a broken file.
    Engine(String),
    /// More commits wait than may.
    Overloaded,
    /// The store is closed.
    Closed,
    /// Another process writes to it.
    InUse {
        /// The file.
        file: String,
        /// The process id of the other one, where it is known.
        process: Option<String>,
    },
    /// The file belongs to another program.
    Foreign {
        /// The file.
        file: String,
        /// How that shows.
        why: String,
    },
    /// A newer version of this program made the file.
    Newer {
        /// The file.
        file: String,
        /// The version of its tables.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// The engine cannot do this at all.
    Unsupported(&'static str),
}

/// Why nothing was committed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CommitError {
    /// Something it relied on has changed since it was read; read again and decide again. One of
    /// the names in [`conflict`].
    Conflict(&'static str),
    /// The store failed.
    Store(StoreError),
}

/// What can be in conflict, as [`CommitError::Conflict`] names it.
pub mod conflict {
    /// A record has another version than was expected.
    pub const RECORD: &str = "a record";
    /// A natural key is taken by another record.
    pub const NATURAL_KEY: &str = "the holder of a natural key";
    /// An idempotency key is not unused, or not reserved by this reservation.
    pub const IDEMPOTENCY_KEY: &str = "an idempotency key";
    /// A stream reaches further than was expected, or not so far.
    pub const STREAM: &str = "a stream";
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Engine(what) => write!(f, "the store failed: {what}"),
            Self::Overloaded => write!(f, "more commits wait than may"),
            Self::Closed => write!(f, "the store is closed"),
            Self::InUse { file, process } => {
                write!(f, "{file} is in use by another process")?;
                if let Some(process) = process {
                    write!(f, " ({process})")?;
                }
                write!(f, ": one gateway writes to a store; stop the other one, or name another file")
            }
            Self::Foreign { file, why } => {
                write!(f, "{file} is not a store of this program: {why}; name another file")
            }
            Self::Newer { file, found, known } => write!(
                f,
                "{file} was made by a newer version of this program: its tables have version {found}, \
                 known is {known}; use the newer program, or a backup from before"
            ),
            Self::Unsupported(what) => write!(f, "{what}"),
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

impl std::error::Error for CommitError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Conflict(_) => None,
            Self::Store(error) => Some(error),
        }
    }
}

impl From<StoreError> for CommitError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
