//! Evidence: what a run leaves behind for someone who does not trust it.

pub mod manifest;
