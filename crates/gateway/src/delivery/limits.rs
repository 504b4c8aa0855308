//! How much of everything that leaves, with its unit and reason.

/// Webhook attempts at once, a count: each holds a connection and its event.
pub const ATTEMPTS_AT_ONCE_MAX: usize = 256;

/// Webhook attempts at once to one subscription, a count: more would crowd out the others, and be
/// unkind to the endpoint.
pub const ATTEMPTS_PER_SUBSCRIPTION_MAX: usize = 16;

/// Deliveries of one subscription in memory, a count: enough to keep its attempts going between two
/// looks at the store.
pub const WAITING_PER_SUBSCRIPTION_MAX: u32 = 64;

/// Deliveries in memory, a count: a few megabytes of events.
pub const WAITING_MAX: u32 = 4_096;

/// How often the store is asked for deliveries whose time has come, in milliseconds: a retry is
/// late by that much at most. New events are told of at once.
pub const TICK_MS: u64 = 250;

/// Time for a connection to an endpoint, in milliseconds.
pub const CONNECT_MS_MAX: u64 = 5_000;

/// Time for a whole attempt, in milliseconds: Standard Webhooks advises 15 to 30 seconds.
pub const ATTEMPT_MS_MAX: u64 = 20_000;

/// Most of an endpoint's answer that is read, in bytes. It is thrown away; reading it lets the
/// connection be used again.
pub const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Addresses of one name that are tried, a count.
pub const ADDRESSES_MAX: usize = 4;

/// Idle connections kept to one endpoint, a count.
pub const IDLE_CONNECTIONS_MAX: usize = 4;

/// How long an idle connection is kept, in milliseconds.
pub const IDLE_MS_MAX: u64 = 30_000;

/// Longest wait an endpoint can ask for with `Retry-After`, in milliseconds: a day.
pub const RETRY_AFTER_MS_MAX: i64 = 24 * 60 * 60 * 1_000;

/// When a delivery of a paused subscription is looked at again, in milliseconds.
pub const PAUSED_MS: i64 = 60_000;

/// Longest text kept of what an attempt met, in bytes.
pub const LAST_BYTES_MAX: usize = 300;

/// Deliveries of one subscription that are given up, with none accepted between them, after which it
/// is switched off, a count: each of them was attempted over three days.
pub const GIVEN_UP_MAX: u32 = 3;

/// Time for attempts under way to end once the gateway is told to stop, in milliseconds. What does
/// not end is attempted again after the next start.
pub const DRAIN_MS_MAX: u64 = 5_000;

/// How long an outcome that could not be kept waits to be kept again, in milliseconds.
pub const KEEP_AGAIN_MS: u64 = 200;

/// How often keeping an outcome is tried, a count: a minute. Past that the attempt is made again.
pub const KEEP_TRIES_MAX: u32 = 300;

/// Events that followers share in memory, a count.
pub const RECENT_EVENTS_MAX: usize = 4_096;

/// Bytes of events that followers share in memory.
pub const RECENT_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Events read at once, a count: a follower that is behind holds that many, and no more are read
/// before it has taken them.
pub const BATCH_EVENTS_MAX: u32 = 128;

/// Streams at once, a count: each holds a connection.
pub const FOLLOWERS_MAX: usize = 10_000;

/// How long a stream is silent before it says that it is still there, in milliseconds: proxies
/// commonly cut what is silent for thirty seconds.
pub const HEARTBEAT_MS: u64 = 15_000;

/// How long a client of a stream should wait before it comes again, in milliseconds.
pub const RETRY_MS: u64 = 2_000;

/// Items of a list where nothing was asked for, a count.
pub const LIST_DEFAULT: u32 = 50;

/// Most items of a list, a count.
pub const LIST_MAX: u32 = 500;

/// Longest wait of a list, in milliseconds: under what proxies commonly cut.
pub const LIST_WAIT_MS_MAX: u64 = 30_000;

/// Event types one stream or list can ask for, a count.
pub const TYPES_MAX: usize = 100;

/// Deliveries shown at once, a count.
pub const SHOWN_MAX: u32 = 1_000;

/// Secrets a subscription can have, a count: the new one, and those that are not yet dropped.
pub const SECRETS_MAX: usize = 3;
