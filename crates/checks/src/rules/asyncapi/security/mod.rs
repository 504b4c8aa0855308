//! What clients need.

mod unknown_async_scope;
mod unknown_async_security_scheme;

use crate::Rule;

/// The rules of this topic, by id.
pub static RULES: &[&Rule] = &[&unknown_async_security_scheme::RULE, &unknown_async_scope::RULE];
