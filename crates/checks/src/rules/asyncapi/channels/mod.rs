//! Channels and their addresses.

mod channel_with_query;
mod channel_with_trailing_slash;
mod nameless_channel_parameter;
mod undeclared_channel_parameter;
mod undefined_channel_server;
mod undescribed_channel_parameter;
mod unused_channel_parameter;

use crate::Rule;

/// The rules of this topic, by id.
pub static RULES: &[&Rule] = &[
    &nameless_channel_parameter::RULE,
    &channel_with_query::RULE,
    &channel_with_trailing_slash::RULE,
    &undeclared_channel_parameter::RULE,
    &unused_channel_parameter::RULE,
    &undefined_channel_server::RULE,
    &undescribed_channel_parameter::RULE,
];
