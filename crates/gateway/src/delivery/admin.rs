//! What an operator can see and do about webhooks, as the gateway's own surface has it.
//!
//! Below `/_tenon/webhooks`:
//!
//! | call | does |
//! |---|---|
//! | `GET /` | the subscriptions, without their secrets |
//! | `GET /deliveries?limit=` | deliveries, newest first |
//! | `GET /dead?limit=` | those that were given up |
//! | `POST /deliveries/{id}/replay` | makes a delivery again, with the same event id |
//! | `POST /subscriptions/{id}/rotate` | a new secret, told once; older ones sign too until dropped |
//! | `POST /subscriptions/{id}/drop-older` | only the newest secret signs from now on |
//! | `POST /subscriptions/{id}/enable` | switches a subscription on again |
//! | `POST /subscriptions/{id}/test` | sends a test event now, and tells what it met |

use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Method, Response};
use serde_json::{Value, json};
use tenon_policies::{Condition, Refusal};
use tenon_storage::{
    AuditEntry, CommitError, Delivery, DeliveryOutcome, DeliveryState, Found, Read, Subscription,
    SubscriptionState, Transaction,
};

use super::envelope::{Actor, Envelope, time_text};
use super::limits::{LIST_DEFAULT, SECRETS_MAX, SHOWN_MAX};
use super::webhook::{Deliverer, new_secret};
use super::{Body, unavailable, whole};

/// The type of test events. No contract can declare it: the name is ours.
const TEST_EVENT: &str = "tenon.webhook.test";

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub struct Caller<'a> {
    /// The tenant the caller is held to; `None` for an operator of all.
    pub tenant: Option<&'a str>,
    /// Who it is, as audit entries have it: `type:id`.
    pub actor: &'a str,
    /// The correlation id of the call.
    pub correlation_id: &'a str,
}

/// Answers operators.
#[derive(Debug, Clone)]
pub struct Admin {
    deliverer: Deliverer,
}

impl Admin {
    /// For the webhooks of a deliverer.
    #[must_use]
    pub fn new(deliverer: Deliverer) -> Self {
        Self { deliverer }
    }

    /// Answers a call; `path` is what stands after `/_tenon/webhooks`.
    ///
    /// # Errors
    /// A refusal, as for every operation.
    pub async fn answer(
        &self,
        method: &Method,
        path: &str,
        query: Option<&str>,
        caller: Caller<'_>,
    ) -> Result<Response<Body>, Refusal> {
        let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
        let tenant = tenant(query, caller)?;
        let wanted = if matches!(steps.as_slice(), [] | [_]) { Method::GET } else { Method::POST };
        let value = match (*method == wanted, steps.as_slice()) {
            (false, [] | ["deliveries" | "dead"]) => return Ok(not_allowed("GET")),
            (false, ["deliveries" | "subscriptions", _, _]) => return Ok(not_allowed("POST")),
            (true, []) => self.subscriptions(tenant)?,
            (true, ["deliveries"]) => self.deliveries(tenant, false, limit(query)?)?,
            (true, ["dead"]) => self.deliveries(tenant, true, limit(query)?)?,
            (true, ["deliveries", id, "replay"]) => self.replay(tenant, id, caller).await?,
            (true, ["subscriptions", id, "rotate"]) => self.rotate(tenant, id, caller).await?,
            (true, ["subscriptions", id, "drop-older"]) => self.drop_older(tenant, id, caller).await?,
            (true, ["subscriptions", id, "enable"]) => self.enable(tenant, id, caller).await?,
            (true, ["subscriptions", id, "test"]) => self.test(tenant, id, caller).await?,
            _ => return Err(Refusal::new(Condition::RouteUnknown)),
        };
        let mut response = Response::new(whole(value.to_string()));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        // An answer may hold a new secret.
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Ok(response)
    }

    /// The subscriptions, without their secrets.
    ///
    /// # Errors
    /// `store_unavailable`.
    pub fn subscriptions(&self, tenant: Option<&str>) -> Result<Value, Refusal> {
        let found = self.all_subscriptions(tenant)?;
        Ok(json!({ "items": found.iter().map(subscription_json).collect::<Vec<_>>() }))
    }

    /// Deliveries, newest first.
    ///
    /// # Errors
    /// `store_unavailable`.
    pub fn deliveries(&self, tenant: Option<&str>, dead: bool, limit: u32) -> Result<Value, Refusal> {
        let read = Read::Deliveries { tenant: tenant.map(str::to_owned), dead, limit };
        let found = self.deliverer.store().read(&[read]).map_err(unavailable)?.into_iter().next();
        let Some(Found::Deliveries(found)) = found else { return Ok(json!({ "items": [] })) };
        Ok(json!({ "items": found.iter().map(delivery_json).collect::<Vec<_>>() }))
    }

