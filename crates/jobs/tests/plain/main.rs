//! What needs no process: the state machine, the registry.
#![forbid(unsafe_code)]

mod machine;
mod origin;
mod registry;
