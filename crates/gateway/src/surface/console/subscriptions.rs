//! Who gets which events. Secrets are counted, and never shown.

use serde_json::{Value, json};
use tenon_policies::Refusal;
use tenon_storage::{Found, Read, Subscription, SubscriptionState};

use super::deliveries::caller;
use super::{Asked, form, see, shown};
use crate::delivery::admin::Admin;
use crate::handlers::resource::store_failed;
use crate::reply::{Body, Reply};

pub(super) fn page(asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let read = Read::Subscriptions { tenant: None };
    let found = asked.gateway.store().read(&[read]).map_err(|error| store_failed(&error))?;
    let rows: Vec<Value> = match found.first() {
        Some(Found::Subscriptions(subscriptions)) => subscriptions.iter().map(row).collect(),
        _ => Vec::new(),
    };
    asked.page("subscriptions.html", "Subscriptions", json!({ "subscriptions": rows }))
}

fn row(subscription: &Subscription) -> Value {
    let state = match subscription.state {
        SubscriptionState::Active => "active",
        SubscriptionState::Paused => "paused",
        SubscriptionState::Disabled => "disabled",
    };
    json!({
        "id": subscription.id,
        "link": shown::segment(&subscription.id),
        "tenant": subscription.tenant,
        "url": without_secrets(&subscription.url),
        "events": subscription.events,
        "secrets": subscription.secrets.len(),
        "state": state,
        "created": shown::moment(subscription.created_ms),
    })
}

/// An address without what often carries a key: its user, its query, its fragment.
fn without_secrets(text: &str) -> String {
    let Ok(mut url) = url::Url::parse(text) else { return "not an address".to_owned() };
    let had_query = url.query().is_some();
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    if had_query { format!("{url}?…") } else { url.to_string() }
}

/// Switches a subscription on again.
pub(super) async fn enable(asked: &Asked<'_>, id: &str, body: Body) -> Result<Reply, Refusal> {
    let form = form::ours(asked, body).await?;
    let admin = Admin::new(asked.gateway.deliverer().clone());
    // Ids are told apart by tenant: the form says whose it means.
    admin.enable(Some(form.field("tenant")), id, caller(asked)).await?;
    Ok(see("/_tenon/console/subscriptions"))
}

#[cfg(test)]
mod tests {
    use super::without_secrets;

    #[test]
    fn addresses_show_no_keys() {
        let text = "https://user:pass@example.com/hook?key=s3cret#x";
        assert_eq!(without_secrets(text), "https://example.com/hook?…");
        assert_eq!(without_secrets("https://example.com/hook"), "https://example.com/hook");
        assert_eq!(without_secrets("nothing"), "not an address");
    }
}
