//! OpenAPI: components.

mod unsafe_component_name;
mod unused_component;

use crate::Rule;

/// The rules of this topic, by id.
pub static RULES: &[&Rule] = &[&unused_component::RULE, &unsafe_component_name::RULE];
