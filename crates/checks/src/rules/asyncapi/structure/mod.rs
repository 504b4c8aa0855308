//! Documents against the official schema of their version.

mod invalid_async_structure;

use crate::Rule;

/// The rules of this topic, by id.
pub static RULES: &[&Rule] = &[&invalid_async_structure::RULE];
