//! Streams and lists of events: S0-102, and what a stream costs.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use tenon_gateway::delivery::poll::{self, Asked};
use tenon_gateway::delivery::stream::Streams;
use tenon_gateway::delivery::{Body, Feed, Filter};
use tenon_policies::{Condition, Refusal};
use tenon_storage::{Store, limits::EVENTS_KEPT_MS};
use tokio::sync::watch;

use crate::support::*;

fn of(tenant: &str) -> Filter {
    Filter { tenant: Some(tenant.to_owned()), ..Filter::default() }
}

fn streams(store: &Arc<Store>) -> (Streams, watch::Sender<bool>) {
    let (stop, stopped) = watch::channel(false);
    (Streams::new(Arc::new(Feed::new(Arc::clone(store))), stopped), stop)
}

/// What a client sees.
struct Client {
    body: Body,
    text: String,
}

impl Client {
    fn connect(streams: &Streams, filter: Filter, after: Option<u64>) -> Self {
        let response = streams.follow(filter, after).expect("a stream");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body(), text: String::new() }
    }

    /// The next chunk; `None` at the end.
    async fn chunk(&mut self) -> Option<Bytes> {
        let frame =
            tokio::time::timeout(Duration::from_secs(10), self.body.frame()).await.expect("in time")?;
        Some(frame.expect("no failure").into_data().expect("data"))
    }

    /// The numbers of the next events.
    async fn numbers(&mut self, count: usize) -> Vec<u64> {
        let mut found = Vec::new();
        while found.len() < count {
            let chunk = self.chunk().await.expect("more");
            let text = String::from_utf8(chunk.to_vec()).expect("text");
            self.text.push_str(&text);
            let id = text.lines().find_map(|line| line.strip_prefix("id: "));
            if text.contains("\ndata: ") {
                found.push(id.expect("a number").parse().expect("a number"));
            }
        }
        found
    }
}

fn refused(streams: &Streams, after: u64) -> Refusal {
    match streams.follow(Filter::default(), Some(after)) {
        Ok(_) => panic!("{after} was taken"),
        Err(refusal) => refusal,
    }
}

/// S0-102: resume after id N returns all events after N.
#[tokio::test]
async fn a_stream_resumes_after_a_number() {
    let store = store();
    publish(&store, (1..=300).map(|n| event(&format!("e{n}"))).collect()).await;
    let (streams, _stop) = streams(&store);
    let mut client = Client::connect(&streams, of(TENANT), Some(7));
    assert_eq!(client.numbers(293).await, (8..=300).collect::<Vec<u64>>());
    publish(&store, vec![event("e301")]).await;
    assert_eq!(client.numbers(1).await, [301]);
    assert!(
        client.text.contains("id: 301\nevent: cycle.failed\ndata: {\"correlationid\":"),
        "{}",
        client.text
    );
    assert!(client.text.contains("\"event_id\":\"e301\""));
}

#[tokio::test]
async fn a_stream_without_a_cursor_begins_now() {
    let store = store();
    publish(&store, vec![event("old")]).await;
    let (streams, _stop) = streams(&store);
    let mut client = Client::connect(&streams, of(TENANT), None);
    assert_eq!(client.chunk().await.expect("a greeting"), "retry: 2000\nid: 1\n\n");
    publish(&store, vec![event("new")]).await;
    assert_eq!(client.numbers(1).await, [2]);
}

#[tokio::test]
async fn a_reader_sees_its_tenant_its_types_and_what_is_public() {
    let store = store();
    let (streams, _stop) = streams(&store);
    let types = vec!["a".to_owned(), "b".to_owned()];
    // Two at the head, which share what they read, and one that comes later and reads alone.
    let filter = Filter { types, ..of("t1") };
    let mut first = Client::connect(&streams, filter.clone(), Some(0));
    let mut all = Client::connect(&streams, Filter { internal: true, ..Filter::default() }, Some(0));
    let mut hidden = event_of("4", "t1", "a");
    hidden.public = false;
    let events = vec![
        event_of("1", "t1", "a"),
        event_of("2", "t2", "a"),
        event_of("3", "t1", "c"),
        hidden,
        event_of("5", "t1", "b"),
    ];
    publish(&store, events).await;
    assert_eq!(first.numbers(2).await, [1, 5]);
    assert_eq!(all.numbers(5).await, [1, 2, 3, 4, 5]);
    let mut late = Client::connect(&self::streams(&store).0, filter, Some(1));
    assert_eq!(late.numbers(1).await, [5]);
}

#[tokio::test]
async fn a_silent_stream_says_that_it_is_still_there() {
    let store = store();
    let (streams, _stop) = streams(&store);
    let streams = streams.with_heartbeat(Duration::from_millis(20));
    let mut client = Client::connect(&streams, of(TENANT), None);
    client.chunk().await;
    assert_eq!(client.chunk().await.expect("a comment"), ": still here\n\n");
    // Events that are not for this reader do not keep it from being told.
    for n in 0..3 {
        publish(&store, vec![event_of(&format!("e{n}"), "another", "x")]).await;
    }
    assert_eq!(client.chunk().await.expect("a comment"), ": still here\n\n");
}

#[tokio::test]
async fn streams_end_when_the_gateway_does_and_give_back_their_place() {
    let store = store();
    let (streams, stop) = streams(&store);
    let mut client = Client::connect(&streams, of(TENANT), None);
    client.chunk().await;
    assert_eq!(streams.open(), 1);
    stop.send(true).expect("someone listens");
    assert!(client.chunk().await.is_none());
    drop(client);
    assert_eq!(streams.open(), 0);
}

