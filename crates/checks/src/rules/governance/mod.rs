//! Governance: who may call, for which tenant, how repeated calls are told apart, which errors and
//! events there are, and what lies beyond the contract.
//!
//! Only operations that some contract says something about are looked at: a plain OpenAPI document
//! has no place for these facts, and is not blamed for lacking them.

mod actors_missing;
mod billable_without_dimension;
mod boundary_crossed;
mod category_incomplete;
mod category_not_read_only;
mod consent_missing;
mod deduplication_key_not_sent;
mod delivery_undeclared;
mod deprecation_too_short;
mod entities;
mod entity_with_two_owners;
mod error_without_message;
mod event_taken;
mod event_time_without_format;
mod event_value_without_vocabulary;
mod excluded_surface;
mod facade_with_own_store;
mod field_narrower_than_entity;
mod field_of_no_entity;
mod field_wider_than_entity;
mod forbidden_behaviour;
mod idempotency_on_read;
mod idempotency_undeclared;
mod invalid_contract;
mod link_without_operation;
mod minimum_field_not_required;
mod missing_from_contract;
mod operation_id_taken;
mod operation_not_in_sources;
mod operation_without_reason_code;
mod outside_inventory;
mod owner_missing;
mod path_without_version;
mod payload_schema_missing;
mod payloads;
mod prerequisite_missing;
mod rate_class_missing;
mod reason_code_form;
mod reason_code_without_status;
mod request_schema_missing;
mod required_fact_missing;
mod required_header_missing;
mod response_schema_missing;
mod route_taken;
mod schema_not_found;
mod scope_family_not_allowed;
mod scope_of_family_missing;
mod scope_of_other_kind;
mod scopes_missing;
mod stage_beyond_boundary;
mod status_machine_broken;
mod surface;
mod tenant_path_parameter_missing;
mod tenant_unknown;
mod undeclared_path_parameter;
mod unknown_actor;
mod unknown_consent_scope;
mod unknown_criterion;
mod unknown_delivery_guarantee;
mod unknown_event;
mod unknown_rate_class;
mod unknown_reason_code;
mod unknown_scope;
mod unknown_tier;
mod unknown_usage_dimension;
mod unused_reason_code;
mod usage_as_gate;
mod waiver_without_adr;

use std::collections::{BTreeMap, BTreeSet};

use tenon_graph::{Contract, Event, Governance, Name, Operation};
use tenon_source::{At, Code, Finding};

use crate::{Context, Rule};

/// The rules of this area, by id.
pub static RULES: &[&Rule] = &[
    &invalid_contract::RULE,
    &event_taken::RULE,
    &payload_schema_missing::RULE,
    &minimum_field_not_required::RULE,
    &event_time_without_format::RULE,
    &delivery_undeclared::RULE,
    &unknown_event::RULE,
    &deduplication_key_not_sent::RULE,
    &event_value_without_vocabulary::RULE,
    &unknown_delivery_guarantee::RULE,
    &idempotency_undeclared::RULE,
    &idempotency_on_read::RULE,
    &actors_missing::RULE,
    &scopes_missing::RULE,
    &unknown_actor::RULE,
    &unknown_scope::RULE,
    &scope_of_other_kind::RULE,
    &undeclared_path_parameter::RULE,
    &operation_id_taken::RULE,
    &route_taken::RULE,
    &request_schema_missing::RULE,
    &response_schema_missing::RULE,
    &schema_not_found::RULE,
    &unknown_reason_code::RULE,
    &unused_reason_code::RULE,
    &reason_code_form::RULE,
    &reason_code_without_status::RULE,
    &operation_without_reason_code::RULE,
    &tenant_unknown::RULE,
    &tenant_path_parameter_missing::RULE,
    &rate_class_missing::RULE,
    &unknown_rate_class::RULE,
    &unknown_consent_scope::RULE,
    &unknown_usage_dimension::RULE,
    &billable_without_dimension::RULE,
    &boundary_crossed::RULE,
    &facade_with_own_store::RULE,
    &entity_with_two_owners::RULE,
    &owner_missing::RULE,
    &unknown_tier::RULE,
    &status_machine_broken::RULE,
    &operation_not_in_sources::RULE,
    &consent_missing::RULE,
    &outside_inventory::RULE,
    &missing_from_contract::RULE,
    &scope_family_not_allowed::RULE,
    &scope_of_family_missing::RULE,
    &category_incomplete::RULE,
    &category_not_read_only::RULE,
    &excluded_surface::RULE,
    &forbidden_behaviour::RULE,
    &stage_beyond_boundary::RULE,
    &usage_as_gate::RULE,
    &waiver_without_adr::RULE,
    &field_wider_than_entity::RULE,
    &field_narrower_than_entity::RULE,
    &link_without_operation::RULE,
    &required_header_missing::RULE,
    &prerequisite_missing::RULE,
    &field_of_no_entity::RULE,
    &required_fact_missing::RULE,
    &unknown_criterion::RULE,
    &error_without_message::RULE,
    &path_without_version::RULE,
    &deprecation_too_short::RULE,
];

