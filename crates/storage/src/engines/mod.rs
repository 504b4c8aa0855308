//! The engines: one folder each, and one suite of tests for all of them (`tests/engines.rs`).

mod memory;

pub use memory::Memory;
