//! How much of everything.

/// Commits that may wait for the writer, a count: a second of work at full speed.
pub const COMMITS_WAITING_MAX: usize = 16_384;

/// Transactions in one durable commit, a count: past this the last one waits longer than the disk does.
pub const COMMIT_GROUP_MAX: usize = 256;

/// How often the writer lets others run first while its group still grows, a count: each may cost what
/// the system gives another thread at once, some milliseconds at worst.
pub const GROUP_YIELDS_MAX: u32 = 4;

/// Transactions nobody waits for that may wait for the writer, a count: a quarter of the room, so
/// that they never crowd out what somebody waits for.
pub const ENQUEUED_WAITING_MAX: usize = COMMITS_WAITING_MAX / 4;

/// How long after a failure enqueued transactions are tried again, in milliseconds: a disk that is
/// full now may not be in a moment, and nobody waits.
pub const ENQUEUED_RETRY_MS: u64 = 200;

/// How often enqueued transactions are tried again when the store closes, a count: a store that
/// fails must still be able to close.
pub const ENQUEUED_TRIES_AT_CLOSE_MAX: u32 = 3;

/// Links of the audit chain in memory while it is verified, a count: some hundred kilobytes.
pub const AUDIT_PAGE_LINKS: u32 = 1_000;

/// Rows of each kind removed by one call, a count: the writer stands still for it, so a few
/// milliseconds of work.
pub const PRUNE_ROWS_MAX: u32 = 2_000;

/// How long an accepted delivery is kept, in milliseconds: a week to look at it.
pub const DELIVERED_KEPT_MS: i64 = 7 * DAY_MS;

/// How long a delivery that was given up is kept, in milliseconds: a month to replay it.
pub const DEAD_KEPT_MS: i64 = 30 * DAY_MS;

/// How long an event is kept, in milliseconds: a month to resume from it. One that a delivery still
/// needs is kept longer.
pub const EVENTS_KEPT_MS: i64 = 30 * DAY_MS;

/// How long the entries of a stream are kept after it last grew, in milliseconds: a month to read a
/// job's events.
pub const STREAMS_KEPT_MS: i64 = 30 * DAY_MS;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
