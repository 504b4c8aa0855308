//! The data model, in each of its notations.

use tenon_graph::Name;
use tenon_graph::service::{Column, DataModel, ForeignKey, SingletonFlag, Table, TenantKey};
use tenon_source::{FileId, Node, Sources};

use super::names::{at, entries, text, texts};

/// Reads a data model: `tables` or `entities`, as a list or by name.
pub(super) fn read(file: FileId, sources: &Sources) -> Option<DataModel> {
    let root = sources.get(file)?.tree.root();
    let list = root.get("tables").or_else(|| root.get("entities"));
    let enums = root.get("enums");
    let mut tables: Vec<Table> = list
        .into_iter()
        .flat_map(entries)
        .filter_map(|(key, entry)| read_table(file, key, entry, enums))
        .collect();
    for (_, flag) in root.get("singletonFlags").into_iter().flat_map(entries) {
        let Some(owner) = flag.get_str("table").or_else(|| flag.get_str("entity")) else { continue };
        let table = tables.iter_mut().find(|table| table.name.text == owner);
        if let (Some(table), Some(flag)) = (table, read_flag(file, flag)) {
            table.singleton_flags.push(flag);
        }
    }
    Some(DataModel { file, root: at(file, root), tables })
}

fn read_table(file: FileId, key: Option<&str>, entry: Node<'_>, enums: Option<Node<'_>>) -> Option<Table> {
    let name = match key {
        Some(key) => Name::new(key, at(file, entry)),
        None => text(file, entry, "name").or_else(|| text(file, entry, "table"))?,
    };
    let columns = entry.get("columns").or_else(|| entry.get("fields"));
    Some(Table {
        at: at(file, entry),
        name,
        tenant_key: entry.get_str("tenantKey").and_then(|key| match key {
            "direct" => Some(TenantKey::Direct),
            "indirect" => Some(TenantKey::Indirect),
            "none" => Some(TenantKey::None),
            _ => None,
        }),
        columns: columns
            .into_iter()
            .flat_map(entries)
            .filter_map(|(key, column)| read_column(file, key, column, enums))
            .collect(),
        singleton_flags: entry
            .get("singletonFlags")
            .into_iter()
            .flat_map(|list| list.items())
            .filter_map(|flag| read_flag(file, flag))
            .collect(),
    })
}

fn read_flag(file: FileId, flag: Node<'_>) -> Option<SingletonFlag> {
    let column = Name::read(file, flag)
        .or_else(|| text(file, flag, "column"))
        .or_else(|| text(file, flag, "field"))
        .or_else(|| text(file, flag, "flag"))?;
    let scope = match flag.get("scope") {
        Some(scope) if scope.is_array() => Name::read_all(file, scope),
        Some(scope) => Name::read(file, scope).into_iter().collect(),
        None => Vec::new(),
    };
    Some(SingletonFlag { at: at(file, flag), column, scope })
}

fn read_column(file: FileId, key: Option<&str>, entry: Node<'_>, enums: Option<Node<'_>>) -> Option<Column> {
    let name = match key {
        Some(key) => Name::new(key, at(file, entry)),
        None => text(file, entry, "name").or_else(|| text(file, entry, "column"))?,
    };
    let flag = |key: &str| entry.get(key).and_then(|value| value.as_bool());
    // `{"id": "uuid"}` is a column with nothing but a type.
    let kind = Name::read(file, entry).or_else(|| text(file, entry, "type"));
    Some(Column {
        at: at(file, entry),
        name,
        primary: flag("primary") == Some(true) || flag("primaryKey") == Some(true),
        nullable: flag("nullable") == Some(true)
            || flag("notNull") == Some(false)
            || flag("required") == Some(false)
            || kind.as_ref().is_some_and(|kind| kind.text.ends_with('?')),
        has_default: entry.get("default").is_some(),
        foreign_key: ["references", "foreignKey"].iter().find_map(|key| foreign_key(entry.get(key)?)),
        enum_values: enum_values(file, entry, kind.as_ref(), enums),
        kind,
    })
}

/// `"users.id"`, `"users(id)"` or `{"table": "users", "column": "id"}`.
fn foreign_key(value: Node<'_>) -> Option<ForeignKey> {
    if let Some(text) = value.as_str() {
        let text = text.trim_end_matches(')');
        let (table, column) = text.split_once(['.', '(']).unwrap_or((text, "id"));
        return Some(ForeignKey { table: table.trim().to_owned(), column: column.trim().to_owned() });
    }
    let table = value.get_str("table").or_else(|| value.get_str("entity"))?;
    let column = value.get_str("column").or_else(|| value.get_str("field")).unwrap_or("id");
    Some(ForeignKey { table: table.to_owned(), column: column.to_owned() })
}

/// The values written at the column, or those of the enum it names.
fn enum_values(
    file: FileId,
    entry: Node<'_>,
    kind: Option<&Name>,
    enums: Option<Node<'_>>,
) -> Option<Vec<Name>> {
    let own = ["values", "enum", "enumValues", "allowedValues"];
    if let Some(values) = own.iter().find_map(|key| texts(file, entry, key)) {
        return Some(values);
    }
    let names = [entry.get_str("enum"), entry.get_str("enumName"), kind.map(Name::as_str)];
    let enums = enums?;
    names.into_iter().flatten().find_map(|name| {
        let (_, found) =
            entries(enums).find(|(key, entry)| key.or_else(|| entry.get_str("name")) == Some(name))?;
        if found.is_array() { Some(Name::read_all(file, found)) } else { texts(file, found, "values") }
    })
}
