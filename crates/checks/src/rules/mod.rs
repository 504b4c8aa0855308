//! Every rule, by area.

pub mod asyncapi;
pub mod codegen;
pub mod governance;
pub mod json_schema;
pub mod openapi;
pub mod protobuf;
pub mod reuse;
pub mod rpc;
pub mod service;
pub mod validity;

use crate::Rule;

/// The areas beside OpenAPI and AsyncAPI, which have a list for each of their topics.
#[rustfmt::skip]
static AREAS: &[&[&Rule]] = &[
    governance::RULES,
    rpc::RULES,
    codegen::RULES,
    validity::RULES,
    json_schema::RULES,
    protobuf::RULES,
    service::RULES,
    reuse::RULES,
];

/// Every rule, area by area.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    openapi::TOPICS.iter().chain(asyncapi::TOPICS).chain(AREAS).flat_map(|area| area.iter().copied())
}
