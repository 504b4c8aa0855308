//! Handlers that ask another server. Before it stand all policies; behind it a server that counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http::Response;
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use serde_json::json;
use tenon_gateway::{Body, BodyError};
use tokio::sync::{Notify, mpsc};

use crate::support::{Asked, Behind, Site, answers, files, partner, until};

const SCHEMA: &str = r#"{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
  "required": ["name"], "properties": {"name": {"type": "string"}}, "additionalProperties": false}"#;

fn contract(port: u16) -> String {
    format!(
        r#"
tenon: contract/v1
name: shop
version: 1.0.0
owner: shop-team
actors: {{partner: A company.}}
scopes: {{"things:read": See things, "things:write": Change things}}
defaults: {{tenancy: none, auth: public}}
operations:
  things.get:
    http: GET /things/{{id}}
    idempotency: none
    unknown_query: ignore
    handler: {{proxy: "http://127.0.0.1:{port}/base", timeout: 300ms, retries: 2, breaker: {{failures: 3, cooldown: 10s}}}}
  things.replace:
    http: PUT /things/{{id}}
    idempotency: none
    handler: {{proxy: "http://127.0.0.1:{port}", retries: 1}}
  things.push:
    http: POST /streams
    idempotency: none
    handler: {{proxy: "http://127.0.0.1:{port}", retries: 3}}
  things.make:
    http: POST /things
    idempotency: required
    request: Thing.schema.json
    response: Thing.schema.json
    handler: {{proxy: "http://127.0.0.1:{port}", timeout: 500ms, retries: 2, breaker: {{failures: 50}}}}
  things.shadow:
    http: POST /shadowed
    idempotency: none
    request: Thing.schema.json
    response: Thing.schema.json
    enforcement: {{response: shadow}}
    handler: {{proxy: "http://127.0.0.1:{port}"}}
  things.owned:
    http: GET /owned
    auth: required
    actors: [partner]
    scopes: ["things:read"]
    idempotency: none
    handler: {{proxy: "http://127.0.0.1:{port}"}}
"#
    )
}

fn site(port: u16) -> Site {
    Site::new(&files(&[("contract.yaml", &contract(port)), ("schemas/Thing.schema.json", SCHEMA)]))
}

fn thing() -> serde_json::Value {
    json!({"name": "a"})
}

/// A body that says what it is given.
fn channel() -> (mpsc::UnboundedSender<&'static str>, Body) {
    let (sender, receiver) = mpsc::unbounded_channel::<&'static str>();
    let frames = stream::unfold(receiver, |mut receiver| async {
        let text = receiver.recv().await?;
        Some((Ok::<_, BodyError>(Frame::data(Bytes::from_static(text.as_bytes()))), receiver))
    });
    (sender, StreamBody::new(frames).boxed_unsync())
}

#[tokio::test]
async fn paths_queries_and_bodies_arrive_as_they_were_sent() {
    let behind = Behind::start(|_, _| async { answers(200, &thing()) }).await;
    let site = site(behind.port);
    let answer = site.ask("GET", "/things/a%20b?x=1&x=%26").empty().await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, thing()));
    let asked = behind.asked();
    assert_eq!(asked[0].path, "/base/things/a%20b?x=1&x=%26");
    assert_eq!(asked[0].headers["host"], format!("127.0.0.1:{}", behind.port));
    let answer = site.ask("POST", "/streams").header("content-type", "text/csv").raw("a;b\n1;2\n").await;
    assert_eq!(answer.status, 200);
    assert_eq!(behind.asked()[1].body, "a;b\n1;2\n");
    assert_eq!(behind.asked()[1].headers["content-type"], "text/csv");
}

fn field(text: &'static str) -> http::HeaderValue {
    http::HeaderValue::from_static(text)
}

