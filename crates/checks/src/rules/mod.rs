//! Every rule, by area.

pub mod governance;
pub mod json_schema;
pub mod openapi;
pub mod service;
pub mod validity;

use crate::Rule;

/// The areas beside OpenAPI, which has a list for each of its topics.
static AREAS: &[&[&Rule]] = &[governance::RULES, validity::RULES, json_schema::RULES, service::RULES];

/// Every rule, area by area.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    openapi::TOPICS.iter().chain(AREAS).flat_map(|area| area.iter().copied())
}
