//! Operations.

mod duplicate_channel_operation_id;
mod message_of_other_channel;
mod missing_channel_operation_id;
mod operation_on_unlisted_channel;
mod undescribed_channel_operation;

use crate::Rule;

/// The rules of this topic, by id.
pub static RULES: &[&Rule] = &[
    &message_of_other_channel::RULE,
    &operation_on_unlisted_channel::RULE,
    &duplicate_channel_operation_id::RULE,
    &missing_channel_operation_id::RULE,
    &undescribed_channel_operation::RULE,
];
