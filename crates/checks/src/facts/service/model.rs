//! What the data model says about an endpoint's body.

use tenon_graph::Name;
use tenon_graph::service::{Column, SingletonFlag, Table};

use super::{Endpoint, ServiceFacts};

/// A JSON body field that is a column.
#[derive(Debug, Clone, Copy)]
pub struct Payload<'g> {
    /// The field.
    pub field: &'g str,
    /// Where the endpoint names it.
    pub name: &'g Name,
    /// The table that has the column.
    pub table: &'g Table,
}

/// A body field that is a foreign key which may be null.
#[derive(Debug, Clone, Copy)]
pub struct NullableKey<'g> {
    /// The field.
    pub field: &'g str,
    /// Where the endpoint names it.
    pub name: &'g Name,
    /// The column.
    pub column: &'g Column,
}

impl<'g> ServiceFacts<'g> {
    /// The singleton flags that a PATCH or PUT can set.
    #[must_use]
    pub fn singletons(&self, endpoint: &Endpoint<'g>) -> Vec<&'g SingletonFlag> {
        if !matches!(endpoint.method(), "PATCH" | "PUT") {
            return Vec::new();
        }
        let Some(target) = self.target(endpoint) else { return Vec::new() };
        let flags = target.table.singleton_flags.iter();
        flags.filter(|flag| self.can_set(endpoint, &flag.column.text)).collect()
    }

    /// Whether a body can set a column: it is read by name, or the body is passed on as a whole and
    /// nothing says which fields it has.
    fn can_set(&self, endpoint: &Endpoint<'g>, column: &str) -> bool {
        if endpoint.body_fields().iter().any(|(field, _)| *field == column) {
            return true;
        }
        if !endpoint.passes_whole_body() {
            return false;
        }
        let schema = endpoint.service.body_schema.map(|at| self.graph.node(at));
        if let Some(properties) = schema.and_then(|schema| schema.get("properties").or(Some(schema))) {
            return properties.get(column).is_some();
        }
        let list = endpoint.notes().split_once("Updatable fields:");
        list.is_none_or(|(_, rest)| {
            let rest = rest.split('.').next().unwrap_or(rest);
            rest.split(',').any(|name| name.trim() == column)
        })
    }

    /// The JSON columns with a version beside them that an update may change: those its body names,
    /// else all that its table has.
    #[must_use]
    pub fn config_pairs(&self, endpoint: &Endpoint<'g>) -> Vec<(&'g Column, &'g Column)> {
        let Some(target) = self.target(endpoint) else { return Vec::new() };
        let all: Vec<_> = target.table.behavioural_columns().collect();
        let fields = endpoint.body_fields();
        let named = |column: &Column| fields.iter().any(|(field, _)| *field == column.name.text);
        if all.iter().any(|(column, _)| named(column)) {
            return all.into_iter().filter(|(column, _)| named(column)).collect();
        }
        all
    }

    /// The JSON body fields that are known columns: of the endpoint's table, else of any.
    #[must_use]
    pub fn structured_payloads(&self, endpoint: &Endpoint<'g>) -> Vec<Payload<'g>> {
        let Some(model) = self.model else { return Vec::new() };
        let own = self.target(endpoint).map(|target| target.table);
        let has = |table: &Table, field: &str| table.column(field).is_some_and(Column::is_json);
        endpoint
            .body_fields()
            .into_iter()
            .filter_map(|(field, name)| {
                let own = own.filter(|table| has(table, field));
                let table = own.or_else(|| model.tables.iter().find(|table| has(table, field)))?;
                Some(Payload { field, name, table })
            })
            .collect()
    }

    /// The body fields of a create endpoint that are foreign keys which may be null.
    #[must_use]
    pub fn nullable_keys(&self, endpoint: &Endpoint<'g>) -> Vec<NullableKey<'g>> {
        let Some(target) = self.target(endpoint) else { return Vec::new() };
        let fields = endpoint.body_fields().into_iter();
        fields
            .filter_map(|(field, name)| {
                let column = target.table.column(field)?;
                (column.nullable && column.foreign_key.is_some()).then_some(NullableKey {
                    field,
                    name,
                    column,
                })
            })
            .collect()
    }
}
