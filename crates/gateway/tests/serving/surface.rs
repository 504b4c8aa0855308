//! The gateway's own surface: what watches it, and what is taken back.

use std::sync::Arc;

use serde_json::json;
use tenon_storage::engines::Memory;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::harness::{Ask, Gate, files, plan};

#[tokio::test]
async fn the_process_and_its_store_are_watched_without_credentials() {
    let gate = Gate::new("swap");
    assert_eq!(gate.call(Ask::get("/_tenon/health")).await.status, 200);
    assert_eq!(gate.call(Ask::get("/_tenon/ready")).await.status, 200);
    assert_eq!(gate.call(Ask::get("/_tenon/nothing")).await.status, 404);
    assert_eq!(gate.call(Ask::get("/_tenon/usage")).await.status, 401);
}

/// S2-185: what was measured stands beside what the contract promises, for each operation.
#[tokio::test]
async fn metrics_have_the_promise_beside_the_measure() {
    let gate = Gate::new("sales");
    gate.call(Ask::get("/api/v1/leads/x/status")).await;
    let answer = gate.call(Ask::get("/_tenon/metrics")).await;
    assert_eq!(answer.status, 200);
    let text = String::from_utf8(answer.bytes.to_vec()).expect("text");
    assert!(text.contains("tenon_p95_promised_seconds{operation=\"leads.status\"} 0.05"), "{text}");
    assert!(text.contains("tenon_p95_seconds{operation=\"leads.status\"}"), "{text}");
    assert!(text.contains("tenon_replies_total{operation=\"leads.status\",status=\"401\""), "{text}");
    assert!(text.ends_with("# EOF\n"), "OpenMetrics ends so");
}

/// S2-171: a token is taken back at once, and stays so when the gateway starts again.
#[tokio::test]
async fn a_token_that_was_taken_back_is_refused_after_a_restart_too() {
    let engine = Arc::new(Memory::new());
    let gate = Gate::of(plan(&files("swap")), engine.clone());
    let claims = json!({ "sub": "u1", "actor_type": "user", "scope": "settlement:read", "jti": "t-1" });
    let token = gate.token(claims);
    let ask = || Ask::get("/platform-connections").token(&token);
    assert_eq!(gate.call(ask()).await.status, 200);

    let revoke = || Ask::post("/_tenon/revocations", &json!({ "jti": "t-1" }));
    let user = gate.somebody("user", "u2", "settlement:read");
    assert_eq!(gate.call(revoke().token(&user)).await.status, 403, "only operators take back");
    let operator = gate.somebody("operator", "op", "tenon:operator");
    assert_eq!(gate.call(revoke().token(&operator)).await.status, 201);
    assert_eq!(gate.call(ask()).await.status, 401);
    assert!(gate.audit().await.iter().any(|link| link.entry.operation == "tokens.revoke"));

    let again = Gate::of(plan(&files("swap")), engine);
    assert_eq!(again.call(ask()).await.status, 401);
}

/// Spans reach a collector, with the caller's trace and span.
#[tokio::test]
async fn spans_reach_the_collector() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let collected = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut text = String::new();
        let mut bytes = [0; 4096];
        while !text.contains("resourceSpans") || !text.ends_with('}') {
            let count = stream.read(&mut bytes).await.expect("bytes");
            assert!(count > 0, "the exporter hung up after {text}");
            text.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.expect("an answer");
        text
    });
    let collector = format!("http://{address}").parse().expect("a URL");
    let gate = Gate::observed(plan(&files("swap")), Arc::new(Memory::new()), Some(collector));
    let background = gate.gateway.spawn_background();
    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let answer = gate.call(Ask::get("/platform-connections").header("traceparent", parent)).await;
    let echoed =
        answer.headers.get("traceparent").and_then(|value| value.to_str().ok()).expect("it is echoed");
    assert!(echoed.starts_with("00-0af7651916cd43dd8448eb211c80319c-"), "{echoed}");
    let text = collected.await.expect("it was collected");
    assert!(text.starts_with("POST /v1/traces HTTP/1.1"), "{text}");
    for part in [
        "\"traceId\":\"0af7651916cd43dd8448eb211c80319c\"",
        "\"parentSpanId\":\"b7ad6b7169203331\"",
        "\"name\":\"platform.connections.list\"",
        "\"stringValue\":\"unauthenticated\"",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    drop(gate);
    background.ended().await;
}
