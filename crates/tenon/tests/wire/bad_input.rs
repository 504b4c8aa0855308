//! What no good client sends, and clients that do not do their part.

use std::time::Duration;

use http_body_util::BodyExt as _;

use crate::raw::{Raw, framed};
use crate::support::{Serving, out, pack};

const STATUS: &str = "/domed.v1.DomedService/GetJobStatus";
const EVENTS: &str = "/domed.v1.DomedService/StreamJobEvents";
const GRPC: (&str, &str) = ("content-type", "application/grpc");

/// Field 1, a text.
fn job(id: &str) -> Vec<u8> {
    let mut out = vec![0x0a, u8::try_from(id.len()).expect("short")];
    out.extend_from_slice(id.as_bytes());
    out
}

fn served() -> (tempfile::TempDir, Serving, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let served = Serving::start(&pack("dome"), folder.path());
    let token = format!("Bearer {}", served.token("north"));
    (folder, served, token)
}

/// S1-79: what cannot be read is refused in the frozen namespace, and the connection goes on.
#[tokio::test(flavor = "multi_thread")]
async fn frames_that_are_none() {
    let (_folder, served, token) = served();
    let mut raw = Raw::open(served.address).await;
    let two = [framed(&job("a")), framed(&job("b"))].concat();
    let cases: [(&str, Vec<u8>); 10] = [
        ("nothing", Vec::new()),
        ("a head that ends early", vec![0, 0, 0]),
        ("a message that ends early", vec![0, 0, 0, 0, 9, 1]),
        ("two messages", two),
        ("something behind the message", [framed(&job("a")), vec![0]].concat()),
        ("a flag nobody knows", [vec![7], framed(&job("a"))[1..].to_vec()].concat()),
        ("packed without saying how", [vec![1], framed(&job("a"))[1..].to_vec()].concat()),
        ("a length of four gigabytes", vec![0, 0xff, 0xff, 0xff, 0xff]),
        ("a field that ends early", framed(&[0x0a, 200, 1])),
        ("a text that is none", framed(&[0x0a, 1, 0xff])),
    ];
    for (what, body) in cases {
        let said = raw.ask(STATUS, &[GRPC, ("authorization", &token)], body).await;
        assert_eq!(said.status, 200, "{what}");
        assert_eq!(said.grpc(), Some(3), "{what}: {said:?}");
        assert!(said.has_code("E_INVALID_REQUEST") && !said.message().is_empty(), "{what}: {said:?}");
        assert!(said.body.is_empty(), "{what}");
    }
    let large = framed(&job(&"x".repeat(100)));
    let large = [large, vec![0; 2 * 1024 * 1024]].concat();
    let said = raw.ask(STATUS, &[GRPC, ("authorization", &token)], large).await;
    assert!(said.has_code("E_INVALID_REQUEST"), "{said:?}");
    let packed = ("grpc-encoding", "gzip");
    let body = [vec![1, 0, 0, 0, 3], vec![1, 2, 3]].concat();
    let said = raw.ask(STATUS, &[GRPC, packed, ("authorization", &token)], body).await;
    assert!(said.message().contains("gzip") && said.grpc() == Some(3), "{said:?}");
    // Who calls is asked before what is sent is read.
    let said = raw.ask(STATUS, &[GRPC], vec![9, 9]).await;
    assert!(said.has_code("E_POLICY_DENIED"), "{said:?}");
    let good = raw.ask(STATUS, &[GRPC, ("authorization", &token)], framed(&job("none"))).await;
    assert_eq!(good.grpc(), Some(5), "{good:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_that_are_none() {
    let (_folder, served, token) = served();
    let authorization = ("authorization", token.as_str());
    let mut raw = Raw::open(served.address).await;
    for path in ["/domed.v1.DomedService/Nothing", "/domed.v2.DomedService/GetJobStatus", "/", "/x"] {
        let said = raw.ask(path, &[GRPC, authorization], framed(&[])).await;
        assert_eq!((said.status.as_u16(), said.grpc()), (200, Some(12)), "{path}: {said:?}");
    }
    for kind in ["application/grpc+json", "application/grpc+thrift"] {
        let said = raw.ask(STATUS, &[("content-type", kind), authorization], framed(&[])).await;
        assert_eq!(said.status, 415, "{kind}: {said:?}");
    }
    // What only begins alike is HTTP, and no content type of JSON.
    let said = raw.ask(STATUS, &[("content-type", "application/grpcx"), authorization], framed(&[])).await;
    assert_eq!(said.status, 400, "{said:?}");
    let said = raw.ask(STATUS, &[GRPC, authorization, ("grpc-encoding", "br")], framed(&[])).await;
    assert_eq!(said.grpc(), Some(12), "{said:?}");
    assert_eq!(said.headers.get("grpc-accept-encoding").expect("it says what it reads"), "identity,gzip");
    for timeout in ["1", "x", "10 S", "999999999S", "-1S"] {
        let said = raw.ask(STATUS, &[GRPC, authorization, ("grpc-timeout", timeout)], framed(&[])).await;
        assert_eq!(said.grpc(), Some(3), "{timeout}: {said:?}");
    }
    let said = raw.ask(STATUS, &[GRPC, authorization, ("grpc-timeout", "0n")], framed(&job("a"))).await;
    assert_eq!(said.grpc(), Some(4), "{said:?}");
    assert!(said.has_code("E_TIMEOUT"), "{said:?}");
}

/// A client that never reads holds nobody up, costs nothing that grows, and misses nothing once it
/// does read. One that goes away in the middle takes nothing with it.
#[tokio::test(flavor = "multi_thread")]
async fn clients_that_do_not_read() {
    let (_folder, served, token) = served();
    let task = r#"{"steps": 20000}"#;
    let made = served.job("north", &["run", "steps", "--task", task, "--detach", "--format", "json"]);
    let made: serde_json::Value = serde_json::from_str(&out(&made)).expect("JSON");
    let id = made["job_id"].as_str().expect("an id").to_owned();
    let headers = [GRPC, ("authorization", token.as_str())];
    let follow = framed(&[job(&id), vec![0x10, 1]].concat());

    let mut idle = Raw::open(served.address).await;
    let unread = idle.send(EVENTS, &headers, follow.clone()).await;
    // Gone after the first frame: the connection is closed under it, and another stream is reset.
    let mut hasty = Raw::open(served.address).await;
    let mut first = hasty.send(EVENTS, &headers, follow.clone()).await.into_body();
    assert!(first.frame().await.is_some_and(|frame| frame.is_ok()));
    drop(first);
    let said = hasty.ask(STATUS, &headers, framed(&job(&id))).await;
    assert_eq!(said.grpc(), Some(0), "{said:?}");
    drop(hasty);

    let watched = served.job("north", &["watch", &id, "--format", "json"]);
    assert_eq!(watched.status.code(), Some(0), "others are not held up");
    let events = out(&watched).lines().count();
    assert!(events > 20_000, "{events}");
    tokio::time::sleep(Duration::from_millis(200)).await;
    let body = unread.into_body().collect().await.expect("all of it");
    assert_eq!(body.trailers().and_then(|trailers| trailers.get("grpc-status")).expect("an end"), "0");
    let mut bytes = &body.to_bytes()[..];
    let mut seq = 0_u64;
    while let Some((head, rest)) = bytes.split_first_chunk::<5>() {
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
        let (message, rest) = rest.split_at(length);
        seq += 1;
        assert_eq!(first_number(message), seq);
        bytes = rest;
    }
    assert_eq!(usize::try_from(seq).expect("fits"), events);
}

/// Field 1 of a message, a number.
fn first_number(message: &[u8]) -> u64 {
    assert_eq!(message[0], 0x08, "field 1 comes first");
    let mut value = 0;
    for (index, byte) in message[1..].iter().enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            break;
        }
    }
    value
}