    /// Makes a delivery again from its first attempt on.
    ///
    /// # Errors
    /// `record_not_found`, `guard_refused` where its subscription is off, `store_unavailable`.
    pub async fn replay(&self, tenant: Option<&str>, id: &str, caller: Caller<'_>) -> Result<Value, Refusal> {
        let delivery = self.delivery(tenant, id)?.ok_or_else(|| not_found("delivery", id))?;
        let subscription = self.subscription(Some(&delivery.tenant), &delivery.subscription)?;
        if subscription.state != SubscriptionState::Active {
            return Err(Refusal::new(Condition::GuardRefused).with_message(format!(
                "The subscription {} is {}; enable it first.",
                subscription.id,
                state_text(subscription.state)
            )));
        }
        let now_ms = self.deliverer.world().now_ms();
        let outcome = DeliveryOutcome {
            id: delivery.id,
            attempts: 0,
            state: DeliveryState::Pending,
            next_ms: now_ms,
            last: delivery.last.clone(),
        };
        let changed = Transaction { deliveries: vec![outcome.clone()], ..Transaction::default() };
        self.commit(changed, &delivery.tenant, "webhooks.replay", &json!({"delivery": delivery.id}), caller)
            .await?;
        self.deliverer.wake();
        let Delivery { id, subscription, tenant, event, .. } = delivery;
        let DeliveryOutcome { attempts, state, next_ms, last, .. } = outcome;
        Ok(delivery_json(&Delivery { id, subscription, tenant, event, attempts, state, next_ms, last }))
    }

    /// Gives a subscription a new secret. The older ones sign too, so that its owner can change
    /// over without losing a delivery.
    ///
    /// # Errors
    /// `record_not_found`, `store_unavailable`.
    pub async fn rotate(&self, tenant: Option<&str>, id: &str, caller: Caller<'_>) -> Result<Value, Refusal> {
        let mut subscription = self.subscription(tenant, id)?;
        let secret = new_secret(self.deliverer.world());
        subscription.secrets.insert(0, secret.clone());
        subscription.secrets.truncate(SECRETS_MAX);
        let count = subscription.secrets.len();
        self.change(subscription, "webhooks.rotate", caller).await?;
        Ok(json!({ "subscription": id, "secret": secret, "secrets": count }))
    }

    /// Drops all secrets of a subscription but the newest.
    ///
    /// # Errors
    /// `record_not_found`, `store_unavailable`.
    pub async fn drop_older(
        &self,
        tenant: Option<&str>,
        id: &str,
        caller: Caller<'_>,
    ) -> Result<Value, Refusal> {
        let mut subscription = self.subscription(tenant, id)?;
        subscription.secrets.truncate(1);
        let shown = subscription_json(&subscription);
        self.change(subscription, "webhooks.drop_older", caller).await?;
        Ok(shown)
    }

    /// Switches a subscription on again.
    ///
    /// # Errors
    /// `record_not_found`, `store_unavailable`.
    pub async fn enable(&self, tenant: Option<&str>, id: &str, caller: Caller<'_>) -> Result<Value, Refusal> {
        let subscription = self.subscription(tenant, id)?;
        let subscription = Subscription { state: SubscriptionState::Active, ..subscription };
        let shown = subscription_json(&subscription);
        self.change(subscription, "webhooks.enable", caller).await?;
        self.deliverer.wake();
        Ok(shown)
    }

    /// Sends a test event to a subscription, once.
    ///
    /// # Errors
    /// `record_not_found`, `store_unavailable`.
    pub async fn test(&self, tenant: Option<&str>, id: &str, caller: Caller<'_>) -> Result<Value, Refusal> {
        let subscription = self.subscription(tenant, id)?;
        let world = self.deliverer.world();
        let event_id = world.uuid();
        let payload = json!({ "subscription": subscription.id });
        let (kind, actor) = caller.actor.split_once(':').unwrap_or(("operator", caller.actor));
        let envelope = Envelope {
            id: &event_id,
            source: "tenon",
            kind: TEST_EVENT,
            tenant: &subscription.tenant,
            subject: Some(&subscription.id),
            occurred_ms: world.now_ms(),
            correlation_id: caller.correlation_id,
            actor: Actor { kind, id: actor },
            payload: &payload,
        };
        let trial = self.deliverer.try_out(&subscription, &event_id, envelope.to_bytes()).await;
        Ok(json!({ "subscription": id, "event_id": event_id, "accepted": trial.accepted, "met": trial.met }))
    }

    fn all_subscriptions(&self, tenant: Option<&str>) -> Result<Vec<Subscription>, Refusal> {
        let read = Read::Subscriptions { tenant: tenant.map(str::to_owned) };
        Ok(match self.deliverer.store().read(&[read]).map_err(unavailable)?.into_iter().next() {
            Some(Found::Subscriptions(found)) => found,
            _ => Vec::new(),
        })
    }

