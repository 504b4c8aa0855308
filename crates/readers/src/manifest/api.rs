//! A manifest of endpoints.

use tenon_graph::{
    ApiManifest, Governance, HttpBinding, Idempotency, Method, Name, Operation, Parameter, ParameterIn, Part,
    Resolver,
};

use super::any;
use super::files::Files;
use crate::codes;
use crate::governance::{read_contract, read_entities, read_errors, read_governance};
use crate::value::Value;

const REQUEST: [&str; 3] = ["request_schema", "requestSchema", "request"];
const RESPONSE: [&str; 3] = ["response_schema", "responseSchema", "response"];

pub(super) fn read(root: Value<'_>, mut part: Part, resolver: &Resolver<'_>) -> Part {
    let files = Files::new(root.file, resolver.sources());
    let id = any(root, &["id", "name"]).and_then(Value::scalar);
    part.api_manifests.push(ApiManifest { file: root.file, root: root.at(), id });
    for entry in root.list("endpoints") {
        if entry.node.is_object() {
            part.operations.push(endpoint(entry, &files));
            continue;
        }
        let message = format!("an endpoint is an object, not {}", entry.node.kind().as_str());
        let finding = resolver.sources().finding_at_value(&codes::WRONG_TYPE, entry.at(), message);
        part.findings.push(finding.with_help("write its method, path, operation id and schemas"));
    }
    if ["owner", "tier", "actors", "scopes"].iter().any(|key| root.get(key).is_some()) {
        part.contracts.push(read_contract(root));
    }
    if let Some(errors) = any(root, &["errors", "error_codes", "reason_codes"]) {
        part.errors = read_errors(errors);
    }
    if let Some(entities) = root.object("entities") {
        part.entities = read_entities(entities);
    }
    part
}

/// The names of the schema files.
pub(super) fn schema_names(root: Value<'_>) -> Vec<Name> {
    let endpoints = root.list("endpoints");
    let named = |entry, keys: &[&str]| any(entry, keys).and_then(file_name);
    endpoints.flat_map(|entry| [named(entry, &REQUEST), named(entry, &RESPONSE)]).flatten().collect()
}

fn file_name(value: Value<'_>) -> Option<Name> {
    Some(Name::new(value.as_str().or_else(|| value.reference())?, value.at()))
}

fn endpoint(entry: Value<'_>, files: &Files<'_>) -> Operation {
    let mut operation = Operation::new(entry.file, entry.at());
    operation.id = any(entry, &["operation_id", "operationId", "id"]).and_then(Value::scalar);
    let method = any(entry, &["method"]).and_then(Value::scalar);
    let path = any(entry, &["path", "route"]).and_then(Value::scalar);
    if let (Some(method), Some(path)) = (method, path) {
        operation.http = Some(HttpBinding { method: Method::new(&method.text), path });
    }
    operation.summary = any(entry, &["summary", "notes"]).and_then(Value::scalar);
    operation.description = entry.name("description");
    let schema = |keys: &[&str]| any(entry, keys).and_then(file_name).map(|name| files.schema(name));
    operation.request_schema = schema(&REQUEST);
    operation.response_schema = schema(&RESPONSE);
    operation.detail.parameters = path_parameters(entry);
    operation.detail.deprecated = entry.flag("deprecated");
    operation.governance = governance(entry);
    operation
}

fn governance(entry: Value<'_>) -> Governance {
    // The words of `x-tenon` are understood here too; a manifest's own come on top.
    let mut out = read_governance(entry);
    if let Some(auth) = entry.object("auth") {
        out.auth_required = any(auth, &["required"]).and_then(|value| value.node.as_bool());
        out.actors = any(auth, &["allowed_actor_types", "allowedActorTypes", "actor_types", "actors"])
            .and_then(Value::names)
            .or(out.actors);
        out.scopes =
            any(auth, &["required_scopes", "requiredScopes", "scopes"]).and_then(Value::names).or(out.scopes);
        out.role = any(auth, &["role", "required_role"]).and_then(Value::scalar).or(out.role);
    }
    out.actors = any(entry, &["allowed_actor_types", "allowedActorTypes", "actor_types"])
        .and_then(Value::names)
        .or(out.actors);
    out.scopes = any(entry, &["required_scopes", "requiredScopes"]).and_then(Value::names).or(out.scopes);
    out.facade_of = any(entry, &["facadeOf"]).and_then(Value::scalar).or(out.facade_of);
    out.reason_codes =
        any(entry, &["reasonCodes", "error_codes", "errors"]).and_then(Value::names).or(out.reason_codes);
    if let Some(flag) = any(entry, &["idempotency_required", "idempotencyRequired"])
        && let Some(required) = flag.node.as_bool()
    {
        let told = out.idempotency.take();
        let base =
            Idempotency { at: flag.at(), required, key: None, scope: None, window: None, conflict: None };
        out.idempotency = Some(told.map_or(base, |told| Idempotency { required, ..told }));
    }
    out
}

/// Declared path parameters: names, or objects with a `name`; of `parameters` those in the path.
fn path_parameters(entry: Value<'_>) -> Vec<Parameter> {
    let plain = any(entry, &["path_params", "pathParams", "path_parameters", "pathParameters"]);
    let mut found: Vec<Parameter> = match plain {
        Some(object) if object.node.is_object() => {
            let members = object.members();
            members.map(|(name, value)| path_parameter(Name::new(name, value.at()), value)).collect()
        }
        Some(list) => list
            .items()
            .filter_map(|item| Some(path_parameter(item.scalar().or_else(|| item.name("name"))?, item)))
            .collect(),
        None => Vec::new(),
    };
    let in_path = |item: &Value<'_>| item.node.get_str("in") == Some("path");
    let listed = entry.list("parameters").filter(in_path);
    found.extend(listed.filter_map(|item| Some(path_parameter(item.name("name")?, item))));
    found
}

fn path_parameter(name: Name, value: Value<'_>) -> Parameter {
    Parameter {
        at: value.at(),
        def: value.at(),
        name: Some(name),
        place: Some(ParameterIn::Path),
        required: true,
        schema: value.object("schema").map(Value::at),
        content: Vec::new(),
        inherited: false,
    }
}