#[tokio::test]
async fn a_cursor_that_leads_nowhere_is_told() {
    let store = store();
    publish(&store, (1..=5).map(|n| event(&format!("e{n}"))).collect()).await;
    store.prune(START_MS + EVENTS_KEPT_MS).await.expect("it prunes");
    let mut newer = event("e6");
    newer.at_ms = START_MS + EVENTS_KEPT_MS;
    publish(&store, vec![newer]).await;
    let (streams, _stop) = streams(&store);

    let gone = refused(&streams, 3);
    assert_eq!((gone.condition, gone.http_status()), (Condition::CursorInvalid, 410));
    assert!(gone.message().contains("the oldest that is kept is 6"), "{}", gone.message());
    let ahead = refused(&streams, 7);
    assert_eq!((ahead.condition, ahead.http_status()), (Condition::CursorInvalid, 400));
    for after in [0, 5, 6] {
        assert!(streams.follow(of(TENANT), Some(after)).is_ok(), "{after}");
    }

    let feed = Arc::new(Feed::new(Arc::clone(&store)));
    let asked = Asked::read(Some("after=3"), None).expect("a query");
    let refusal = poll::list(&feed, &of(TENANT), &asked).await.expect_err("gone");
    assert_eq!(refusal.http_status(), 410);
}

#[tokio::test]
async fn a_slow_reader_loses_nothing_and_holds_up_nobody() {
    let store = store();
    let (streams, _stop) = streams(&store);
    let mut slow = Client::connect(&streams, of(TENANT), Some(0));
    let mut quick = Client::connect(&streams, of(TENANT), Some(0));
    slow.chunk().await;
    // More than is shared in memory.
    for round in 0..50 {
        publish(&store, (0..200).map(|n| event(&format!("e{round}-{n}"))).collect()).await;
        quick.numbers(200).await;
    }
    assert_eq!(slow.numbers(10_000).await, (1..=10_000).collect::<Vec<u64>>());
}

/// One store, a thousand readers: each event is read once for all of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_followers() {
    const FOLLOWERS: usize = 1_000;
    const EVENTS: u64 = 200;
    let store = store();
    let (streams, _stop) = streams(&store);
    let mut readers = Vec::new();
    for _ in 0..FOLLOWERS {
        let mut client = Client::connect(&streams, of(TENANT), Some(0));
        readers.push(tokio::spawn(async move { client.numbers(EVENTS as usize).await }));
    }
    assert_eq!(streams.open(), FOLLOWERS);
    let started = std::time::Instant::now();
    for round in 0..EVENTS / 10 {
        publish(&store, (0..10).map(|n| event(&format!("e{round}-{n}"))).collect()).await;
    }
    for reader in readers {
        assert_eq!(reader.await.expect("no panic"), (1..=EVENTS).collect::<Vec<u64>>());
    }
    let elapsed = started.elapsed();
    let each = elapsed.as_micros() as f64 / (FOLLOWERS as f64 * EVENTS as f64);
    println!("{FOLLOWERS} followers, {EVENTS} events: {elapsed:?}, {each:.2} µs an event and follower");
    assert_eq!(streams.open(), 0);
}

async fn listed(feed: &Arc<Feed>, query: &str) -> serde_json::Value {
    let asked = Asked::read(Some(query), None).expect("a query");
    let response = poll::list(feed, &of(TENANT), &asked).await.expect("a list");
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    serde_json::from_slice(&body).expect("JSON")
}

/// S0-102, for clients that poll.
#[tokio::test]
async fn a_list_goes_on_after_its_cursor() {
    let store = store();
    publish(&store, (1..=5).map(|n| event(&format!("e{n}"))).collect()).await;
    publish(&store, vec![event_of("other", "another", "x")]).await;
    let feed = Arc::new(Feed::new(Arc::clone(&store)));
    let (mut cursor, mut found) = ("0".to_owned(), Vec::new());
    loop {
        let list = listed(&feed, &format!("after={cursor}&limit=2")).await;
        let items = list["items"].as_array().expect("items").clone();
        cursor = list["next_cursor"].as_str().expect("a cursor").to_owned();
        if items.is_empty() {
            break;
        }
        found.extend(items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()));
    }
    assert_eq!(found, ["e1", "e2", "e3", "e4", "e5"]);
    assert_eq!(cursor, "6", "past what is another's");
}

#[tokio::test]
async fn a_list_waits_for_the_next_event() {
    let store = store();
    let feed = Arc::new(Feed::new(Arc::clone(&store)));
    let waiting = {
        let feed = Arc::clone(&feed);
        tokio::spawn(async move { listed(&feed, "after=0&wait=20").await })
    };
    publish(&store, vec![event_of("other", "another", "x")]).await;
    a_while().await;
    assert!(!waiting.is_finished(), "what is another's is nothing to it");
    publish(&store, vec![event("e1")]).await;
    let list = waiting.await.expect("no panic");
    assert_eq!((list["items"][0]["id"].as_str(), list["next_cursor"].as_str()), (Some("e1"), Some("2")));

    let list = listed(&feed, "after=2&wait=1").await;
    assert_eq!((list["items"].as_array().map(Vec::len), list["next_cursor"].as_str()), (Some(0), Some("2")));
    let list = listed(&feed, "after=0").await;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "what is there is told without waiting");
}
