//! Deliveries, and those that were given up.

use serde_json::{Value, json};
use tenon_policies::Refusal;
use tenon_storage::{Delivery, DeliveryState, Found, Read};

use super::{Asked, form, see, shown};
use crate::delivery::admin::{self, Admin};
use crate::handlers::resource::store_failed;
use crate::reply::{Body, Reply};

/// Deliveries of each table, a count.
const DELIVERIES_SHOWN: u32 = 50;

pub(super) fn page(asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let values = json!({
        "dead": rows(asked, true)?, "deliveries": rows(asked, false)?, "shown": DELIVERIES_SHOWN,
    });
    asked.page("deliveries.html", "Deliveries", values)
}

fn rows(asked: &Asked<'_>, dead: bool) -> Result<Vec<Value>, Refusal> {
    let read = Read::Deliveries { tenant: None, dead, limit: DELIVERIES_SHOWN };
    let found = asked.gateway.store().read(&[read]).map_err(|error| store_failed(&error))?;
    Ok(match found.first() {
        Some(Found::Deliveries(deliveries)) => deliveries.iter().map(row).collect(),
        _ => Vec::new(),
    })
}

fn row(delivery: &Delivery) -> Value {
    let (state, next) = match delivery.state {
        DeliveryState::Pending => ("pending", shown::moment(delivery.next_ms)),
        DeliveryState::Delivered => ("delivered", String::new()),
        DeliveryState::Dead => ("dead", String::new()),
    };
    json!({
        "id": delivery.id,
        "subscription": delivery.subscription,
        "tenant": delivery.tenant,
        "event": delivery.event.seq,
        "type": delivery.event.event.kind,
        "at": shown::moment(delivery.event.event.at_ms),
        "state": state,
        "attempts": delivery.attempts,
        "next": next,
        "last": delivery.last.as_deref().unwrap_or_default(),
    })
}

/// Makes a delivery again.
pub(super) async fn replay(asked: &Asked<'_>, id: &str, body: Body) -> Result<Reply, Refusal> {
    form::ours(asked, body).await?;
    let admin = Admin::new(asked.gateway.deliverer().clone());
    admin.replay(None, id, caller(asked)).await?;
    Ok(see("/_tenon/console/deliveries"))
}

/// The viewer as the calls of operators know callers.
pub(super) fn caller<'a>(asked: &'a Asked<'_>) -> admin::Caller<'a> {
    admin::Caller { tenant: None, actor: asked.viewer.actor(), correlation_id: &asked.call.correlation_id }
}
