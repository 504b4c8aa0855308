//! What is served, and where it stands.

use serde_json::{Value, json};
use tenon_policies::Refusal;

use super::Asked;
use crate::handlers::resource::store_failed;
use crate::reply::Reply;

pub(super) fn page(asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let (plan, store) = (asked.plan, asked.gateway.store());
    let heads = store.heads().map_err(|error| store_failed(&error))?;
    let contracts: Vec<Value> = plan
        .contracts
        .iter()
        .map(|contract| {
            let own = |name: &str| contract.name == name;
            let operations = plan.operations.iter().filter(|operation| own(&operation.contract.name)).count();
            let events = plan.events.values().filter(|event| own(&event.contract.name)).count();
            json!({
                "name": contract.name, "version": contract.version, "operations": operations,
                "events": events, "codes": contract.catalogue.codes().count(),
            })
        })
        .collect();
    let entities: Vec<Value> = plan
        .entities
        .values()
        .map(|entity| {
            json!({
                "name": entity.name, "collection": entity.collection, "id": entity.id_field,
                "key": entity.key.join(", "), "tenant": entity.tenant_scoped,
                "states": entity.machine.is_some(),
            })
        })
        .collect();
    let values = json!({
        "contracts": contracts,
        "entities": entities,
        "operations": plan.operations.len(),
        "events": plan.events.len(),
        "store": store.describe(),
        "event_head": heads.last_event,
        "audit_head": heads.audit_seq,
        "audit_hash": heads.audit_hash,
        "dropped": store.dropped(),
        "development": asked.gateway.development(),
    });
    asked.page("overview.html", "Overview", values)
}
