//! Servers and their variables.

mod async_example_server;
mod async_server_with_trailing_slash;
mod impossible_async_server_variable;
mod nameless_async_server_variable;
mod needless_async_server_variable;
mod no_message_server;
mod undeclared_async_server_variable;

use crate::Rule;

/// The rules of this topic, by id.
pub static RULES: &[&Rule] = &[
    &no_message_server::RULE,
    &undeclared_async_server_variable::RULE,
    &needless_async_server_variable::RULE,
    &impossible_async_server_variable::RULE,
    &nameless_async_server_variable::RULE,
    &async_server_with_trailing_slash::RULE,
    &async_example_server::RULE,
];
