//! Records: what entities are kept as.

use std::collections::BTreeMap;

/// One stored record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Whose it is; empty for what belongs to no tenant.
    pub tenant: String,
    /// The collection it is in.
    pub collection: String,
    /// Its id, unique in the tenant's collection.
    pub id: String,
    /// Counts its changes, from 1.
    pub version: u64,
    /// JSON.
    pub body: Vec<u8>,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: i64,
    /// When it last changed, in milliseconds since 1970.
    pub updated_ms: i64,
}

/// A change of one record. The new version is the expected one and 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordWrite {
    /// Whose it is.
    pub tenant: String,
    /// The collection.
    pub collection: String,
    /// The id.
    pub id: String,
    /// The version it must have now; 0 where it must not be there. Another version is a conflict.
    pub expected_version: u64,
    /// The new JSON; `None` removes the record.
    pub body: Option<Vec<u8>>,
    /// The natural key, unique in the tenant's collection where there is one; taken already by
    /// another record, it is a conflict.
    pub natural_key: Option<String>,
    /// Fields lists look for and order by, with their values as text that sorts right. A field that
    /// is not here counts as the empty text where a list orders by it; of a field that is here
    /// twice the first value counts.
    pub index: Vec<(String, String)>,
    /// The highest number of the collection's sequence this record uses, where its id is made of one.
    pub sequence: Option<u64>,
}

impl RecordWrite {
    /// The fields and their values, each field once.
    pub(crate) fn indexed(&self) -> BTreeMap<&str, &str> {
        let mut fields = BTreeMap::new();
        for (field, value) in &self.index {
            fields.entry(field.as_str()).or_insert(value.as_str());
        }
        fields
    }
}
