//! Properties of every tree, limits, and the agreement of the two YAML readers.

mod common;
mod limits;
mod properties;
