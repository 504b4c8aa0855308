//! The endpoints of each required entity.

use serde_json::{Value, json};
use tenon_graph::service::{Column, Table, TenantKey};

use super::endpoint::{Argument, Endpoint};
use super::model::Model;
use super::names::{kebab, pascal, singular};
use super::{config, notes, tenant};

/// The endpoints of all required entities, and the exclusions of those that have none.
pub(super) fn endpoints(model: &Model<'_>) -> (Vec<Endpoint>, Vec<Value>) {
    let mut out = Vec::new();
    let mut exclusions = Vec::new();
    for entity in &model.scope.required_entities {
        let name = entity.text.as_str();
        let Some(table) = model.table(name) else {
            exclusions.push(json!({ "entity": name, "reason": "The data model has no table for it" }));
            continue;
        };
        let own =
            if model.tenant_entity() == Some(name) { tenant::endpoints(model, name, table) } else { None };
        let own = own.unwrap_or_else(|| Entity::new(model, name, table).endpoints());
        if own.is_empty() {
            let reason = "The tenant has no surface of its own (tenantContainer.uiStrategy is none)";
            exclusions.push(json!({ "entity": name, "reason": reason }));
        }
        out.extend(own);
    }
    (out, exclusions)
}

/// An entity with what its endpoints share.
struct Entity<'m, 'g> {
    model: &'m Model<'g>,
    name: &'m str,
    table: &'g Table,
    /// Path of the collection.
    base: String,
    /// Arguments that say whose records are meant.
    scope: Vec<Argument>,
    /// The parent's guard, on every endpoint.
    guard: Option<String>,
}

impl<'m, 'g> Entity<'m, 'g> {
    fn new(model: &'m Model<'g>, name: &'m str, table: &'g Table) -> Self {
        let tenant = model.tenant_field();
        let platform_level = !matches!(table.tenant_key, Some(TenantKey::Direct | TenantKey::Indirect))
            && model.tenant_entity() != Some(name);
        let mut scope = Vec::new();
        if !platform_level {
            scope.push(Argument::new(&tenant, format!("req.user.{tenant}")));
        }
        let mut base = "/api".to_owned();
        let mut guard = None;
        if let Some((_, parent)) = model.parent(table) {
            let parameter = Model::id_parameter(parent);
            base = format!("{base}/{}/:{parameter}", kebab(&parent.name.text));
            scope.push(Argument::new(&parameter, format!("req.params.{parameter}")));
            guard = Some(Model::guard(parent));
        }
        let base = format!("{base}/{}", kebab(name));
        Self { model, name, table, base, scope, guard }
    }

    fn endpoints(&self) -> Vec<Endpoint> {
        let mut out = vec![self.list()];
        // What belongs to no tenant is changed through the API only if some role is said to do so.
        let belongs = self.scope.iter().any(|argument| argument.source.starts_with("req.user"));
        let changeable = belongs || self.model.is_managed(self.name);
        if changeable {
            out.push(self.create());
        }
        out.push(self.get());
        if changeable {
            out.extend(self.update());
            out.push(self.delete());
        }
        out
    }

    fn start(&self, method: &'static str, path: String, verb: &str, plural: bool) -> Endpoint {
        let noun = if plural { pascal(self.name) } else { pascal(&singular(self.name)) };
        let mut endpoint = Endpoint::new(method, path, format!("{verb}{noun}"));
        endpoint.route_file = Model::route_file(self.name);
        endpoint.service_file = self.model.service_file(self.name);
        endpoint.arguments.clone_from(&self.scope);
        endpoint.guard.clone_from(&self.guard);
        endpoint.notes.push(notes::access(self.model, self.table));
        if method != "GET" {
            let platform_level = self.scope.is_empty();
            let role = self.model.managing_role(self.name);
            endpoint.role = if platform_level { role.or_else(|| self.model.first_role()) } else { role };
        }
        endpoint
    }

