//! OpenAPI: one folder a topic.

mod bodies;
mod components;
mod info;
mod lookup;
mod operations;
mod overlap;
mod parameters;
mod paths;
mod reach;
mod responses;
mod schemas;
mod security;
mod servers;
pub(super) mod support;
mod tags;

use crate::Rule;

/// The rules by topic.
pub static TOPICS: &[&[&Rule]] = &[
    operations::RULES,
    paths::RULES,
    parameters::RULES,
    schemas::RULES,
    components::RULES,
    responses::RULES,
    security::RULES,
    servers::RULES,
    tags::RULES,
    info::RULES,
];
