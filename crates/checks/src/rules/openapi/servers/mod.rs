//! OpenAPI: servers and hosts.

mod example_server;
mod impossible_server_variable;
mod missing_host;
mod missing_schemes;
mod missing_servers;
mod server_with_trailing_slash;
mod undefined_server_variable;
mod unused_server_variable;

use crate::Rule;

/// The rules of this topic, by id.
pub static RULES: &[&Rule] = &[
    &missing_servers::RULE,
    &server_with_trailing_slash::RULE,
    &example_server::RULE,
    &undefined_server_variable::RULE,
    &unused_server_variable::RULE,
    &impossible_server_variable::RULE,
    &missing_host::RULE,
    &missing_schemes::RULE,
];
