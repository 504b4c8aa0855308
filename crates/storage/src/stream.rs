//! Append-only streams: each entry has the number after the one before it, from 1, without a gap.

/// Entries for the end of a stream. The engine numbers them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Append {
    /// Whose it is.
    pub tenant: String,
    /// The stream; it begins with its first entry.
    pub stream: String,
    /// What is appended, in this order.
    pub entries: Vec<NewEntry>,
}

/// An entry without its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// What it says.
    pub body: Vec<u8>,
}

/// Removes the beginning of a stream. Numbers are never given again, even where all of it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trim {
    /// Whose it is.
    pub tenant: String,
    /// The stream.
    pub stream: String,
    /// The first number that stays.
    pub keep_from: u64,
}

/// Which entries of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamQuery {
    /// Whose it is.
    pub tenant: String,
    /// The stream.
    pub stream: String,
    /// The last number already seen.
    pub after: u64,
    /// How many at most.
    pub limit: u32,
}

/// Some of a stream, and how far it reaches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StreamPage {
    /// The number of the first entry that is kept; one more than `last` where none is.
    pub first: u64,
    /// The number of the last entry there ever was; 0 where there was none.
    pub last: u64,
    /// The entries, in order.
    pub entries: Vec<StreamEntry>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamEntry {
    /// Its number.
    pub seq: u64,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// What it says.
    pub body: Vec<u8>,
}
