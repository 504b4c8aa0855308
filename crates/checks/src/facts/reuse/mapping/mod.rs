//! The representation mapping of `tenon_graph::mapping`, as a table.

mod rows;

pub use rows::{MappingRow, mapping};
pub use tenon_graph::mapping::{
    Label, NULLABLE, ProtoField, ProtoMessage, ProtoType, REQUIRED, WHOLE, to_message, to_schema,
};
