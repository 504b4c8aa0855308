//! `operations` of the native contract.

use tenon_graph::{
    Governance, HttpBinding, Idempotency, Method, Name, Operation, Parameter, ParameterIn, Part, RpcBinding,
    Status,
};
use tenon_source::FileId;

use super::Schemas;
use crate::governance::read_governance;
use crate::value::Value;

/// The files of `sources` that are there.
pub(super) fn sources(root: Value<'_>, schemas: &Schemas<'_, '_>) -> Vec<FileId> {
    let found = |value: Value<'_>| Some(schemas.resolver.resolve(root.file, value.as_str()?).ok()?.file);
    root.list("sources").filter_map(found).collect()
}

/// Reads the operations. Those of a contract with `sources` are facts about the operations of
/// those files; linking finds them there.
pub(super) fn read(root: Value<'_>, schemas: &Schemas<'_, '_>, part: &mut Part) {
    let defaults = root.get("defaults").map(read_governance).unwrap_or_default();
    let sources = sources(root, schemas);
    for (name, value) in root.map("operations") {
        let mut operation = Operation::new(root.file, value.at());
        operation.id = Some(Name::new(name, value.at()));
        operation.http = value.name("http").and_then(http_binding);
        operation.rpc = value.name("rpc").and_then(rpc_binding);
        operation.summary = value.name("summary");
        operation.description = value.name("description");
        operation.status = value.get("status").and_then(status);
        operation.request_schema = schemas.find(value, "request", Some(part));
        operation.response_schema = schemas.find(value, "response", Some(part));
        operation.detail.parameters = value.map("parameters").map(parameter).collect();
        operation.detail.deprecated = value.flag("deprecated");
        operation.governance = with_defaults(read_governance(value), &defaults, operation.is_mutating());
        if sources.is_empty() {
            part.operations.push(operation);
        } else {
            part.overlays.push((operation, sources.clone()));
        }
    }
}

/// `POST /disputes`.
fn http_binding(text: Name) -> Option<HttpBinding> {
    let (method, path) = text.text.split_once(' ')?;
    let path = path.trim();
    path.starts_with('/').then(|| HttpBinding { method: Method::new(method), path: Name::new(path, text.at) })
}

/// `domed.v1.DomedService/CancelJob`.
fn rpc_binding(text: Name) -> Option<RpcBinding> {
    let (service, method) = text.text.rsplit_once('/')?;
    Some(RpcBinding { service: Name::new(service, text.at), method: Name::new(method, text.at), types: None })
}

fn status(value: Value<'_>) -> Option<Status> {
    match value.as_str()? {
        "required" => Some(Status::Required),
        "deferred" => Some(Status::Deferred),
        _ => None,
    }
}

/// `dispute_id: {in: path, schema: {…}}`; a parameter in the path is always required.
fn parameter((name, value): (&str, Value<'_>)) -> Parameter {
    let place = match value.name("in").as_ref().map(Name::as_str) {
        Some("path") => Some(ParameterIn::Path),
        Some("query") | None => Some(ParameterIn::Query),
        Some("header") => Some(ParameterIn::Header),
        Some("cookie") => Some(ParameterIn::Cookie),
        Some(_) => None,
    };
    Parameter {
        at: value.at(),
        def: value.at(),
        name: Some(Name::new(name, value.at())),
        place,
        required: value.flag("required") || place == Some(ParameterIn::Path),
        schema: value.get("schema").map(Value::at),
        content: Vec::new(),
        inherited: false,
    }
}

/// What the operation does not say is what the contract's `defaults` say. Idempotency is a matter
/// of operations that change something.
fn with_defaults(mut own: Governance, defaults: &Governance, mutating: bool) -> Governance {
    // An RPC has no method that tells: what says that it is idempotent changes something.
    let usual = defaults.idempotency.as_ref().filter(|_| mutating || own.idempotency.is_some());
    own.idempotency = match (own.idempotency, usual) {
        (Some(own), Some(usual)) => Some(Idempotency {
            key: own.key.or_else(|| usual.key.clone()),
            scope: own.scope.or_else(|| usual.scope.clone()),
            window: own.window.or_else(|| usual.window.clone()),
            conflict: own.conflict.or_else(|| usual.conflict.clone()),
            ..own
        }),
        (own, usual) => own.or_else(|| usual.cloned()),
    };
    own.auth_required = own.auth_required.or(defaults.auth_required);
    own.actors = own.actors.or_else(|| defaults.actors.clone());
    own.scopes = own.scopes.or_else(|| defaults.scopes.clone());
    own.role = own.role.or_else(|| defaults.role.clone());
    own.tenancy = own.tenancy.or_else(|| defaults.tenancy.clone());
    own.consent = own.consent.or_else(|| defaults.consent.clone());
    own.usage = own.usage.or_else(|| defaults.usage.clone());
    own.rate_class = own.rate_class.or_else(|| defaults.rate_class.clone());
    own.reason_codes = own.reason_codes.or_else(|| defaults.reason_codes.clone());
    own.tier = own.tier.or_else(|| defaults.tier.clone());
    own.owner = own.owner.or_else(|| defaults.owner.clone());
    own
}
