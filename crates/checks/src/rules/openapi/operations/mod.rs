//! OpenAPI: operations.

mod body_of_delete;
mod body_of_get;
mod callback_in_callback;
mod callbacks_of_webhook;
mod duplicate_operation_id;
mod methods_out_of_order;
mod missing_error_response;
mod missing_operation_description;
mod missing_operation_id;
mod missing_operation_summary;
mod missing_operation_tags;
mod missing_success_response;
mod servers_of_webhook;
mod several_operation_tags;
mod undeclared_operation_tag;
mod unsafe_operation_id;

use crate::Rule;

/// The rules of this topic, by id.
pub static RULES: &[&Rule] = &[
    &duplicate_operation_id::RULE,
    &missing_operation_id::RULE,
    &unsafe_operation_id::RULE,
    &missing_operation_summary::RULE,
    &missing_operation_description::RULE,
    &missing_operation_tags::RULE,
    &undeclared_operation_tag::RULE,
    &several_operation_tags::RULE,
    &missing_success_response::RULE,
    &missing_error_response::RULE,
    &body_of_get::RULE,
    &callback_in_callback::RULE,
    &servers_of_webhook::RULE,
    &callbacks_of_webhook::RULE,
    &body_of_delete::RULE,
    &methods_out_of_order::RULE,
];
