//! The packs as they are served: every row of their requirements that a gateway decides.

mod bad_input;
mod faults;
mod harness;
mod isolation;
mod races;
mod sales;
mod surface;
mod swap;