/// `forward`: of what the caller sends only what is named goes on; what the gateway tells goes in any case.
#[tokio::test]
async fn only_fields_that_are_named_are_passed_on() {
    let behind = Behind::start(|_, _| async { answers(200, &thing()) }).await;
    let all = contract(behind.port);
    let some = all.replace("/base\", timeout", "/base\", forward: [Accept, X-Region], timeout");
    let some = some
        .replace("retries: 3}}", "retries: 3, forward: []}}")
        .replace("retries: 3}", "retries: 3, forward: []}");
    for (text, wanted) in [(&all, true), (&some, false)] {
        let site = Site::new(&files(&[("contract.yaml", text), ("schemas/Thing.schema.json", SCHEMA)]));
        let asked =
            site.ask("GET", "/things/1").header("accept", "application/json").header("x-region", "north");
        let answer = asked
            .header("x-secret", "s")
            .header("cookie", "a=b")
            .header("x-tenon-actor", "root")
            .empty()
            .await;
        assert_eq!(answer.status, 200);
        let seen = behind.asked().pop().expect("it was asked").headers;
        assert_eq!((&seen["accept"], &seen["x-region"]), (&field("application/json"), &field("north")));
        assert_eq!((seen.contains_key("x-secret"), seen.contains_key("cookie")), (wanted, wanted));
        assert!(seen.contains_key("traceparent") && seen.contains_key("x-correlation-id"));
        assert_ne!(seen["x-tenon-actor"], "root");
        assert_eq!(seen["x-tenon-operation"], "things.get");
        let answer = site
            .ask("POST", "/streams")
            .header("content-type", "text/csv")
            .header("x-secret", "s")
            .raw("a;b")
            .await;
        assert_eq!(answer.status, 200);
        let seen = behind.asked().pop().expect("it was asked").headers;
        assert_eq!((&seen["content-type"], seen.contains_key("x-secret")), (&field("text/csv"), wanted));
    }
}

#[tokio::test]
async fn bodies_that_nothing_checks_are_streamed_both_ways() {
    let (seen, mut heard) = mpsc::unbounded_channel::<Bytes>();
    // Sends every piece back the moment it comes.
    let behind = Behind::raw(move |request| {
        let seen = seen.clone();
        async move {
            let frames = stream::unfold((request.into_body(), seen), |(mut body, seen)| async move {
                let data = body.frame().await?.ok()?.into_data().ok()?;
                seen.send(data.clone()).ok()?;
                Some((Ok::<_, BodyError>(Frame::data(data)), (body, seen)))
            });
            Response::new(StreamBody::new(frames).boxed_unsync())
        }
    })
    .await;
    let site = site(behind.port);
    let (send, body) = channel();
    send.send("first").expect("it is read");
    let asking = site.ask("POST", "/streams").header("transfer-encoding", "chunked");
    let mut response = asking.begin(body).await;
    // The answer has begun, and the first piece went round, while the request has not ended.
    assert_eq!(heard.recv().await.expect("it arrived"), "first");
    let frame = response.body_mut().frame().await.expect("a piece").expect("it is whole");
    assert_eq!(frame.into_data().expect("data"), "first");
    send.send("second").expect("it is read");
    let frame = response.body_mut().frame().await.expect("a piece").expect("it is whole");
    assert_eq!(frame.into_data().expect("data"), "second");
    drop(send);
    assert!(response.body_mut().frame().await.is_none());
}

#[tokio::test]
async fn a_server_that_is_late_is_told_as_such() {
    let behind = Behind::start(|_, _| async {
        tokio::time::sleep(Duration::from_secs(20)).await;
        answers(200, &thing())
    })
    .await;
    let site = site(behind.port);
    site.ask("GET", "/things/1").empty().await.is(504, "upstream_timeout");
    // A read may be asked for again: once, and twice more.
    assert_eq!(behind.count(), 3);
}

