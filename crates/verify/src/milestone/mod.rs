//! Milestones: one kind of file for decisions, work packages, criteria, risks and deliverables.
//!
//! [`read`] makes a [`Milestone`] of a file, [`judge`] finds out through a [`Repository`] what
//! holds, [`documents`] writes what can be written from that, [`report`] says it as JSON.

pub mod documents;
mod found;
mod globs;
pub mod judge;
pub mod model;
pub mod order;
pub mod read;
mod references;
pub mod report;
pub mod repository;
pub mod tables;
pub mod verdict;

pub use judge::{Judged, judge, show};
pub use model::{Milestone, Table};
pub use read::{Reading, is_milestone, read};
pub use repository::{Block, Facts, OperationFact, Played, Ran, Repository, Said};
pub use verdict::Verdict;
