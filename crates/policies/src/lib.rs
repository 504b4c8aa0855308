//! One runtime decision each.
#![forbid(unsafe_code)]