#[tokio::test]
async fn only_what_may_be_done_twice_is_asked_for_again() {
    let fails = |_, _: Asked| async { answers(503, &json!({"why": "busy"})) };
    let behind = Behind::start(fails).await;
    let site = site(behind.port);
    let answer = site.ask("PUT", "/things/1").raw("x").await;
    assert_eq!((answer.status.as_u16(), answer.json()), (503, json!({"why": "busy"})));
    assert_eq!(behind.count(), 2, "a PUT once more");
    site.ask("POST", "/streams").raw("x").await;
    assert_eq!(behind.count(), 3, "a POST never again");
    site.ask("POST", "/things").header("idempotency-key", "k").json(&thing()).await;
    assert_eq!(behind.count(), 4, "not even under a key: the server need not know of it");
}

#[tokio::test]
async fn a_read_that_succeeds_at_the_second_attempt_has_succeeded() {
    let behind =
        Behind::start(|count, _| async move { answers(if count == 1 { 500 } else { 200 }, &thing()) });
    let behind = behind.await;
    let site = site(behind.port);
    let answer = site.ask("GET", "/things/1").empty().await;
    assert_eq!((answer.status.as_u16(), behind.count()), (200, 2));
}

#[tokio::test]
async fn a_server_that_fails_again_and_again_is_left_alone_and_tried_later() {
    let well = Arc::new(AtomicBool::new(false));
    let state = Arc::clone(&well);
    let behind = Behind::start(move |_, _| {
        let status = if state.load(Ordering::SeqCst) { 200 } else { 500 };
        async move { answers(status, &thing()) }
    })
    .await;
    let site = site(behind.port);
    // Three failures in a row: all attempts of the first request.
    assert_eq!(site.ask("GET", "/things/1").empty().await.status, 500);
    assert_eq!(behind.count(), 3);
    let answer = site.ask("GET", "/things/1").empty().await;
    answer.is(503, "upstream_open");
    assert_eq!((answer.header("retry-after"), behind.count()), ("10", 3));
    site.hand.forward(9_999);
    site.ask("GET", "/things/1").empty().await.is(503, "upstream_open");
    assert_eq!(behind.count(), 3);
    // Half open: one tries, and fails; it is open for as long again.
    site.hand.forward(1);
    assert_eq!(site.ask("GET", "/things/1").empty().await.status, 500);
    assert_eq!(behind.count(), 4);
    site.ask("GET", "/things/1").empty().await.is(503, "upstream_open");
    // Half open again, and well.
    site.hand.forward(10_000);
    well.store(true, Ordering::SeqCst);
    assert_eq!(site.ask("GET", "/things/1").empty().await.status, 200);
    well.store(false, Ordering::SeqCst);
    assert_eq!(site.ask("GET", "/things/1").empty().await.status, 500, "closed: three more attempts");
    assert_eq!(behind.count(), 8);
}

#[tokio::test]
async fn while_one_tries_a_server_that_failed_the_others_wait() {
    let (gate, entered) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (inner, inside) = (Arc::clone(&gate), Arc::clone(&entered));
    let behind = Behind::start(move |count, _| {
        let (gate, entered) = (Arc::clone(&inner), Arc::clone(&inside));
        async move {
            if count > 3 {
                entered.notify_one();
                gate.notified().await;
                return answers(200, &thing());
            }
            answers(500, &thing())
        }
    })
    .await;
    let site = Arc::new(site(behind.port));
    site.ask("GET", "/things/1").empty().await;
    site.hand.forward(10_000);
    let own = Arc::clone(&site);
    let trying = tokio::spawn(async move { own.ask("GET", "/things/1").empty().await });
    entered.notified().await;
    site.ask("GET", "/things/2").empty().await.is(503, "upstream_open");
    gate.notify_one();
    assert_eq!(trying.await.expect("it ends").status, 200);
    assert_eq!(behind.count(), 4);
}

