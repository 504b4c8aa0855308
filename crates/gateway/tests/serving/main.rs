//! The packs as they are served: every row of their requirements that a gateway decides.

mod harness;
mod sales;
mod swap;
