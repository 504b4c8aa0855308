//! Webhooks: S0-100 and the rules of Standard Webhooks.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http_body_util::Full;
use tenon_gateway::delivery::webhook::{Reach, Resolver, Resolving, Schedule, Secret, Settings, sign};
use tenon_storage::engines::Sqlite;
use tenon_storage::{DeliveryState, Store, Subscription, SubscriptionState};

use crate::support::*;

const HOUR_MS: i64 = 60 * 60 * 1_000;

#[tokio::test]
async fn a_delivery_is_made_after_its_commit_and_never_before() {
    let (receiver, store, (_, world)) = (Receiver::start(|_| status(204)).await, store(), world());
    subscribe(&store, subscription("s1", &receiver.url())).await;
    let running = Running::start(&store, &world, settings());
    a_while().await;
    assert!(receiver.all().is_empty());

    // A commit that is refused makes no delivery.
    let refused = tenon_storage::Transaction {
        expect: vec![tenon_storage::Expect::Version {
            tenant: TENANT.to_owned(),
            collection: "c".to_owned(),
            id: "x".to_owned(),
            version: 7,
        }],
        events: vec![event("never")],
        ..tenon_storage::Transaction::default()
    };
    store.commit(refused).await.expect_err("a conflict");
    a_while().await;
    assert!(receiver.all().is_empty());

    publish(&store, vec![event("e1")]).await;
    let received = receiver.wait_for(1).await;
    assert_eq!(received[0].event_id(), "e1");
    assert_eq!(received[0].body, event("e1").envelope, "the very bytes that were committed");
    until("the outcome", || deliveries(&store, false)[0].state == DeliveryState::Delivered).await;
    running.stop().await;
    assert_eq!(receiver.all().len(), 1);
}

#[tokio::test]
async fn requests_are_signed_as_the_standard_has_it() {
    let (receiver, store, (_, world)) = (Receiver::start(|_| status(200)).await, store(), world());
    subscribe(&store, subscription("s1", &receiver.url())).await;
    let running = Running::start(&store, &world, settings());
    publish(&store, vec![event("e1")]).await;
    let received = receiver.wait_for(1).await.remove(0);
    assert_eq!(received.header("content-type"), "application/cloudevents+json");
    assert_eq!(received.header("webhook-id"), "e1");
    assert_eq!(received.header("webhook-timestamp"), (START_MS / 1_000).to_string());
    let expected = sign(&[Secret::of(SECRET)], "e1", START_MS / 1_000, &received.body);
    assert_eq!(received.header("webhook-signature"), expected);
    running.stop().await;
}

/// S0-100: delivered at least once; every delivery of an event has its id, so duplicates are told.
#[tokio::test]
async fn what_fails_is_tried_again_with_the_same_id_and_a_new_timestamp() {
    let receiver = Receiver::start(|count| status(if count < 3 { 500 } else { 200 })).await;
    let (store, (hand, world)) = (store(), world());
    subscribe(&store, subscription("s1", &receiver.url())).await;
    let running = Running::start(&store, &world, settings());
    publish(&store, vec![event("e1")]).await;

    receiver.wait_for(1).await;
    until("the outcome", || deliveries(&store, false)[0].attempts == 1).await;
    let delivery = deliveries(&store, false).remove(0);
    let wait_ms = delivery.next_ms - START_MS;
    assert!((4_000..=6_000).contains(&wait_ms), "5 s and some jitter: {wait_ms}");
    assert_eq!(delivery.last.as_deref(), Some("500"));
    a_while().await;
    assert_eq!(receiver.all().len(), 1, "not before its time");

    hand.forward(wait_ms);
    receiver.wait_for(2).await;
    until("the outcome", || deliveries(&store, false)[0].attempts == 2).await;
    let wait_ms = deliveries(&store, false)[0].next_ms - START_MS - wait_ms;
    assert!((4 * 60_000..=6 * 60_000).contains(&wait_ms), "5 min and some jitter: {wait_ms}");

    hand.forward(wait_ms);
    let received = receiver.wait_for(3).await;
    until("the outcome", || deliveries(&store, false)[0].state == DeliveryState::Delivered).await;
    let ids: BTreeSet<String> = received.iter().map(|one| one.header("webhook-id").to_owned()).collect();
    assert_eq!(ids, BTreeSet::from(["e1".to_owned()]));
    assert_eq!(
        received.iter().map(|one| one.event_id()).collect::<BTreeSet<_>>().len(),
        1,
        "dedupe yields one"
    );
    let times: BTreeSet<&str> = received.iter().map(|one| one.header("webhook-timestamp")).collect();
    assert_eq!(times.len(), 3);
    running.stop().await;
}