/// The operations that a contract says something about.
fn declared<'g>(ctx: &Context<'g>) -> impl Iterator<Item = &'g Operation> {
    ctx.graph.operations.iter().filter(|operation| operation.governance.declared)
}

/// The events that a contract says something about: a message of a plain AsyncAPI document is not
/// blamed for what its format has no place for.
fn declared_events<'g>(ctx: &Context<'g>) -> impl Iterator<Item = &'g Event> {
    ctx.graph.events.iter().filter(|event| event.declared)
}

/// A finding about an operation as a whole.
fn report(ctx: &Context<'_>, code: &'static Code, operation: &Operation, message: String) -> Finding {
    ctx.graph.sources.finding(code, operation.at, message).with_operation(operation.label())
}

/// Reports operations that need a caller but do not list what kind (`what`) of caller may call.
fn report_without_callers(
    ctx: &Context<'_>,
    code: &'static Code,
    list: impl Fn(&Governance) -> Option<&Vec<Name>>,
    what: &str,
    example: &str,
    out: &mut Vec<Finding>,
) {
    for operation in declared(ctx) {
        let governance = &operation.governance;
        // A role, where a format has roles, is the same promise in other words.
        let exempt = governance.role.is_some() || operation.service.is_some();
        if governance.auth_required == Some(false) || exempt {
            continue;
        }
        if list(governance).is_none_or(Vec::is_empty) {
            let message = format!("{} does not say which {what} may call it", operation.label());
            let help = format!("list the {what}, as in `{example}`, or say `auth: public`");
            out.push(report(ctx, code, operation, message).with_help(help));
        }
    }
}

/// The words all contracts of the run declare in one of their lists; `None` if no contract has
/// that list.
fn vocabulary<'g>(
    ctx: &Context<'g>,
    list: impl Fn(&'g Contract) -> Option<&'g Vec<Name>>,
) -> Option<BTreeSet<&'g str>> {
    let lists: Vec<_> = ctx.graph.contracts.iter().filter_map(list).collect();
    (!lists.is_empty()).then(|| lists.into_iter().flatten().map(Name::as_str).collect())
}

/// Reports the words an operation uses that are not known.
fn unknown_words<'g>(
    ctx: &Context<'_>,
    code: &'static Code,
    operation: &Operation,
    used: impl Iterator<Item = &'g Name>,
    known: &BTreeSet<&str>,
    what: &str,
    out: &mut Vec<Finding>,
) {
    for word in used.filter(|word| !known.contains(word.as_str())) {
        let message = format!("the {what} `{}` is not declared", word.text);
        let help = match tenon_source::nearest(&word.text, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("declared are {}", known.iter().copied().collect::<Vec<_>>().join(", ")),
        };
        let finding = ctx.graph.sources.finding_at_value(code, word.at, message);
        out.push(finding.with_operation(operation.label()).with_help(help));
    }
}

/// Reports every entry but the first of each name. An entry is its name, its place and the
/// operation it belongs to.
fn first_of_each(
    ctx: &Context<'_>,
    code: &'static Code,
    entries: impl Iterator<Item = (String, At, Option<String>)>,
    what: &str,
    out: &mut Vec<Finding>,
) {
    let mut first: BTreeMap<String, At> = BTreeMap::new();
    for (name, at, operation) in entries {
        let Some(&earlier) = first.get(&name) else {
            first.insert(name, at);
            continue;
        };
        let mut finding = ctx.graph.sources.finding(code, at, format!("the {what} `{name}` is taken"));
        finding.operation = operation;
        out.push(
            finding
                .with_related(ctx.graph.sources.place(earlier), "first used here")
                .with_help("give one of the two another name, or remove the copy"),
        );
    }
}

/// The loaded schema file whose name is nearest to one that is missing.
fn nearest_schema<'g>(ctx: &Context<'g>, name: &str) -> Option<&'g str> {
    let base = |path: &'g str| path.rsplit_once('/').map_or(path, |(_, base)| base);
    let files = ctx.graph.sources.iter().map(|(_, file)| base(file.path.as_str()));
    tenon_source::nearest(base_of(name), files.filter(|file| file.contains("schema")))
}

fn base_of(name: &str) -> &str {
    name.rsplit_once('/').map_or(name, |(_, base)| base)
}
