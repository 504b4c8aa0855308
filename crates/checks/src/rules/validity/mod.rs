//! Documents against the official schema of their format, and examples against their schemas.

mod default_invalid;
mod invalid_structure;
mod media_example_invalid;
mod parameter_example_invalid;
mod schema_example_invalid;

use crate::Rule;

/// The rules of this area, by id.
pub static RULES: &[&Rule] = &[
    &invalid_structure::RULE,
    &media_example_invalid::RULE,
    &parameter_example_invalid::RULE,
    &schema_example_invalid::RULE,
    &default_invalid::RULE,
];