#[tokio::test]
async fn retry_after_is_honoured() {
    let receiver = Receiver::start(|count| match count {
        1 => Response::builder()
            .status(429)
            .header("retry-after", "7200")
            .body(Full::default())
            .expect("it is"),
        _ => status(200),
    })
    .await;
    let (store, (hand, world)) = (store(), world());
    subscribe(&store, subscription("s1", &receiver.url())).await;
    let running = Running::start(&store, &world, settings());
    publish(&store, vec![event("e1")]).await;
    until("the outcome", || deliveries(&store, false)[0].attempts == 1).await;
    assert_eq!(deliveries(&store, false)[0].next_ms, START_MS + 2 * HOUR_MS);
    hand.forward(2 * HOUR_MS);
    receiver.wait_for(2).await;
    running.stop().await;
}

#[tokio::test]
async fn gone_disables_the_subscription() {
    let (receiver, store, (hand, world)) = (Receiver::start(|_| status(410)).await, store(), world());
    subscribe(&store, subscription("s1", &receiver.url())).await;
    let running = Running::start(&store, &world, settings());
    publish(&store, vec![event("e1")]).await;
    until("the outcome", || deliveries(&store, true).len() == 1).await;
    assert_eq!(state_of(&store, "s1"), SubscriptionState::Disabled);
    publish(&store, vec![event("e2")]).await;
    hand.forward(100 * HOUR_MS);
    a_while().await;
    assert_eq!(receiver.all().len(), 1, "left alone");
    running.stop().await;
}

/// Moves the clock until every delivery was attempted as often as the schedule has it.
async fn exhaust(store: &Arc<Store>, hand: &Hand, ids: &[&str]) {
    let all = Schedule::STANDARD.attempts_max();
    for attempt in 1..=all {
        let made = || {
            let found = deliveries(store, false);
            let wanted = found.iter().filter(|one| ids.contains(&one.event.event.id.as_str()));
            wanted.clone().count() == ids.len() && wanted.clone().all(|one| one.attempts == attempt)
        };
        until("an attempt", made).await;
        hand.forward(30 * HOUR_MS);
    }
}

/// As Standard Webhooks advises: what takes nothing for days is switched off, told why, and can be
/// switched on again.
#[tokio::test]
async fn an_endpoint_that_takes_nothing_for_days_is_switched_off() {
    let (receiver, store, (hand, world)) = (Receiver::start(|_| status(500)).await, store(), world());
    subscribe(&store, subscription("s1", &receiver.url())).await;
    let running = Running::start(&store, &world, settings());
    publish(&store, vec![event("e1"), event("e2")]).await;
    exhaust(&store, &hand, &["e1", "e2"]).await;
    assert_eq!(state_of(&store, "s1"), SubscriptionState::Active, "two are not enough");
    publish(&store, vec![event("e3")]).await;
    exhaust(&store, &hand, &["e3"]).await;
    until("it is switched off", || state_of(&store, "s1") == SubscriptionState::Disabled).await;
    let dead = deliveries(&store, true);
    let last = dead.iter().find(|one| one.event.event.id == "e3").and_then(|one| one.last.clone());
    let last = last.expect("what it met");
    assert!(last.starts_with("500; given up after 10 attempts; the subscription is disabled"), "{last}");
    running.stop().await;
}

/// One that is accepted between them begins the count anew.
#[tokio::test]
async fn an_endpoint_that_takes_something_stays_on() {
    let answer = |count| status(if count == 21 { 200 } else { 500 });
    let (receiver, store, (hand, world)) = (Receiver::start(answer).await, store(), world());
    subscribe(&store, subscription("s1", &receiver.url())).await;
    let running = Running::start(&store, &world, settings());
    publish(&store, vec![event("e1"), event("e2")]).await;
    exhaust(&store, &hand, &["e1", "e2"]).await;
    publish(&store, vec![event("e3")]).await;
    until("it is accepted", || {
        deliveries(&store, false).iter().any(|one| one.state == DeliveryState::Delivered)
    })
    .await;
    publish(&store, vec![event("e4"), event("e5")]).await;
    exhaust(&store, &hand, &["e4", "e5"]).await;
    until("all are given up", || deliveries(&store, true).len() == 4).await;
    assert_eq!(state_of(&store, "s1"), SubscriptionState::Active);
    running.stop().await;
}

#[tokio::test]
async fn redirects_are_refused_and_never_followed() {
    let target = Receiver::start(|_| status(200)).await;
    let location = target.url();
    let receiver = Receiver::start(move |_| {
        Response::builder().status(307).header("location", &location).body(Full::default()).expect("it is")
    })
    .await;
    let (store, (_, world)) = (store(), world());
    subscribe(&store, subscription("s1", &receiver.url())).await;
    let running = Running::start(&store, &world, settings());
    publish(&store, vec![event("e1")]).await;
    until("the outcome", || deliveries(&store, false)[0].attempts == 1).await;
    let delivery = deliveries(&store, false).remove(0);
    assert_eq!(delivery.state, DeliveryState::Pending);
    assert_eq!(delivery.last.as_deref(), Some("307: redirects are not followed"));
    a_while().await;
    assert!(target.all().is_empty());
    running.stop().await;
}

