//! OpenAPI: responses, bodies, media types, links.

mod contradictory_encodings;
mod encoding_of_unknown_property;
mod example_with_two_values;
mod example_without_value;
mod link_to_unknown_operation;
mod malformed_media_type;
mod unregistered_status_code;

use crate::Rule;

/// The rules of this topic, by id.
pub static RULES: &[&Rule] = &[
    &unregistered_status_code::RULE,
    &example_with_two_values::RULE,
    &encoding_of_unknown_property::RULE,
    &malformed_media_type::RULE,
    &link_to_unknown_operation::RULE,
    &contradictory_encodings::RULE,
    &example_without_value::RULE,
];
