//! OpenAPI: security.

mod operation_without_security;
mod scopes_without_meaning;
mod undefined_scope;
mod undefined_security_scheme;
mod unused_security_scheme;

use crate::Rule;

/// The rules of this topic, by id.
pub static RULES: &[&Rule] = &[
    &undefined_security_scheme::RULE,
    &undefined_scope::RULE,
    &operation_without_security::RULE,
    &unused_security_scheme::RULE,
    &scopes_without_meaning::RULE,
];
