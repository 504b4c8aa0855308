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
