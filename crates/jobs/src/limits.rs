//! How much of everything.

/// Bytes of a task, a count: what a message of the wire holds.
pub const TASK_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Jobs that may wait, a count: their entries stay in memory.
pub const QUEUE_JOBS_MAX: usize = 100_000;

/// When to try again where the queue is full, in seconds.
pub const QUEUE_FULL_RETRY_S: u64 = 5;

/// Priorities, 0 to this: the highest goes first.
pub const PRIORITY_MAX: u8 = 9;

/// The priority of a job that names none: in the middle.
pub const PRIORITY_USUAL: u8 = 5;

/// How long an idempotency key stands for its job, in milliseconds: as the contract says, a day.
pub const KEY_WINDOW_MS: i64 = 24 * 60 * 60 * 1_000;

/// How far the times of two requests that are under way at once may be apart, in milliseconds.
pub const KEY_SKEW_MS: i64 = PREPARED_KEPT_MS;

/// Bytes of one line in an event; a longer one is told in pieces.
pub const LINE_BYTES_MAX: usize = 16 * 1024;

/// Bytes of an output, a count: it is held in memory to be checked whole.
pub const OUTPUT_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Events in one commit, a count.
pub const EVENT_BATCH_MAX: usize = 1_024;

/// Bytes of lines that wait for a commit; past this the process has to wait.
pub const EVENT_BATCH_BYTES_MAX: usize = 512 * 1024;

/// Events of one job that are kept, a count: the oldest go first.
pub const EVENTS_PER_JOB_MAX: u64 = 4_000_000;

/// Events read from the store at once, a count: a few hundred kilobytes a reader.
pub const EVENTS_PAGE: u32 = 512;

/// Newest events of a job in memory while it runs, a count: who follows reads them there.
pub const TAIL_EVENTS_MAX: usize = 4_096;

/// Bytes of the same.
pub const TAIL_BYTES_MAX: usize = 2 * 1024 * 1024;

/// Tries of one change that meets another, a count: each loses to somebody who got on.
pub const CONFLICTS_MAX: u32 = 64;

/// How long to wait after the store failed, in milliseconds.
pub const STORE_RETRY_MS: u64 = 100;

/// How often what was prepared and never told of is looked for, in milliseconds.
pub const SWEEP_MS: u64 = 1_000;

/// How long something prepared is remembered, in milliseconds: no request takes longer.
pub const PREPARED_KEPT_MS: i64 = 120_000;

/// Bytes of a manifest file.
pub const MANIFEST_BYTES_MAX: u64 = 256 * 1024;

/// Skills in a registry, a count.
pub const SKILLS_MAX: usize = 10_000;

/// How often a warden looks at the processes of its job, in milliseconds.
pub const SAMPLE_MS: u64 = 20;

/// How long a warden tries to end processes that do not go, in milliseconds: what is left then
/// hangs in the system itself.
pub const KILL_MS_MAX: u64 = 10_000;

/// Bytes of one frame between runtime and warden.
pub const FRAME_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Longest back-off between two attempts, in milliseconds.
pub const BACKOFF_MS_MAX: u64 = 10 * 60 * 1_000;

/// Bytes of a file that are kept in the store with the end of a job; a larger one is written at
/// once, so that no commit is long.
pub const KEPT_FILE_BYTES_MAX: usize = 256 * 1024;

/// How often files of runs that have ended are written, in milliseconds.
pub const PUT_AWAY_MS: u64 = 500;

/// Runs whose files are written at once, a count.
pub const PUT_AWAY_RUNS: usize = 128;

/// Jobs in the queue that are kept in memory, a count: a few kilobytes each, and more than start in
/// the time it takes to commit one.
pub const ACCEPTED_KEPT_MAX: usize = 256;

/// How long no job has ended when there is time to write files, in milliseconds.
pub const QUIET_MS: i64 = 250;

/// Runs whose files are written at once while jobs wait or end, which comes first, a count.
pub const PUT_AWAY_RUNS_BUSY: usize = 16;

/// Runs whose files may be missing, a count: past this jobs have to wait for them.
pub const PUT_AWAY_RUNS_MAX: usize = 10_000;

/// How long a job is kept after its end, with its events and files, in milliseconds: as long as
/// the store keeps events, 30 days. Never less than the window of keys.
pub const JOBS_KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1_000;

/// Jobs that are removed at once, every second, a count: five million a day.
pub const FORGET_JOBS: u32 = 64;

/// Events that are removed at once, a count: a few milliseconds of the store's writer.
pub const FORGET_EVENTS: u64 = 2_000;
