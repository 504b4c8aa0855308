//! Service contracts: the 23 rules of the specification in its own numbering, then, from SC30, what its
//! other sections ask of structure, uploads, status enums and the manifests.

mod body_without_validation;
mod deferred_routes_mounted;
mod duplicate_or_dropped_endpoint;
mod endpoint_against_invariant;
mod excluded_stage_endpoint;
mod fields;
mod foreign_key_nullability;
mod guidance_only_field;
mod incoherent_endpoint;
mod incomplete_pagination;
mod incomplete_upload;
mod inconsistent_public_endpoint;
mod inconsistent_status_enum;
mod limit_without_config_source;
mod misplaced_contract_field;
mod missing_contract_field;
mod missing_scope_guard;
mod missing_tenant_container_endpoint;
mod missing_token_path;
mod mistyped_contract_field;
mod mixed_pagination;
mod mixed_route_convention;
mod no_required_endpoint;
mod parameter_without_column;
mod partial_auth_field;
mod partial_result_against_principle;
mod path_not_repo_relative;
mod role_middleware_mismatch;
mod states_against_entity_contract;
mod status_against_scope;
mod status_enum_against_model;
mod unbound_config_version;
mod unbound_payload;
mod unclassified_crud_endpoint;
mod uncovered_entity;
mod undeclared_body_intent;
mod undeclared_role;
mod undeclared_singleton_effect;
mod undocumented_enum_field;
mod undocumented_scope_intent;
mod unknown_contract_field;
mod unknown_must_use_parameter;
mod unvalidated_tenant_parameter;
mod upload_before_guard;
mod upload_beyond_platform;
mod upload_without_file_table;
mod wrong_contract_version;

use crate::Rule;

/// The rules of this area, by id.
pub static RULES: &[&Rule] = &[
    &body_without_validation::RULE,
    &limit_without_config_source::RULE,
    &undeclared_singleton_effect::RULE,
    &missing_scope_guard::RULE,
    &deferred_routes_mounted::RULE,
    &undeclared_body_intent::RULE,
    &mixed_pagination::RULE,
    &role_middleware_mismatch::RULE,
    &partial_auth_field::RULE,
    &undocumented_scope_intent::RULE,
    &mixed_route_convention::RULE,
    &duplicate_or_dropped_endpoint::RULE,
    &unvalidated_tenant_parameter::RULE,
    &incoherent_endpoint::RULE,
    &uncovered_entity::RULE,
    &missing_tenant_container_endpoint::RULE,
    &missing_token_path::RULE,
    &inconsistent_public_endpoint::RULE,
    &unclassified_crud_endpoint::RULE,
    &undocumented_enum_field::RULE,
    &foreign_key_nullability::RULE,
    &unbound_config_version::RULE,
    &unbound_payload::RULE,
    &wrong_contract_version::RULE,
    &missing_contract_field::RULE,
    &mistyped_contract_field::RULE,
    &unknown_contract_field::RULE,
    &guidance_only_field::RULE,
    &misplaced_contract_field::RULE,
    &path_not_repo_relative::RULE,
    &no_required_endpoint::RULE,
    &undeclared_role::RULE,
    &status_against_scope::RULE,
    &excluded_stage_endpoint::RULE,
    &incomplete_upload::RULE,
    &upload_beyond_platform::RULE,
    &incomplete_pagination::RULE,
    &inconsistent_status_enum::RULE,
    &status_enum_against_model::RULE,
    &unknown_must_use_parameter::RULE,
    &endpoint_against_invariant::RULE,
    &states_against_entity_contract::RULE,
    &partial_result_against_principle::RULE,
    &parameter_without_column::RULE,
    &upload_without_file_table::RULE,
    &upload_before_guard::RULE,
];
