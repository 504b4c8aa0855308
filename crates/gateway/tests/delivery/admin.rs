//! What operators do about webhooks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::Method;
use http_body_util::BodyExt as _;
use serde_json::Value;
use tenon_gateway::delivery::admin::{Admin, Caller};
use tenon_gateway::delivery::webhook::{Schedule, Secret, Settings, secret_problem, sign};
use tenon_policies::{Condition, Refusal};
use tenon_storage::{DeliveryState, Found, Read, SubscriptionState};

use crate::support::*;

const OPERATOR: Caller<'_> = Caller { tenant: None, actor: "user:ops", correlation_id: "corr_9" };
const OTHER: Caller<'_> = Caller { tenant: Some("other"), actor: "user:x", correlation_id: "corr_9" };

async fn call(
    admin: &Admin,
    caller: Caller<'_>,
    method: Method,
    path: &str,
) -> Result<(u16, Value), Refusal> {
    let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
    let response = admin.answer(&method, path, query, caller).await?;
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
}

async fn get(admin: &Admin, path: &str) -> Value {
    call(admin, OPERATOR, Method::GET, path).await.expect("an answer").1
}

async fn post(admin: &Admin, path: &str) -> Value {
    call(admin, OPERATOR, Method::POST, path).await.expect("an answer").1
}

/// S0-100: force redelivery, the same event id twice.
#[tokio::test]
async fn a_dead_delivery_is_replayed_with_the_same_id() {
    let is_up = Arc::new(AtomicBool::new(false));
    let up = Arc::clone(&is_up);
    let receiver = Receiver::start(move |_| status(if up.load(Ordering::SeqCst) { 200 } else { 500 })).await;
    let (store, (hand, world)) = (store(), world());
    subscribe(&store, subscription("s1", &receiver.url())).await;
    let schedule = Schedule { name: "one", waits_ms: &[], jitter_percent: 0 };
    let running = Running::start(&store, &world, Settings { schedule, ..settings() });
    let admin = Admin::new(running.deliverer.clone());
    publish(&store, vec![event("e1")]).await;
    until("it is dead", || deliveries(&store, true).len() == 1).await;
    let dead = get(&admin, "/dead").await;
    assert_eq!(dead["items"][0]["event_id"], "e1");
    assert_eq!(dead["items"][0]["last"], "500; given up after 1 attempts");
    let id = dead["items"][0]["id"].as_u64().expect("a number");

    is_up.store(true, Ordering::SeqCst);
    hand.forward(60_000);
    let replayed = post(&admin, &format!("/deliveries/{id}/replay")).await;
    assert_eq!((replayed["state"].as_str(), replayed["attempts"].as_u64()), (Some("pending"), Some(0)));
    let received = receiver.wait_for(2).await;
    assert_eq!(received[0].event_id(), received[1].event_id());
    assert_eq!(received[0].header("webhook-id"), received[1].header("webhook-id"));
    until("the outcome", || deliveries(&store, false)[0].state == DeliveryState::Delivered).await;

    // What was delivered can be had again, too.
    post(&admin, &format!("/deliveries/{id}/replay")).await;
    receiver.wait_for(3).await;
    running.stop().await;

    let Found::Audit(links) = store.read(&[Read::Audit { from: 1, limit: 10 }]).expect("it reads").remove(0)
    else {
        panic!("no audit")
    };
    let told: Vec<(&str, &str)> =
        links.iter().map(|link| (link.entry.actor.as_str(), link.entry.operation.as_str())).collect();
    assert_eq!(told, [("user:ops", "webhooks.replay"); 2]);
}

#[tokio::test]
async fn secrets_are_rotated_and_dropped() {
    let (receiver, store, (_, world)) = (Receiver::start(|_| status(200)).await, store(), world());
    subscribe(&store, subscription("s1", &receiver.url())).await;
    let running = Running::start(&store, &world, settings());
    let admin = Admin::new(running.deliverer.clone());
    let rotated = post(&admin, "/subscriptions/s1/rotate").await;
    let newest = rotated["secret"].as_str().expect("a secret").to_owned();
    assert_eq!(secret_problem(&newest), None);

    publish(&store, vec![event("e1")]).await;
    let received = receiver.wait_for(1).await.remove(0);
    let alone = |text: &str, id| sign(&[Secret::of(text)], id, START_MS / 1_000, &event(id).envelope);
    let both = format!("{} {}", alone(&newest, "e1"), alone(SECRET, "e1"));
    assert_eq!(received.header("webhook-signature"), both);

    post(&admin, "/subscriptions/s1/drop-older").await;
    publish(&store, vec![event("e2")]).await;
    let received = receiver.wait_for(2).await.remove(1);
    assert_eq!(received.header("webhook-signature"), alone(&newest, "e2"));

    let shown = get(&admin, "/").await;
    assert_eq!(shown["items"][0]["secrets"], 1);
    assert!(!shown.to_string().contains("whsec_"), "told once, and never again");
    running.stop().await;
}