    fn subscription(&self, tenant: Option<&str>, id: &str) -> Result<Subscription, Refusal> {
        let mut found = self.all_subscriptions(tenant)?.into_iter().filter(|one| one.id == id);
        let Some(subscription) = found.next() else { return Err(not_found("subscription", id)) };
        if found.next().is_some() {
            return Err(Refusal::new(Condition::ParameterInvalid)
                .with_detail("tenant", "is needed: several tenants have a subscription with this id"));
        }
        Ok(subscription)
    }

    fn delivery(&self, tenant: Option<&str>, id: &str) -> Result<Option<Delivery>, Refusal> {
        let Ok(id) = id.parse::<u64>() else { return Ok(None) };
        let read = Read::Delivery { tenant: tenant.map(str::to_owned), id };
        Ok(match self.deliverer.store().read(&[read]).map_err(unavailable)?.into_iter().next() {
            Some(Found::Deliveries(found)) => found.into_iter().next(),
            _ => None,
        })
    }

    async fn change(
        &self,
        changed: Subscription,
        operation: &str,
        caller: Caller<'_>,
    ) -> Result<(), Refusal> {
        let (tenant, detail) = (changed.tenant.clone(), json!({"subscription": changed.id}));
        let changed = Transaction { subscriptions: vec![changed], ..Transaction::default() };
        self.commit(changed, &tenant, operation, &detail, caller).await
    }

    /// Commits a change with the audit entry that tells of it.
    async fn commit(
        &self,
        mut changed: Transaction,
        tenant: &str,
        operation: &str,
        detail: &Value,
        caller: Caller<'_>,
    ) -> Result<(), Refusal> {
        changed.at_ms = self.deliverer.world().now_ms();
        changed.audit.push(AuditEntry {
            at_ms: changed.at_ms,
            tenant: tenant.to_owned(),
            actor: caller.actor.to_owned(),
            operation: operation.to_owned(),
            outcome: "ok".to_owned(),
            code: None,
            correlation_id: caller.correlation_id.to_owned(),
            detail: Some(detail.to_string()),
        });
        match self.deliverer.store().commit(changed).await {
            Ok(_) => Ok(()),
            Err(CommitError::Store(error)) => Err(unavailable(error)),
            Err(error) => Err(Refusal::new(Condition::Internal).with_message(error.to_string())),
        }
    }
}

fn tenant<'a>(query: Option<&'a str>, caller: Caller<'a>) -> Result<Option<&'a str>, Refusal> {
    let asked = member(query, "tenant");
    match (caller.tenant, asked) {
        (None, asked) => Ok(asked),
        (Some(own), Some(asked)) if own != asked => Err(Refusal::new(Condition::TenantMismatch)),
        (Some(own), _) => Ok(Some(own)),
    }
}

fn limit(query: Option<&str>) -> Result<u32, Refusal> {
    let Some(text) = member(query, "limit") else { return Ok(LIST_DEFAULT) };
    text.parse().ok().filter(|limit| (1..=SHOWN_MAX).contains(limit)).ok_or_else(|| {
        let reason = format!("should be a number from 1 to {SHOWN_MAX}");
        Refusal::new(Condition::PageSizeInvalid).with_detail("limit", reason)
    })
}

/// A member of a query. Names of tenants are plain, so nothing is decoded.
fn member<'a>(query: Option<&'a str>, name: &str) -> Option<&'a str> {
    query?
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

fn not_found(what: &str, id: &str) -> Refusal {
    Refusal::new(Condition::RecordNotFound).with_message(format!("There is no {what} {id}."))
}

fn not_allowed(allowed: &'static str) -> Response<Body> {
    let mut response = Response::new(whole(""));
    *response.status_mut() = http::StatusCode::METHOD_NOT_ALLOWED;
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    response
}

fn state_text(state: SubscriptionState) -> &'static str {
    match state {
        SubscriptionState::Active => "active",
        SubscriptionState::Paused => "paused",
        SubscriptionState::Disabled => "disabled",
    }
}

fn subscription_json(subscription: &Subscription) -> Value {
    json!({
        "id": subscription.id,
        "tenant": subscription.tenant,
        "url": subscription.url,
        "events": subscription.events,
        "state": state_text(subscription.state),
        "secrets": subscription.secrets.len(),
        "created_at": time_text(subscription.created_ms),
    })
}

fn delivery_json(delivery: &Delivery) -> Value {
    let (state, next) = match delivery.state {
        DeliveryState::Pending => ("pending", Some(time_text(delivery.next_ms))),
        DeliveryState::Delivered => ("delivered", None),
        DeliveryState::Dead => ("dead", None),
    };
    json!({
        "id": delivery.id,
        "tenant": delivery.tenant,
        "subscription": delivery.subscription,
        "event_id": delivery.event.event.id,
        "type": delivery.event.event.kind,
        "occurred_at": time_text(delivery.event.event.at_ms),
        "state": state,
        "attempts": delivery.attempts,
        "next_attempt_at": next,
        "last": delivery.last,
    })
}
