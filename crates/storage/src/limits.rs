//! How much of everything.

/// Commits that may wait for the writer, a count: a second of work at full speed.
pub const COMMITS_WAITING_MAX: usize = 16_384;

/// Transactions in one durable commit, a count: past this the last one waits longer than the disk does.
pub const COMMIT_GROUP_MAX: usize = 256;
