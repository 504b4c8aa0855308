//! The data model (`data-relationships`).

use tenon_source::{At, FileId};

use crate::Name;

/// How a table's records are bound to a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TenantKey {
    /// The table has the tenant's id.
    Direct,
    /// A parent table has it.
    Indirect,
    /// The table is the tenant itself, or belongs to none.
    None,
}

/// A data model.
#[derive(Debug, Clone)]
pub struct DataModel {
    /// The document.
    pub file: FileId,
    /// The root object.
    pub root: At,
    /// Tables in document order.
    pub tables: Vec<Table>,
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// The object it was read from.
    pub at: At,
    /// Its name.
    pub name: Name,
    /// How its records are bound to a tenant; `None` where not said.
    pub tenant_key: Option<TenantKey>,
    /// Columns in document order.
    pub columns: Vec<Column>,
    /// Flags that one record of a scope may have at a time.
    pub singleton_flags: Vec<SingletonFlag>,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    /// The object it was read from.
    pub at: At,
    /// Its name.
    pub name: Name,
    /// Its type, as written.
    pub kind: Option<Name>,
    /// Whether it is the table's primary key.
    pub primary: bool,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether it has a default.
    pub has_default: bool,
    /// The column it refers to.
    pub foreign_key: Option<ForeignKey>,
    /// The values of its enum; `None` where it is no enum.
    pub enum_values: Option<Vec<Name>>,
}

/// The column a foreign key refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    /// Table.
    pub table: String,
    /// Column.
    pub column: String,
}

/// A flag that one record of a scope may have at a time.
#[derive(Debug, Clone)]
pub struct SingletonFlag {
    /// Where it was said.
    pub at: At,
    /// The column that holds the flag.
    pub column: Name,
    /// The columns that make the scope.
    pub scope: Vec<Name>,
}

impl DataModel {
    /// The table with that very name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name.text == name)
    }
}

impl Table {
    /// The column with that very name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name.text == name)
    }

    /// Every JSON column that steers behaviour, with the column that counts its versions:
    /// `filterConfig` beside `filterConfigVersion`.
    pub fn behavioural_columns(&self) -> impl Iterator<Item = (&Column, &Column)> {
        self.columns.iter().filter(|column| column.is_json()).filter_map(|column| {
            let version = self.column(&format!("{}Version", column.name.text));
            let version = version.or_else(|| self.column(&format!("{}_version", column.name.text)));
            Some((column, version?))
        })
    }
}

impl Column {
    /// Whether the type is `json` or `jsonb`.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.kind.as_ref().is_some_and(|kind| {
            matches!(
                kind.text.to_ascii_lowercase().as_str(),
                "json" | "jsonb" | "object" | "json[]" | "jsonb[]"
            )
        })
    }
}
