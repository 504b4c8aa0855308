//! The engines: one folder each, and one suite of tests for all of them (`tests/engines.rs`).

mod faulty;
mod memory;
mod sqlite;

pub use faulty::{Faults, Faulty};
pub use memory::Memory;
pub use sqlite::Sqlite;
