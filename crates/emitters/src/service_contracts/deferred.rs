//! Deferred entities: their endpoints are written down, marked, and built by nobody yet.

use tenon_source::Node;

use super::endpoint::{Argument, Endpoint};
use super::model::Model;
use super::names::{camel, kebab, pascal, singular};
use super::tenant::known_method;

/// The declared endpoints of each deferred entity; listing and creating where none is declared.
pub(super) fn endpoints(model: &Model<'_>) -> Vec<Endpoint> {
    model.scope.deferred_entities.iter().flat_map(|entity| of_entity(model, &entity.text)).collect()
}

fn of_entity(model: &Model<'_>, entity: &str) -> Vec<Endpoint> {
    let declaration = model.scope_root().get("deferralDeclarations").and_then(|all| all.get(entity));
    let api = declaration.and_then(|declaration| declaration.get("api"));
    let listed = api.and_then(|api| api.get("endpoints")).into_iter().flat_map(Node::items);
    let mut routes: Vec<(&'static str, String)> = listed
        .filter_map(|item| Some((known_method(item.get_str("method")?)?, item.get_str("path")?.to_owned())))
        .collect();
    if routes.is_empty() {
        let base = format!("/api/{}", kebab(entity));
        routes = vec![("GET", base.clone()), ("POST", base)];
    }
    let route_file = api.and_then(|api| api.get_str("routeFile"));
    let services = declaration.and_then(|declaration| declaration.at("/services/files/0"));
    let reason = declaration.and_then(|declaration| declaration.get_str("reason"));
    let mut out: Vec<Endpoint> = Vec::new();
    for (method, path) in routes {
        let mut endpoint = one(model, entity, method, path);
        endpoint.route_file = route_file.map_or_else(|| Model::route_file(entity), str::to_owned);
        let service = services.and_then(Node::as_str);
        endpoint.service_file = service.map_or_else(|| model.service_file(entity), str::to_owned);
        endpoint.notes.extend(reason.map(|reason| format!("Deferred: {}.", reason.trim_end_matches('.'))));
        let same = |other: &Endpoint| other.method == endpoint.method && other.path == endpoint.path;
        if !out.iter().any(same) {
            out.push(endpoint);
        }
    }
    out
}

fn one(model: &Model<'_>, entity: &str, method: &'static str, path: String) -> Endpoint {
    let of_one = path.rsplit('/').next().is_some_and(|last| last.starts_with(':') || last.starts_with('{'));
    let (verb, crud, plural) = match (method, of_one) {
        ("GET", false) => ("list", None, true),
        ("GET", true) => ("get", Some("read"), false),
        ("POST", _) => ("create", Some("create"), false),
        ("DELETE", _) => ("delete", Some("delete"), false),
        _ => ("update", Some("update"), false),
    };
    let noun = if plural { pascal(entity) } else { pascal(&singular(entity)) };
    let mut endpoint = Endpoint::new(method, path.clone(), format!("{verb}{noun}"));
    endpoint.deferred = true;
    endpoint.crud = crud;
    let tenant = model.tenant_field();
    endpoint.arguments.push(Argument::new(&tenant, format!("req.user.{tenant}")));
    for name in tenon_graph::template_parameters(&path) {
        let own = if name == "id" { format!("{}Id", camel(&singular(entity))) } else { name.to_owned() };
        endpoint.arguments.push(Argument::new(own, format!("req.params.{name}")));
    }
    if plural {
        endpoint.arguments.extend([Argument::query("page"), Argument::query("limit")]);
    }
    if matches!(method, "POST" | "PUT" | "PATCH") {
        let body = camel(&singular(entity));
        endpoint.arguments.push(Argument::new(&body, "req.body"));
        endpoint
            .notes
            .push("The body is specified with the entity's table when it is taken into scope.".to_owned());
    }
    endpoint.notes.push(format!("Token-scoped through {tenant} of the token claims."));
    endpoint
}
