//! The HTTP door.

pub mod tls;
