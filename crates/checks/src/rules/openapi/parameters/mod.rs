//! OpenAPI: parameters and headers.

mod array_parameter_without_style;
mod body_beside_form;
mod boolean_parameter_without_prefix;
mod duplicate_parameter;
mod form_without_form_media_type;
mod ignored_header_parameter;
mod missing_parameter_description;
mod misused_query_string;
mod required_parameter_with_default;
mod several_bodies;

use crate::Rule;

/// The rules of this topic, by id.
pub static RULES: &[&Rule] = &[
    &duplicate_parameter::RULE,
    &body_beside_form::RULE,
    &several_bodies::RULE,
    &ignored_header_parameter::RULE,
    &missing_parameter_description::RULE,
    &boolean_parameter_without_prefix::RULE,
    &array_parameter_without_style::RULE,
    &form_without_form_media_type::RULE,
    &misused_query_string::RULE,
    &required_parameter_with_default::RULE,
];
