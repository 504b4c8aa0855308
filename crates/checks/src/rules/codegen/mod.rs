//! Generated code: what makes it the same on every machine.

mod unpinned_tool;

use crate::Rule;

/// The rules of this area, by id.
pub static RULES: &[&Rule] = &[&unpinned_tool::RULE];
