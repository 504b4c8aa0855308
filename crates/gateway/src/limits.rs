//! How much of everything the gateway takes, with its unit and reason.

/// Largest head of a request, in bytes: four times what browsers and proxies send.
pub const HEAD_BYTES_MAX: usize = 64 * 1024;

/// Header fields of a request, a count: hyper's own limit, named.
pub const HEADERS_MAX: usize = 100;

/// Largest body that is read into memory, in bytes. Uploads are streamed and have their own.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;

/// Deepest nesting of a body, in levels: no schema of a contract seen in the wild needs more.
pub const BODY_DEPTH_MAX: usize = 64;

/// Time for the head of a request, in milliseconds.
pub const HEAD_MS_MAX: u64 = 10_000;

/// What a form has beside the file, in bytes: heads of its parts and small fields.
pub const FORM_BYTES_EXTRA: usize = 64 * 1024;

/// Time for the body of a request, in milliseconds; of an upload, for each piece of it.
pub const BODY_MS_MAX: u64 = 30_000;

/// Connections at once, a count: each costs some tens of kilobytes.
pub const CONNECTIONS_MAX: usize = 10_000;

/// Time for requests in flight to end once the gateway is told to stop, in milliseconds.
pub const DRAIN_MS_MAX: u64 = 20_000;

/// How often a request is decided again when what it relied on has changed, a count. Past this
/// the record is so busy that waiting is better.
pub const CONFLICTS_MAX: u32 = 16;

/// Largest answer of another server that is held whole, to be checked or stored, in bytes.
pub const REPLY_BYTES_MAX: usize = 8 * 1024 * 1024;

/// How long a reservation of an idempotency key outlives the time the other server has, in
/// milliseconds: room to write down what it answered.
pub const LEASE_MS_EXTRA: u64 = 5_000;
