//! Every limit of the readers below: what it bounds, its unit and why it is what it is.

/// Largest file that is read, in bytes. Spans are 32-bit, and no contract seen in the wild is
/// within a factor of ten of this.
pub const FILE_BYTES_MAX: usize = 512 * 1024 * 1024;

/// Deepest nesting of objects and arrays that is read, in levels. The deepest real contract seen
/// has 41; the YAML scanner stops at 255, and both formats share one limit.
pub const DEPTH_MAX: usize = 255;

/// Most syntax findings reported for one file, a count. Past this a file is noise, not a
/// contract with mistakes.
pub const SYNTAX_FINDINGS_MAX: usize = 20;

/// Most values a YAML file may stand for once its aliases are followed, as a multiple of the
/// values written in it (see [`ALIAS_VALUES_FREE`]). Keeps a "billion laughs" file bounded.
pub const ALIAS_GROWTH_MAX: u64 = 16;

/// Values that aliases may add whatever the file's size, a count: small files may lean on
/// anchors heavily.
pub const ALIAS_VALUES_FREE: u64 = 1_000_000;

/// Members from which an object gets a sorted index for lookups, a count. Below it a linear scan
/// is faster.
pub const WIDE_OBJECT_MIN: usize = 12;

/// Members that `<<` merge keys may add, as a multiple of the values written so far (see
/// [`MERGE_MEMBERS_FREE`]). Merged members take memory, where an alias takes none.
pub const MERGE_GROWTH_MAX: u64 = 4;

/// Members that `<<` merge keys may add whatever the file's size, a count.
pub const MERGE_MEMBERS_FREE: u64 = 100_000;

/// Bytes that are read again to recover from YAML syntax errors, over all attempts on one file:
/// a second or so of work.
pub const YAML_READ_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Attempts to recover from YAML syntax errors that every file gets, a count.
pub const YAML_READS_MIN: usize = 2;

/// Deepest nesting of messages in a Protobuf file that is read, in levels. It is protoc's own
/// limit, so no file that compiles is over it.
pub const PROTO_MESSAGE_DEPTH_MAX: usize = 31;
