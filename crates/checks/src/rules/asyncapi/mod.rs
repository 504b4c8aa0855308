//! AsyncAPI documents: structure, channels, messages, operations, servers.
//!
//! Schemas and their examples are held to the rules for all formats, see `rules/validity` and
//! `rules/json_schema`.

mod channels;
mod components;
mod info;
mod messages;
mod operations;
mod security;
mod servers;
mod structure;
mod support;
mod tags;

use crate::Rule;

/// The rules of this area, a list for each topic.
pub static TOPICS: &[&[&Rule]] = &[
    structure::RULES,
    channels::RULES,
    messages::RULES,
    operations::RULES,
    security::RULES,
    info::RULES,
    servers::RULES,
    tags::RULES,
    components::RULES,
];
