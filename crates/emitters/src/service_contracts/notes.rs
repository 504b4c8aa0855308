//! What the contract must say in words, each bound to names of the data model.

use tenon_graph::service::{Column, Table, TenantKey};

use super::model::Model;

/// Whose records an endpoint sees.
pub(super) fn access(model: &Model<'_>, table: &Table) -> String {
    let tenant = model.tenant_field();
    match (model.parent(table), table.tenant_key) {
        (Some((column, parent)), _) => format!(
            "Scoped through {}.{}: the record must belong to the {} of the path, which must belong to the caller's tenant.",
            table.name.text, column.name.text, parent.name.text
        ),
        (None, Some(TenantKey::Direct)) => {
            format!("Token-scoped: only records with the caller's {tenant} from the token claims.")
        }
        (None, _) => {
            "Platform-level: the records belong to no tenant and are the same for every caller.".to_owned()
        }
    }
}

/// Where each structured property of a body is kept (rule 23).
pub(super) fn bindings(table: &Table, columns: &[&Column]) -> Vec<String> {
    let structured = columns.iter().filter(|column| column.is_json());
    structured
        .map(|column| {
            format!("{} is persisted to {}.{}.", column.name.text, table.name.text, column.name.text)
        })
        .collect()
}

/// The values of each enum in a body (rule 20).
pub(super) fn enums(columns: &[&Column]) -> Vec<(String, Vec<String>)> {
    let values = |column: &&Column| {
        let values = column.enum_values.as_ref()?;
        Some((column.name.text.clone(), values.iter().map(|value| value.text.clone()).collect()))
    };
    columns.iter().filter_map(values).collect()
}

/// How each enum in a body is validated (rule 20).
pub(super) fn enum_validation(enums: &[(String, Vec<String>)]) -> Vec<String> {
    let text = |(name, values): &(String, Vec<String>)| {
        let list = values.iter().map(|value| format!("'{value}'")).collect::<Vec<_>>().join(", ");
        format!("Enum validation: {name} must be z.enum([{list}]).")
    };
    enums.iter().map(text).collect()
}

/// When a foreign key that may be null has to be set (rule 21).
pub(super) fn nullable_keys(table: &Table, columns: &[&Column]) -> Vec<String> {
    let nullable = columns.iter().filter(|column| column.nullable && column.foreign_key.is_some());
    nullable
        .map(|column| {
            format!(
                "{name} is optional because {table}.{name} is nullable: it may be set later by an update, and operations that depend on it are rejected with 409 while it is null.",
                name = column.name.text,
                table = table.name.text,
            )
        })
        .collect()
}

/// The version that each configuration bumps (rule 22).
pub(super) fn version_bumps(table: &Table) -> Vec<String> {
    table
        .behavioural_columns()
        .map(|(config, version)| {
            format!(
                "Version-bump invariant: changing {config} increments {version} in the same transaction.",
                config = config.name.text,
                version = version.name.text,
            )
        })
        .collect()
}

/// What a snapshot column of a new record holds: the configurations, with their versions, of every
/// table the record refers to (rule 22).
pub(super) fn snapshot(model: &Model<'_>, table: &Table) -> Option<String> {
    let column =
        table.columns.iter().find(|column| column.name.text.to_ascii_lowercase().contains("snapshot"))?;
    let targets = table.columns.iter().filter_map(|column| model.table(&column.foreign_key.as_ref()?.table));
    let mut fields = Vec::new();
    for target in targets {
        for (config, version) in target.behavioural_columns() {
            for name in [config, version] {
                let field = format!("{}.{}", target.name.text, name.name.text);
                if !fields.contains(&field) {
                    fields.push(field);
                }
            }
        }
    }
    let source = if fields.is_empty() { "the request".to_owned() } else { fields.join(", ") };
    Some(format!("{} is server-derived: a snapshot of {source}.", column.name.text))
}

/// What is flipped on other records (rule 3).
pub(super) fn side_effects(table: &Table, columns: &[&Column]) -> Vec<String> {
    let settable = |name: &str| columns.iter().any(|column| column.name.text == name);
    let flags = table.singleton_flags.iter().filter(|flag| settable(&flag.column.text));
    flags
        .map(|flag| {
            let scope = flag.scope.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(" and ");
            let unknown: Vec<&str> =
                flag.scope.iter().map(|name| name.text.as_str()).filter(|name| !settable(name)).collect();
            let derived = if unknown.is_empty() {
                String::new()
            } else {
                format!(" ({} server-derived from the stored record)", unknown.join(" and "))
            };
            format!(
                "Sets all other {} in same {scope} to {}=false{derived}",
                table.name.text, flag.column.text
            )
        })
        .collect()
}
