//! The engines: one folder each.
//!
//! A new one is a folder here, a line below, and a module in the list of `tests/engines/main.rs`,
//! whose suite every engine passes; [`crate::Engine`] says what it must do.

mod faulty;
mod memory;
mod sqlite;

pub use faulty::{Faults, Faulty};
pub use memory::Memory;
pub use sqlite::Sqlite;
