//! Components.

mod reach;
mod unused_async_component;

use crate::Rule;

/// The rules of this topic, by id.
pub static RULES: &[&Rule] = &[&unused_async_component::RULE];
