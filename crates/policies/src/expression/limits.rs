//! How much an expression may be, and do.

/// Longest text, in bytes: a guard of a page is a program, not a rule.
pub const SOURCE_BYTES_MAX: usize = 4_096;

/// Most tokens, a count. The parser goes a level deeper for each operator of a chain such as
/// `1+1+1`, so this bounds its stack too.
pub const TOKENS_MAX: usize = 512;

/// Deepest nesting of brackets, in levels.
pub const BRACKETS_MAX: usize = 24;

/// Signs such as `!` or `-` in a row, a count: each is a level of the parser's stack.
pub const SIGNS_MAX: usize = 8;

/// Most nodes of the tree, a count.
pub const NODES_MAX: usize = 512;

/// Deepest nesting of the tree, in levels.
pub const DEPTH_MAX: usize = 64;

/// Comprehensions (`map`, `all`, …) inside of each other, in levels: two walk a list of lists.
pub const COMPREHENSIONS_MAX: usize = 2;

/// Items one comprehension walks, a count: more is work for the store.
pub const ITEMS_MAX: usize = 10_000;

/// Steps of one evaluation, a count: a few milliseconds, whatever is nested in what.
pub const STEPS_MAX: u32 = 200_000;

/// Text made by one evaluation, in bytes.
pub const TEXT_BYTES_MAX: usize = 1_048_576;

/// Values of the result, a count: lists within lists grow by themselves.
pub const RESULT_VALUES_MAX: usize = 100_000;

/// Largest compiled form of a pattern of `matches`, in bytes.
pub const PATTERN_BYTES_MAX: usize = 1_048_576;

/// Text of the result, in bytes: values of the scope are copied into it, as often as it says.
pub const RESULT_BYTES_MAX: usize = 16_777_216;