/// A name that leads where it is told to.
#[derive(Debug)]
struct Told {
    addresses: Vec<&'static str>,
    asked: AtomicUsize,
}

impl Resolver for Told {
    fn resolve(&self, _: String, port: u16) -> Resolving {
        let index = self.asked.fetch_add(1, Ordering::SeqCst).min(self.addresses.len() - 1);
        let ips = self.addresses[index].split(',').map(|ip| ip.parse::<IpAddr>().expect("an address"));
        let found = ips.map(|ip| SocketAddr::new(ip, port)).collect();
        Box::pin(async move { Ok(found) })
    }
}

fn told(addresses: &[&'static str], development: bool) -> (Arc<Told>, Settings) {
    let told = Arc::new(Told { addresses: addresses.to_vec(), asked: AtomicUsize::new(0) });
    let resolver: Arc<dyn Resolver> = Arc::<Told>::clone(&told);
    let reach = Reach { resolver, ..Reach::new(development) };
    (told, Settings { reach, ..settings() })
}

/// Server-side request forgery: a public name that leads to a private address.
#[tokio::test]
async fn private_addresses_are_refused_after_the_name_is_resolved() {
    for addresses in [
        "10.0.0.1",
        "169.254.169.254",
        "127.0.0.1",
        "::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "93.184.216.34,10.0.0.1",
    ] {
        let (store, (_, world)) = (store(), world());
        let (_, settings) = told(&[addresses], false);
        subscribe(&store, subscription("s1", "https://hooks.example.com/x")).await;
        let running = Running::start(&store, &world, settings);
        publish(&store, vec![event("e1")]).await;
        until("the outcome", || deliveries(&store, false)[0].attempts == 1).await;
        let last = deliveries(&store, false).remove(0).last.expect("why");
        assert!(last.starts_with("refused: the url leads to a "), "{addresses}: {last}");
        running.stop().await;
    }
}

/// A name that changes its mind gains nothing: the address that was checked is the one that is
/// connected to, and every connection is checked anew.
#[tokio::test]
async fn a_name_is_resolved_once_a_connection() {
    let receiver = Receiver::start(|_| status(200)).await;
    let (store, (hand, world)) = (store(), world());
    let (told, settings) = told(&["127.0.0.1", "10.0.0.1"], true);
    let url = format!("http://rebind.localhost:{}/", receiver.port);
    subscribe(&store, subscription("s1", &url)).await;
    let running = Running::start(&store, &world, settings.clone());
    publish(&store, vec![event("e1")]).await;
    receiver.wait_for(1).await;
    running.stop().await;
    assert_eq!(told.asked.load(Ordering::SeqCst), 1);

    // Another deliverer has no connection yet, so it asks again, and the name has changed its mind.
    hand.forward(1);
    let running = Running::start(&store, &world, settings);
    publish(&store, vec![event("e2")]).await;
    until("the outcome", || deliveries(&store, false)[0].attempts == 1).await;
    assert!(deliveries(&store, false)[0].last.as_deref().is_some_and(|last| last.starts_with("refused")));
    assert_eq!(receiver.all().len(), 1);
    running.stop().await;
}

#[tokio::test]
async fn http_and_this_machine_are_for_development_only() {
    let receiver = Receiver::start(|_| status(200)).await;
    let (store, (_, world)) = (store(), world());
    subscribe(&store, subscription("s1", &receiver.url())).await;
    let running = Running::start(&store, &world, Settings { tick_ms: 10, ..Settings::new(false) });
    publish(&store, vec![event("e1")]).await;
    until("the outcome", || deliveries(&store, false)[0].attempts == 1).await;
    assert!(deliveries(&store, false)[0].last.as_deref().is_some_and(|last| last.starts_with("refused")));
    assert!(receiver.all().is_empty());
    running.stop().await;
}

#[tokio::test]
async fn an_endpoint_that_never_answers_is_given_up_in_time() {
    // Accepts and says nothing.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = silent.local_addr().expect("an address").port();
    let (store, (_, world)) = (store(), world());
    subscribe(&store, subscription("s1", &format!("http://127.0.0.1:{port}/"))).await;
    let reach = Reach { attempt_ms_max: 100, ..Reach::new(true) };
    let running = Running::start(&store, &world, Settings { reach, ..settings() });
    publish(&store, vec![event("e1")]).await;
    until("the outcome", || deliveries(&store, false)[0].attempts == 1).await;
    assert_eq!(deliveries(&store, false)[0].last.as_deref(), Some("no answer within 100 ms"));
    running.stop().await;
}

#[tokio::test]
async fn the_body_of_an_answer_is_bounded() {
    let receiver =
        Receiver::start(|_| Response::new(Full::new(Bytes::from(vec![b'x'; 8 * 1024 * 1024])))).await;
    let (store, (_, world)) = (store(), world());
    subscribe(&store, subscription("s1", &receiver.url())).await;
    let running = Running::start(&store, &world, settings());
    publish(&store, vec![event("e1")]).await;
    until("the outcome", || deliveries(&store, false)[0].state == DeliveryState::Delivered).await;
    running.stop().await;
}

/// A schedule that ends soon.
const SHORT: Schedule = Schedule { name: "short", waits_ms: &[1_000, 2_000], jitter_percent: 0 };

#[tokio::test]
async fn after_the_last_attempt_a_delivery_is_dead() {
    let (receiver, store, (hand, world)) = (Receiver::start(|_| status(503)).await, store(), world());
    subscribe(&store, subscription("s1", &receiver.url())).await;
    let running = Running::start(&store, &world, Settings { schedule: SHORT, ..settings() });
    publish(&store, vec![event("e1")]).await;
    for attempts in 1..=3 {
        until("the outcome", || deliveries(&store, false)[0].attempts == attempts).await;
        hand.forward(2_000);
    }
    let dead = deliveries(&store, true);
    assert_eq!((dead.len(), dead[0].last.as_deref()), (1, Some("503; given up after 3 attempts")));
    hand.forward(1_000 * HOUR_MS);
    a_while().await;
    assert_eq!(receiver.all().len(), 3);
    assert_eq!(running.deliverer.counts().dead.load(Ordering::Relaxed), 1);
    running.stop().await;
}

#[tokio::test]
async fn older_secrets_sign_too_after_the_newest() {
    let (receiver, store, (_, world)) = (Receiver::start(|_| status(200)).await, store(), world());
    let newest = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    let secrets = vec![newest.to_owned(), SECRET.to_owned()];
    subscribe(&store, Subscription { secrets, ..subscription("s1", &receiver.url()) }).await;
    let running = Running::start(&store, &world, settings());
    publish(&store, vec![event("e1")]).await;
    let received = receiver.wait_for(1).await.remove(0);
    let alone = |text| sign(&[Secret::of(text)], "e1", START_MS / 1_000, &received.body);
    assert_eq!(received.header("webhook-signature"), format!("{} {}", alone(newest), alone(SECRET)));
    running.stop().await;
}

#[tokio::test]
async fn a_slow_endpoint_does_not_hold_up_others() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = silent.local_addr().expect("an address").port();
    let (receiver, store, (_, world)) = (Receiver::start(|_| status(200)).await, store(), world());
    subscribe(&store, subscription("a-slow", &format!("http://127.0.0.1:{port}/"))).await;
    publish(&store, (0..5_000).map(|n| event(&format!("old{n}"))).collect()).await;
    subscribe(&store, subscription("b-quick", &receiver.url())).await;
    let running = Running::start(&store, &world, settings());
    publish(&store, (0..500).map(|n| event(&format!("new{n}"))).collect()).await;
    receiver.wait_for(500).await;
    let ids: BTreeSet<String> = receiver.all().iter().map(Received::event_id).collect();
    assert_eq!(ids.len(), 500, "each once");
    running.kill();
}

