//! The runtime with real processes.
#![forbid(unsafe_code)]

mod bad;
mod calls;
mod files;
mod follow;
mod harness;
mod kill;
mod life;
mod recover;
