//! Numbers of spaces, told once each.

use std::collections::HashMap;

use parking_lot::RwLock;
use rusqlite::{Connection, OptionalExtension as _};

use crate::StoreError;

/// Spaces whose numbers are kept, a count: some ten megabytes. Those of more tenants are read each time.
const SPACES_KEPT_MAX: usize = 65_536;

const SPACE: &str = "SELECT space FROM spaces WHERE tenant = ?1 AND collection = ?2";

/// What every connection that reads knows of spaces. A space that is committed keeps its number for
/// ever, so what was read once need not be read again.
#[derive(Debug, Default)]
pub(in super::super) struct Spaces {
    known: RwLock<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// By tenant and collection.
    numbers: HashMap<String, HashMap<String, i64>>,
    count: usize,
}

impl Spaces {
    /// The number of a space; `None` where there is none, or none yet.
    pub(super) fn find(
        &self,
        connection: &Connection,
        tenant: &str,
        collection: &str,
    ) -> Result<Option<i64>, StoreError> {
        let known = self.known.read();
        if let Some(number) = known.numbers.get(tenant).and_then(|of_tenant| of_tenant.get(collection)) {
            return Ok(Some(*number));
        }
        drop(known);
        let mut statement = connection.prepare_cached(SPACE)?;
        let found: Option<i64> = statement.query_row((tenant, collection), |row| row.get(0)).optional()?;
        if let Some(number) = found {
            let mut known = self.known.write();
            if known.count < SPACES_KEPT_MAX {
                let of_tenant = known.numbers.entry(tenant.to_owned()).or_default();
                let is_new = of_tenant.insert(collection.to_owned(), number).is_none();
                known.count += usize::from(is_new);
            }
        }
        Ok(found)
    }
}