    /// An endpoint of one record. A record that guards others is guarded itself.
    fn of_one(&self, method: &'static str, verb: &str) -> Endpoint {
        let parameter = Model::id_parameter(self.table);
        let mut endpoint = self.start(method, format!("{}/:{parameter}", self.base), verb, false);
        endpoint.arguments.push(Argument::new(&parameter, format!("req.params.{parameter}")));
        if self.model.is_parent(self.table) {
            endpoint.guard = Some(Model::guard(self.table));
        }
        endpoint
    }

    fn list(&self) -> Endpoint {
        let mut endpoint = self.start("GET", self.base.clone(), "list", true);
        endpoint.arguments.extend([Argument::query("page"), Argument::query("limit")]);
        endpoint.notes.push("Pagination inherited from the root.".to_owned());
        endpoint
    }

    fn get(&self) -> Endpoint {
        let mut endpoint = self.of_one("GET", "get");
        endpoint.crud = Some("read");
        endpoint
    }

    fn create(&self) -> Endpoint {
        let columns = self.model.settable(self.table);
        let upload = self.model.is_upload(self.table);
        let (path, verb) =
            if upload { (format!("{}/upload", self.base), "upload") } else { (self.base.clone(), "create") };
        let mut endpoint = self.start("POST", path, verb, false);
        if let Some(actor) = self.table.columns.iter().find(|column| self.model.is_actor(column)) {
            endpoint.arguments.push(Argument::new(&actor.name.text, "req.user.id"));
        }
        if upload {
            endpoint.arguments.push(Argument::new("file", "req.file"));
            endpoint.upload = Some(config::upload(self.model));
            endpoint
                .notes
                .push("Type, size and name of the file are server-derived from the upload.".to_owned());
        }
        let may_omit = |column: &Column| column.nullable || column.has_default;
        self.take_body(&mut endpoint, &columns, &may_omit);
        endpoint.crud = Some("create");
        if let Some(column) = self.model.status_column(self.table) {
            let first = column.enum_values.iter().flatten().next().map_or("", |value| value.text.as_str());
            endpoint.notes.push(format!("{} is server-derived: it starts as {first}.", column.name.text));
        }
        endpoint.notes.extend(notes::nullable_keys(self.table, &columns));
        endpoint.notes.extend(notes::snapshot(self.model, self.table));
        endpoint
    }

    fn update(&self) -> Option<Endpoint> {
        let own_keys = |column: &&Column| column.foreign_key.is_none() || column.nullable;
        let columns: Vec<&Column> = self.model.settable(self.table).into_iter().filter(own_keys).collect();
        // Where nothing can be changed there is nothing to call.
        if columns.is_empty() {
            return None;
        }
        let mut endpoint = self.of_one("PATCH", "update");
        self.take_body(&mut endpoint, &columns, &|_| true);
        endpoint.crud = Some("update");
        endpoint.notes.extend(notes::version_bumps(self.table));
        Some(endpoint)
    }

    fn delete(&self) -> Endpoint {
        let mut endpoint = self.of_one("DELETE", "delete");
        endpoint.crud = Some("delete");
        if let Some(column) = self.model.graph.node(self.table.at).get_str("softDeleteColumn") {
            endpoint.notes.push(format!("Soft delete: sets {}.{column}.", self.table.name.text));
        }
        endpoint
    }

    fn take_body(&self, endpoint: &mut Endpoint, columns: &[&Column], may_omit: &dyn Fn(&Column) -> bool) {
        // What must be given comes first, as the languages of the services ask for it.
        let (optional, required): (Vec<&Column>, Vec<&Column>) =
            columns.iter().partition(|column| may_omit(column));
        endpoint.arguments.extend(required.iter().map(|column| Argument::body(&column.name.text, false)));
        endpoint.arguments.extend(optional.iter().map(|column| Argument::body(&column.name.text, true)));
        endpoint.enums = notes::enums(columns);
        endpoint.notes.extend(notes::enum_validation(&endpoint.enums));
        endpoint.notes.extend(notes::bindings(self.table, columns));
        endpoint.side_effects = notes::side_effects(self.table, columns);
    }
}
