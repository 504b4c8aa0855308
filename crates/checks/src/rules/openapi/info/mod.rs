//! OpenAPI: `info` and texts.

mod eval_in_markdown;
mod incomplete_contact;
mod license_without_text;
mod missing_api_description;
mod missing_contact;
mod missing_license;
mod non_ascii_name;
mod unsafe_markdown;

use crate::Rule;

/// The rules of this topic, by id.
pub static RULES: &[&Rule] = &[
    &missing_contact::RULE,
    &incomplete_contact::RULE,
    &missing_api_description::RULE,
    &missing_license::RULE,
    &license_without_text::RULE,
    &unsafe_markdown::RULE,
    &eval_in_markdown::RULE,
    &non_ascii_name::RULE,
];
