//! Operations of other formats as endpoints.

use serde_json::Value;
use tenon_graph::{Graph, Operation, OperationKind, ParameterIn, Status, to_value};

use super::endpoint::{Argument, Endpoint};
use super::names::{camel, kebab};
use crate::manifests::id;

/// The endpoints of all HTTP operations that are offered.
pub(super) fn endpoints(graph: &Graph, notes: &mut Vec<String>) -> Vec<Endpoint> {
    let mut out = Vec::new();
    for operation in graph.operations.iter().filter(|one| one.kind == OperationKind::Offered) {
        let Some(http) = &operation.http else { continue };
        let method =
            ["GET", "POST", "PUT", "PATCH", "DELETE"].into_iter().find(|one| *one == http.method.as_str());
        match method {
            Some(method) => out.push(endpoint(graph, operation, method, &http.path.text)),
            None => {
                notes.push(format!("{} has a method that service contracts do not know", operation.label()))
            }
        }
    }
    out
}

fn endpoint(graph: &Graph, operation: &Operation, method: &'static str, path: &str) -> Endpoint {
    let governance = &operation.governance;
    let dashed: String = id(operation)
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' })
        .collect();
    let mut out = Endpoint::new(method, express(path), camel(&dashed));
    out.purpose = out.method_name.clone();
    let area = path.split('/').find(is_area).unwrap_or("api");
    let area = kebab(area);
    out.route_file = format!("server/routes/{area}.routes.ts");
    out.service_file = format!("server/services/{area}.service.ts");
    out.deferred = operation.status == Some(Status::Deferred);
    out.public = governance.auth_required == Some(false);
    out.role = governance.role.as_ref().map(|role| role.text.clone());
    out.side_effects = governance.side_effects.iter().flatten().map(|name| name.text.clone()).collect();
    let http = operation.http.as_ref();
    for name in http.iter().flat_map(|http| http.path_parameters()) {
        out.arguments.push(Argument::new(camel(name), format!("req.params.{name}")));
    }
    for parameter in &operation.detail.parameters {
        if let (Some(ParameterIn::Query), Some(name)) = (parameter.place, &parameter.name) {
            let argument = Argument::query(&name.text);
            out.arguments.push(Argument {
                name: camel(&name.text),
                optional: !parameter.required,
                ..argument
            });
        }
    }
    body(graph, operation, &mut out);
    out.crud = crud(method, path);
    let about = operation.description.as_ref().or(operation.summary.as_ref());
    out.notes = about.map(|about| vec![sentence(&about.text)]).unwrap_or_default();
    out
}

/// A part of a path that tells what it is about.
fn is_area(part: &&str) -> bool {
    let is_version = part.strip_prefix('v').is_some_and(|rest| rest.chars().all(|one| one.is_ascii_digit()));
    !part.is_empty() && *part != "api" && !is_version && !part.starts_with([':', '{'])
}

/// `{id}` as `:id`.
fn express(path: &str) -> String {
    let part = |part: &str| match part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(name) => format!(":{name}"),
        None => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Each member of the body is an argument; a body that is no object is one itself.
fn body(graph: &Graph, operation: &Operation, out: &mut Endpoint) {
    let media = operation.detail.request.as_ref().and_then(|body| body.content.first()?.schema);
    let native = operation.request_schema.as_ref().and_then(|schema| schema.as_ref().ok()).copied();
    let Some(at) = native.or(media).filter(|_| matches!(out.method, "POST" | "PUT" | "PATCH")) else {
        return;
    };
    let schema = graph.node(graph.follow(at));
    let Some(properties) = schema.get("properties") else {
        out.arguments.push(Argument::new("body", "req.body"));
        return;
    };
    let required: Vec<&str> = schema
        .get("required")
        .into_iter()
        .flat_map(|list| list.items())
        .filter_map(|name| name.as_str())
        .collect();
    for (name, member) in properties.members() {
        let argument = Argument::body(name, !required.contains(&name));
        out.arguments.push(Argument { name: camel(name), ..argument });
        if let Some(Value::Array(values)) = member.get("enum").map(to_value) {
            let values = values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            out.enums.push((name.to_owned(), values));
        }
    }
}

/// What an endpoint does to a resource, as far as its method and path tell.
fn crud(method: &str, path: &str) -> Option<&'static str> {
    let last = path.rsplit('/').next().unwrap_or("");
    let of_one = last.starts_with([':', '{']);
    match (method, of_one) {
        ("GET", true) => Some("read"),
        ("PUT" | "PATCH", true) => Some("update"),
        ("DELETE", true) => Some("delete"),
        ("POST", false) => Some("create"),
        _ => None,
    }
}

fn sentence(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.ends_with(['.', '!', '?']) { text } else { format!("{text}.") }
}