#[tokio::test]
async fn fields_of_one_connection_and_forged_ones_stay_here() {
    let behind = Behind::start(|_, _| async {
        let mut response = answers(200, &thing());
        for (name, value) in
            [("connection", "x-mine"), ("x-mine", "1"), ("keep-alive", "5"), ("x-other", "2")]
        {
            response.headers_mut().insert(name, value.parse().expect("a value"));
        }
        response
    })
    .await;
    let site = site(behind.port);
    let asking = site.ask("GET", "/owned").by(partner("acme")).header("x-correlation-id", "corr-7");
    let asking = asking.header("connection", "close, X-Secret-Hop").header("x-secret-hop", "1");
    let asking = asking.header("te", "trailers").header("proxy-authorization", "Basic eDp5");
    let asking = asking.header("upgrade", "websocket").header("expect", "100-continue");
    let asking = asking.header("x-tenon-actor", "partner:other").header("X-Tenon-Made-Up", "1");
    let answer = asking.header("x-kept", "yes").empty().await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    assert_eq!(
        (answer.header("x-mine"), answer.header("keep-alive"), answer.header("x-other")),
        ("", "", "2")
    );
    assert_eq!(answer.header("x-correlation-id"), "corr-7");
    let headers = &behind.asked()[0].headers;
    for gone in ["x-secret-hop", "te", "proxy-authorization", "upgrade", "expect", "x-tenon-made-up"] {
        assert!(!headers.contains_key(gone), "{gone} was passed on");
    }
    assert_eq!(headers.get_all("x-tenon-actor").iter().count(), 1);
    assert_eq!(headers["x-tenon-actor"], "partner:acme");
    assert_eq!(headers["x-tenon-operation"], "things.owned");
    assert_eq!(
        (&headers["x-kept"], &headers["x-correlation-id"]),
        (&"yes".parse().unwrap(), &"corr-7".parse().unwrap())
    );
}

#[tokio::test]
async fn policies_stand_before_the_other_server() {
    let behind = Behind::start(|_, _| async { answers(200, &thing()) }).await;
    let site = site(behind.port);
    site.ask("GET", "/owned").empty().await.is(401, "unauthenticated");
    let user = json!({"sub": "u", "actor_type": "user", "scope": "things:read"});
    site.ask("GET", "/owned").by(user).empty().await.is(403, "actor_not_allowed");
    site.ask("POST", "/things").json(&thing()).await.is(400, "idempotency_key_missing");
    let bad = json!({"name": 1});
    site.ask("POST", "/things").header("idempotency-key", "k").json(&bad).await.is(400, "request_invalid");
    assert_eq!(behind.count(), 0);
}

#[tokio::test]
async fn a_repeat_waits_while_the_first_runs_and_is_replayed_once_it_is_done() {
    let (gate, entered) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (inner, inside) = (Arc::clone(&gate), Arc::clone(&entered));
    let behind = Behind::start(move |_, _| {
        let (gate, entered) = (Arc::clone(&inner), Arc::clone(&inside));
        async move {
            entered.notify_one();
            gate.notified().await;
            let mut response = answers(201, &thing());
            response.headers_mut().insert("location", "/things/1".parse().expect("a value"));
            response
        }
    })
    .await;
    let site = Arc::new(site(behind.port));
    let own = Arc::clone(&site);
    let first = tokio::spawn(async move {
        own.ask("POST", "/things").header("idempotency-key", "\"k-1\"").json(&thing()).await
    });
    entered.notified().await;
    let repeat = || site.ask("POST", "/things").header("idempotency-key", "k-1");
    let answer = repeat().json(&thing()).await;
    answer.is(409, "idempotency_in_progress");
    assert!(answer.header("retry-after").parse::<u32>().is_ok_and(|wait| wait > 0));
    repeat().json(&json!({"name": "b"})).await.is(422, "idempotency_key_reused");
    gate.notify_one();
    let first = first.await.expect("it ends");
    assert_eq!((first.status.as_u16(), first.header("idempotent-replayed")), (201, ""));
    let second = repeat().json(&thing()).await;
    assert_eq!((second.status, &second.body), (first.status, &first.body));
    assert_eq!((second.header("location"), second.header("idempotent-replayed")), ("/things/1", "true"));
    assert_eq!(behind.count(), 1);
}

