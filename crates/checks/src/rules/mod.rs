//! Every rule, by area.

pub mod governance;
pub mod openapi;

use crate::Rule;

/// The areas in the order of their ids' prefixes.
static AREAS: &[&[&Rule]] = &[openapi::RULES, governance::RULES];

/// Every rule, area by area.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    AREAS.iter().flat_map(|area| area.iter().copied())
}
