//! The tenant itself, and endpoints outside every entity.

use tenon_graph::service::{Table, UiStrategy};
use tenon_source::Node;

use super::endpoint::{Argument, Endpoint};
use super::model::Model;
use super::names::{kebab, pascal, singular};
use super::notes;

/// What the scope manifest excepts from its entities, such as a health check; public.
pub(super) fn exceptions(model: &Model<'_>) -> Vec<Endpoint> {
    let list = model.scope_root().get("scopeExceptions").into_iter().flat_map(Node::items);
    let read = list.filter_map(|item| {
        let method = known_method(item.get_str("method").unwrap_or("GET"))?;
        let path = item.get_str("path")?;
        let what = path.rsplit('/').find(|part| !part.is_empty() && !part.starts_with(':')).unwrap_or("root");
        let verb = if method == "GET" { "get" } else { "run" };
        let mut endpoint = Endpoint::new(method, path, format!("{verb}{}Status", pascal(what)));
        endpoint.public = true;
        endpoint.purpose = kebab(what);
        endpoint.route_file = Model::route_file(what);
        endpoint.service_file = model.service_file(what);
        endpoint
            .notes
            .extend(item.get_str("reason").map(|reason| format!("{}.", reason.trim_end_matches('.'))));
        Some(endpoint)
    });
    read.collect()
}

/// The endpoints of the tenant by its `uiStrategy`; `None` where it gets those of any entity.
pub(super) fn endpoints(model: &Model<'_>, entity: &str, table: &Table) -> Option<Vec<Endpoint>> {
    match model.scope.tenant_container.as_ref()?.ui_strategy? {
        UiStrategy::None => Some(Vec::new()),
        UiStrategy::DedicatedPage => None,
        UiStrategy::SettingsEmbedded => {
            Some(vec![settings(model, entity, table, "GET"), settings(model, entity, table, "PATCH")])
        }
    }
}

fn settings(model: &Model<'_>, entity: &str, table: &Table, method: &'static str) -> Endpoint {
    let single = singular(entity);
    let tenant = model.tenant_field();
    let verb = if method == "GET" { "get" } else { "update" };
    let mut endpoint =
        Endpoint::new(method, format!("/api/{}", kebab(&single)), format!("{verb}{}", pascal(&single)));
    endpoint.route_file = Model::route_file(entity);
    endpoint.service_file = model.service_file(entity);
    endpoint.arguments.push(Argument::new(&tenant, format!("req.user.{tenant}")));
    endpoint.crud = Some(if method == "GET" { "read" } else { "update" });
    endpoint
        .notes
        .push(format!("Token-scoped: the tenant is the caller's own, from {tenant} of the token claims."));
    if method == "PATCH"
        && let Some(table) = model.table(&table.name.text)
    {
        let columns = model.settable(table);
        endpoint.arguments.extend(columns.iter().map(|column| Argument::body(&column.name.text, true)));
        endpoint.role = model.managing_role(entity);
        endpoint.enums = notes::enums(&columns);
        endpoint.notes.extend(notes::enum_validation(&endpoint.enums));
        endpoint.notes.extend(notes::bindings(table, &columns));
        endpoint.notes.extend(notes::version_bumps(table));
        endpoint.side_effects = notes::side_effects(table, &columns);
    }
    endpoint
}

/// The method as service contracts write it, if they know it.
pub(super) fn known_method(name: &str) -> Option<&'static str> {
    ["GET", "POST", "PUT", "PATCH", "DELETE"].into_iter().find(|method| name.eq_ignore_ascii_case(method))
}