#[tokio::test]
async fn what_was_begun_is_written_down_though_the_caller_hangs_up() {
    let (gate, entered) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (inner, inside) = (Arc::clone(&gate), Arc::clone(&entered));
    let behind = Behind::start(move |_, _| {
        let (gate, entered) = (Arc::clone(&inner), Arc::clone(&inside));
        async move {
            entered.notify_one();
            gate.notified().await;
            answers(200, &thing())
        }
    })
    .await;
    let site = Arc::new(site(behind.port));
    let own = Arc::clone(&site);
    let first = tokio::spawn(async move {
        own.ask("POST", "/things").header("idempotency-key", "k").json(&thing()).await
    });
    entered.notified().await;
    first.abort();
    assert!(first.await.expect_err("it hung up").is_cancelled());
    gate.notify_one();
    for _ in 0..500 {
        let repeat = site.ask("POST", "/things").header("idempotency-key", "k").json(&thing()).await;
        if repeat.header("idempotent-replayed") == "true" {
            assert_eq!((repeat.status.as_u16(), behind.count()), (200, 1));
            return;
        }
        repeat.is(409, "idempotency_in_progress");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("it was never written down");
}

#[tokio::test]
async fn a_key_is_free_again_where_nothing_was_done() {
    // A port nobody listens on.
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let site = site(port);
    for _ in 0..2 {
        let asking = site.ask("POST", "/things").header("idempotency-key", "k");
        asking.json(&thing()).await.is(502, "upstream_unreachable");
    }
    // Another payload under the same key is no conflict: the key was never used.
    let asking = site.ask("POST", "/things").header("idempotency-key", "k");
    asking.json(&json!({"name": "b"})).await.is(502, "upstream_unreachable");
}

#[tokio::test]
async fn refusals_of_the_other_server_burn_no_key() {
    let behind = Behind::start(|count, _| async move {
        match count {
            1 => answers(422, &json!({"error": "no"})),
            2 => answers(500, &json!({"error": "oh"})),
            _ => answers(200, &thing()),
        }
    })
    .await;
    let site = site(behind.port);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        let answer = site.ask("POST", "/things").header("idempotency-key", "k").json(&thing()).await;
        statuses.push((answer.status.as_u16(), answer.header("idempotent-replayed") == "true"));
    }
    assert_eq!(statuses, [(422, false), (500, false), (200, false), (200, true)]);
    assert_eq!(behind.count(), 3);
}

#[tokio::test]
async fn where_the_outcome_is_not_known_it_is_said_and_nothing_is_asked_again() {
    let behind = Behind::start(|_, _| async {
        tokio::time::sleep(Duration::from_secs(20)).await;
        answers(200, &thing())
    })
    .await;
    let site = site(behind.port);
    let body = thing();
    let ask = || site.ask("POST", "/things").header("idempotency-key", "k").json(&body);
    ask().await.is(504, "upstream_timeout");
    ask().await.is(409, "idempotency_in_progress");
    // The lease: three attempts of 500 ms, and five seconds.
    site.hand.forward(6_499);
    ask().await.is(409, "idempotency_in_progress");
    site.hand.forward(1);
    ask().await.is(409, "outcome_unknown");
    assert_eq!(behind.count(), 1);
    // The window of the key is over: a day.
    site.hand.forward(86_400_000);
    ask().await.is(504, "upstream_timeout");
    assert_eq!(behind.count(), 2);
}

