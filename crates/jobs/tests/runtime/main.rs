//! The runtime with real processes.
#![forbid(unsafe_code)]

mod bad;
mod broken;
mod calls;
mod files;
mod follow;
mod forget;
mod harness;
mod kill;
mod life;
mod recover;
