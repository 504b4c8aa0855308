//! The runtime with real processes.
#![forbid(unsafe_code)]

mod harness;
mod life;
