//! What follows from the graph and more than one rule needs to know.

pub mod reached;
pub mod reuse;
pub mod service;
pub mod words;
