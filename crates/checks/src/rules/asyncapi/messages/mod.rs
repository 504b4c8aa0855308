//! Messages, their headers and examples.

mod duplicate_message_id;
mod headers_not_object;
mod message_example_invalid;
mod payload_language_not_read;

use crate::Rule;

/// The rules of this topic, by id.
pub static RULES: &[&Rule] = &[
    &headers_not_object::RULE,
    &message_example_invalid::RULE,
    &duplicate_message_id::RULE,
    &payload_language_not_read::RULE,
];
