//! Findings as text, one file a format.

pub mod json;
pub mod pretty;

use std::time::Duration;

use tenon_graph::Graph;
use tenon_source::Finding;

/// What is reported.
pub struct Report<'r> {
    /// The contracts.
    pub graph: &'r Graph,
    /// The findings, sorted.
    pub findings: &'r [Finding],
    /// How long it took.
    pub elapsed: Duration,
}