#[tokio::test]
async fn a_test_event_is_sent_at_once() {
    let receiver = Receiver::start(|count| status(if count == 1 { 204 } else { 401 })).await;
    let (store, (_, world)) = (store(), world());
    subscribe(&store, subscription("s1", &receiver.url())).await;
    let running = Running::start(&store, &world, settings());
    let admin = Admin::new(running.deliverer.clone());
    let met = post(&admin, "/subscriptions/s1/test").await;
    assert_eq!((met["accepted"].as_bool(), met["met"].as_str()), (Some(true), Some("204")));
    let received = receiver.wait_for(1).await.remove(0);
    assert_eq!(received.event_id(), met["event_id"].as_str().expect("an id"));
    let met = post(&admin, "/subscriptions/s1/test").await;
    assert_eq!((met["accepted"].as_bool(), met["met"].as_str()), (Some(false), Some("401")));
    assert!(deliveries(&store, false).is_empty(), "it is no event of the store");
    running.stop().await;
}

#[tokio::test]
async fn what_is_disabled_is_enabled_before_it_is_replayed() {
    let receiver = Receiver::start(|count| status(if count == 1 { 410 } else { 200 })).await;
    let (store, (_, world)) = (store(), world());
    subscribe(&store, subscription("s1", &receiver.url())).await;
    let running = Running::start(&store, &world, settings());
    let admin = Admin::new(running.deliverer.clone());
    publish(&store, vec![event("e1")]).await;
    until("it is dead", || deliveries(&store, true).len() == 1).await;
    let replay = "/deliveries/1/replay";
    let refusal = call(&admin, OPERATOR, Method::POST, replay).await.expect_err("it is disabled");
    assert_eq!(refusal.condition, Condition::GuardRefused);
    post(&admin, "/subscriptions/s1/enable").await;
    assert_eq!(state_of(&store, "s1"), SubscriptionState::Active);
    post(&admin, replay).await;
    receiver.wait_for(2).await;
    running.stop().await;
}

#[tokio::test]
async fn tenants_see_and_touch_their_own_only() {
    let (receiver, store, (_, world)) = (Receiver::start(|_| status(200)).await, store(), world());
    subscribe(&store, subscription("s1", &receiver.url())).await;
    let running = Running::start(&store, &world, settings());
    let admin = Admin::new(running.deliverer.clone());
    publish(&store, vec![event("e1")]).await;
    receiver.wait_for(1).await;
    for path in ["/", "/deliveries", "/dead"] {
        let (_, list) = call(&admin, OTHER, Method::GET, path).await.expect("a list");
        assert_eq!(list["items"].as_array().map(Vec::len), Some(0), "{path}");
    }
    for step in ["rotate", "drop-older", "enable", "test"] {
        let path = format!("/subscriptions/s1/{step}");
        let refusal = call(&admin, OTHER, Method::POST, &path).await.expect_err("another's");
        assert_eq!(refusal.condition, Condition::RecordNotFound, "{step}");
    }
    let refusal = call(&admin, OTHER, Method::POST, "/deliveries/1/replay").await.expect_err("another's");
    assert_eq!(refusal.condition, Condition::RecordNotFound);
    let refusal = call(&admin, OTHER, Method::GET, "/?tenant=acme").await.expect_err("another's");
    assert_eq!(refusal.condition, Condition::TenantMismatch);
    running.stop().await;
}

#[tokio::test]
async fn calls_nobody_knows_are_refused() {
    let (store, (_, world)) = (store(), world());
    let running = Running::start(&store, &world, settings());
    let admin = Admin::new(running.deliverer.clone());
    for path in ["/nothing", "/deliveries/1/burn", "/a/b/c/d"] {
        let refusal = call(&admin, OPERATOR, Method::POST, path).await;
        assert!(refusal.is_err_and(|refusal| refusal.condition == Condition::RouteUnknown), "{path}");
    }
    let (status, _) =
        call(&admin, OPERATOR, Method::GET, "/subscriptions/s1/rotate").await.expect("an answer");
    assert_eq!(status, 405, "a secret is not changed by looking");
    let (status, _) = call(&admin, OPERATOR, Method::POST, "/dead").await.expect("an answer");
    assert_eq!(status, 405);
    let refusal = call(&admin, OPERATOR, Method::GET, "/dead?limit=0").await.expect_err("no limit");
    assert_eq!(refusal.condition, Condition::PageSizeInvalid);
    running.stop().await;
}