#[tokio::test]
async fn an_answer_that_comes_after_the_lease_is_not_given_out_as_good() {
    let (gate, entered) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (inner, inside) = (Arc::clone(&gate), Arc::clone(&entered));
    let behind = Behind::start(move |_, _| {
        let (gate, entered) = (Arc::clone(&inner), Arc::clone(&inside));
        async move {
            entered.notify_one();
            gate.notified().await;
            answers(200, &thing())
        }
    })
    .await;
    let site = Arc::new(site(behind.port));
    let own = Arc::clone(&site);
    let first = tokio::spawn(async move {
        own.ask("POST", "/things").header("idempotency-key", "k").json(&thing()).await
    });
    entered.notified().await;
    site.hand.forward(10_000);
    site.ask("POST", "/things")
        .header("idempotency-key", "k")
        .json(&thing())
        .await
        .is(409, "outcome_unknown");
    gate.notify_one();
    // The reservation is still its own, so what it learned counts, late as it is.
    assert_eq!(first.await.expect("it ends").status, 200);
    let repeat = site.ask("POST", "/things").header("idempotency-key", "k").json(&thing()).await;
    assert_eq!((repeat.header("idempotent-replayed"), behind.count()), ("true", 1));
}

#[tokio::test]
async fn answers_are_held_to_their_schema_unless_that_is_in_shadow() {
    let behind = Behind::start(|_, _| async { answers(200, &json!({"name": 5})) }).await;
    let site = site(behind.port);
    let asking = site.ask("POST", "/things").header("idempotency-key", "k");
    asking.json(&thing()).await.is(500, "response_invalid");
    let answer = site.ask("POST", "/shadowed").json(&thing()).await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, json!({"name": 5})));
    // It was done, and what it answered may not be told: never asked again under this key.
    let asking = site.ask("POST", "/things").header("idempotency-key", "k");
    asking.json(&thing()).await.is(409, "idempotency_in_progress");
    assert_eq!(behind.count(), 2);
}

#[tokio::test]
async fn no_other_protocol_is_spoken_through_here() {
    let behind = Behind::raw(|_| async {
        let (_, body) = channel();
        let response = Response::builder().status(101).header("connection", "upgrade");
        response.header("upgrade", "websocket").body(body).expect("a response")
    })
    .await;
    let site = site(behind.port);
    let asking = site.ask("GET", "/things/1").header("connection", "upgrade").header("upgrade", "websocket");
    let answer = asking.empty().await;
    answer.is(502, "upstream_unreachable");
    assert_eq!(answer.header("upgrade"), "");
    site.ask("CONNECT", "example.com:443").empty().await.is(404, "route_unknown");
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_no_answer() {
    let behind = Behind::raw(|_| async {
        let frames =
            stream::iter([Ok(Frame::data(Bytes::from_static(b"{\"na"))), Err(BodyError::from("cut"))]);
        Response::new(StreamBody::new(frames).boxed_unsync())
    })
    .await;
    let site = site(behind.port);
    let asking = site.ask("POST", "/things").header("idempotency-key", "k");
    asking.json(&thing()).await.is(502, "upstream_unreachable");
    let asking = site.ask("POST", "/things").header("idempotency-key", "k");
    asking.json(&thing()).await.is(409, "idempotency_in_progress");
}

#[tokio::test]
async fn usage_and_audit_are_written_once() {
    let behind = Behind::start(|_, _| async { answers(200, &thing()) }).await;
    let site = site(behind.port);
    for _ in 0..3 {
        site.ask("POST", "/things").header("idempotency-key", "k").json(&thing()).await;
    }
    let audit = || {
        let read = tenon_storage::Read::Audit { from: 1, limit: 100 };
        match site.gateway.store().read(&[read]).expect("it reads").remove(0) {
            tenon_storage::Found::Audit(links) => {
                links.into_iter().map(|link| link.entry.outcome).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        }
    };
    until("the replays in the audit", || audit().len() == 3).await;
    assert_eq!(audit(), ["ok", "replay", "replay"]);
    assert_eq!(behind.count(), 1);
}