/// At least once: what was under way when the gateway died is attempted again after its start, and
/// what was accepted and kept is not.
#[tokio::test]
async fn deliveries_survive_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("store.db");
    let open = || Arc::new(Store::new(Arc::new(Sqlite::open(&file).expect("it opens"))).expect("a store"));
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = silent.local_addr().expect("an address").port();
    let (receiver, (_, world)) = (Receiver::start(|_| status(200)).await, world());
    {
        let store = open();
        subscribe(&store, subscription("good", &receiver.url())).await;
        subscribe(&store, subscription("moved", &format!("http://127.0.0.1:{port}/"))).await;
        let running = Running::start(&store, &world, settings());
        publish(&store, vec![event("e1"), event("e2")]).await;
        receiver.wait_for(2).await;
        let delivered =
            || deliveries(&store, false).iter().filter(|one| one.state == DeliveryState::Delivered).count();
        until("the outcomes", || delivered() == 2).await;
        running.kill();
        tokio::time::sleep(Duration::from_millis(50)).await;
        store.close().await;
    }
    let store = open();
    subscribe(&store, subscription("moved", &receiver.url())).await;
    let running = Running::start(&store, &world, settings());
    let received = receiver.wait_for(4).await;
    let mut ids: Vec<String> = received.iter().map(Received::event_id).collect();
    ids[2..].sort();
    assert_eq!(ids[2..], ["e1", "e2"]);
    running.stop().await;
    a_while().await;
    assert_eq!(receiver.all().len(), 4);
}
