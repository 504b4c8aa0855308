//! One endpoint to one operation.

use tenon_graph::service::{ServiceDialect, ServiceEndpoint};
use tenon_graph::{Governance, HttpBinding, Method, Name, Operation, Status};
use tenon_source::{FileId, Node};

use super::names::{at, text, texts};

/// Reads an endpoint.
pub(super) fn read(file: FileId, node: Node<'_>, dialect: ServiceDialect) -> Operation {
    let contract = node.get("serviceContract").filter(|contract| contract.is_object());
    let mut service = common(file, node, contract, dialect);
    match dialect {
        ServiceDialect::V2 => {}
        ServiceDialect::ServiceNameArgs => map_service_name(file, contract, &mut service),
        ServiceDialect::ParametersThrows => map_parameters(file, contract, &mut service),
    }
    let mut operation = Operation::new(file, at(file, node));
    if let (Some(method), Some(path)) = (node.get_str("method"), text(file, node, "path")) {
        operation.http = Some(HttpBinding { method: Method::new(method), path });
    }
    operation.id = service.method_name.clone();
    operation.description = text(file, node, "description");
    operation.status = service.status.as_ref().and_then(|status| read_status(&status.text, dialect));
    operation.governance = governance(&service);
    operation.service = Some(Box::new(service));
    operation
}

fn read_status(text: &str, dialect: ServiceDialect) -> Option<Status> {
    match (text, dialect) {
        ("required", _) | ("implemented", ServiceDialect::ParametersThrows) => Some(Status::Required),
        ("deferred", _) => Some(Status::Deferred),
        _ => None,
    }
}

fn governance(service: &ServiceEndpoint) -> Governance {
    let by_authentication = match service.authentication.as_ref().map(Name::as_str) {
        Some("required") => Some(true),
        Some("public" | "optional") => Some(false),
        _ => None,
    };
    Governance {
        auth_required: service.auth_required.or(by_authentication),
        role: service.rbac.clone(),
        side_effects: service.side_effects.clone(),
        ..Governance::default()
    }
}

/// The fields that all dialects share.
fn common(
    file: FileId,
    node: Node<'_>,
    contract: Option<Node<'_>>,
    dialect: ServiceDialect,
) -> ServiceEndpoint {
    let inner = |key: &str| contract.and_then(|contract| contract.get(key));
    let inner_text = |key: &str| contract.and_then(|contract| text(file, contract, key));
    let inner_texts = |key: &str| contract.and_then(|contract| texts(file, contract, key));
    let sources = [node.get("configSource"), inner("configSource")];
    ServiceEndpoint {
        dialect,
        contract: contract.map(|contract| at(file, contract)),
        status: text(file, node, "status"),
        route_file: text(file, node, "routeFile"),
        middleware: texts(file, node, "middleware"),
        authentication: text(file, node, "authentication"),
        response_token_path: text(file, node, "responseTokenPath"),
        allowed_mime_types: texts(file, node, "allowedMimeTypes"),
        max_size_mb: node.get("maxSizeMb").and_then(|size| size.as_f64()),
        config_sources: sources.into_iter().flatten().map(|source| at(file, source)).collect(),
        service_file: inner_text("serviceFile"),
        method_name: inner_text("methodName"),
        signature: inner_text("signature"),
        route_args: inner_texts("routeArgs"),
        purpose: inner_text("purpose"),
        auth_required: inner("authRequired").and_then(|value| value.as_bool()),
        rbac: inner_text("rbac"),
        file_upload: inner("fileUpload").and_then(|value| value.as_bool()),
        accepts_body: inner("acceptsBody").and_then(|value| value.as_bool()),
        notes: inner_text("notes"),
        must_use_params: inner_texts("mustUseParams").unwrap_or_default(),
        must_use_auth: inner("mustUseAuth").and_then(|value| value.as_bool()),
        crud_operation: inner_text("crudOperation"),
        side_effects: inner_texts("sideEffects"),
        pagination: inner("pagination").or_else(|| node.get("pagination")).map(|value| at(file, value)),
        body_schema: inner("bodySchema").map(|value| at(file, value)),
        validation: inner("validation").map(|value| at(file, value)),
        returns_list: inner("returnsList")
            .or_else(|| node.get("returnsList"))
            .and_then(|value| value.as_bool()),
        responses: node.get("responses").or_else(|| inner("responses")).map(|value| at(file, value)),
    }
}

/// `serviceName`, `method`, `args`, `returns`.
fn map_service_name(file: FileId, contract: Option<Node<'_>>, service: &mut ServiceEndpoint) {
    let Some(contract) = contract else { return };
    service.method_name = service.method_name.take().or_else(|| text(file, contract, "method"));
    service.purpose = service.purpose.take().or_else(|| text(file, contract, "method"));
    service.route_args = service.route_args.take().or_else(|| texts(file, contract, "args"));
    let lists = contract.get_str("returns").map(|returns| returns.trim_end().ends_with("[]"));
    service.returns_list = service.returns_list.or(lists);
}

/// `parameters` with `name`, `source`, `optional`, and `throws`.
fn map_parameters(file: FileId, contract: Option<Node<'_>>, service: &mut ServiceEndpoint) {
    let Some(contract) = contract else { return };
    let Some(parameters) = contract.get("parameters").filter(|list| list.is_array()) else { return };
    let mut names = Vec::new();
    let mut sources = Vec::new();
    for parameter in parameters.items() {
        let Some(name) = parameter.as_str().or_else(|| parameter.get_str("name")) else { continue };
        let optional = parameter.get("optional").and_then(|value| value.as_bool()) == Some(true)
            || parameter.get("required").and_then(|value| value.as_bool()) == Some(false);
        names.push(format!("{name}{}", if optional { "?" } else { "" }));
        // A parameter without a source is its own name: nothing is known of where it comes from.
        sources.push(text(file, parameter, "source").unwrap_or_else(|| Name::new(name, at(file, parameter))));
    }
    let method = service.method_name.as_ref().map_or("", Name::as_str);
    let signature = format!("{method}({})", names.join(", "));
    service.signature = Some(Name::new(signature, at(file, parameters)));
    service.route_args = service.route_args.take().or(Some(sources));
    service.purpose = service.purpose.take().or_else(|| service.method_name.clone());
}
