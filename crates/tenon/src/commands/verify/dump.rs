//! What a gateway that ran for one check kept, as JSON.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tenon_gateway::Gateway;
use tenon_storage::{EventQuery, Found, ListQuery, Read};

/// Most entries of each kind that are shown, a count: a check makes some hundred.
const ENTRIES_MAX: u32 = 10_000;

/// Records, events and the trail, by tenant.
///
/// # Errors
/// When the store does not answer, in words.
pub fn dump(gateway: &Gateway) -> Result<Value, String> {
    let store = gateway.store();
    let read = |read: Read| -> Result<Option<Found>, String> {
        let found = store.read(&[read]).map_err(|error| error.to_string())?;
        Ok(found.into_iter().next())
    };
    let Some(Found::Audit(links)) = read(Read::Audit { from: 1, limit: ENTRIES_MAX })? else {
        return Err("the trail cannot be read".to_owned());
    };
    let mut tenants: BTreeSet<String> = links.iter().map(|link| link.entry.tenant.clone()).collect();
    tenants.insert(String::new());
    let plan = gateway.plan();
    let collections: BTreeSet<&String> = plan.entities.values().map(|entity| &entity.collection).collect();
    let mut records = Vec::new();
    for tenant in &tenants {
        for collection in &collections {
            let query = ListQuery {
                tenant: tenant.clone(),
                collection: (*collection).clone(),
                limit: ENTRIES_MAX,
                ..ListQuery::default()
            };
            if let Some(Found::Records(found)) = read(Read::List(query))? {
                records.extend(found.iter().map(|record| {
                    let body: Value = serde_json::from_slice(&record.body).unwrap_or(Value::Null);
                    json!({ "tenant": record.tenant, "collection": record.collection, "id": record.id,
                        "version": record.version, "body": body })
                }));
            }
        }
    }
    let mut events = Vec::new();
    let query = EventQuery { limit: ENTRIES_MAX, ..EventQuery::default() };
    if let Some(Found::Events(found)) = read(Read::Events(query))? {
        events.extend(found.iter().map(|stored| {
            let envelope: Value = serde_json::from_slice(&stored.event.envelope).unwrap_or(Value::Null);
            json!({ "seq": stored.seq, "tenant": stored.event.tenant, "type": stored.event.kind,
                "envelope": envelope })
        }));
    }
    let audit = links.iter().map(|link| {
        json!({ "seq": link.seq, "hash": link.hash, "tenant": link.entry.tenant, "actor": link.entry.actor,
            "operation": link.entry.operation, "outcome": link.entry.outcome, "code": link.entry.code })
    });
    Ok(json!({ "records": records, "events": events, "audit": audit.collect::<Vec<_>>() }))
}
