//! Spans of requests to a collector of OpenTelemetry: OTLP over HTTP, as JSON.
//!
//! Follows the OTLP specification 1.x (`/v1/traces`). Spans wait in a bounded queue that no request
//! waits for; what does not fit, or does not arrive, is dropped and counted.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode, Uri, header};
use http_body_util::Full;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::call::Call;
use crate::handlers::proxy::Upstream;
use crate::trail::Trail;

/// Spans that wait, a count: some seconds of a busy gateway.
const WAITING_MAX: usize = 16_384;

/// Spans in one message, a count.
const BATCH_MAX: usize = 512;

/// How long spans wait for company, in milliseconds.
const BATCH_MS: u64 = 2_000;

/// Time for the collector to answer, in milliseconds.
const SEND_MS_MAX: u64 = 10_000;

/// OTLP's number of a span that answers requests.
const KIND_SERVER: u8 = 2;

/// OTLP's number of the status of a span that failed.
const STATUS_ERROR: u8 = 2;

/// Where spans go.
#[derive(Debug)]
pub(crate) struct Traces {
    waiting: mpsc::Sender<Value>,
    dropped: AtomicU64,
}

impl Traces {
    /// Spans that go to a collector, such as `http://127.0.0.1:4318`, and the task that takes them
    /// there.
    pub(crate) fn new(
        collector: &Uri,
        upstream: Upstream,
    ) -> (Self, impl Future<Output = ()> + Send + use<>) {
        let (waiting, spans) = mpsc::channel(WAITING_MAX);
        let address = format!("{}/v1/traces", collector.to_string().trim_end_matches('/'));
        (Self { waiting, dropped: AtomicU64::new(0) }, export(spans, address, upstream))
    }

    /// Takes note of a request that was answered. `ended_ns` is in nanoseconds since 1970.
    pub(crate) fn request(&self, call: &Call, trail: &Trail, status: StatusCode, took: Duration) {
        let Some(span) = span(call, trail, status, took) else { return };
        if self.waiting.try_send(span).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Spans there was no room for.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}

/// One span; `None` where the caller's trace is not sampled.
fn span(call: &Call, trail: &Trail, status: StatusCode, took: Duration) -> Option<Value> {
    let mut parts = call.traceparent.split('-').skip(1);
    let (trace, own, flags) = (parts.next()?, parts.next()?, parts.next()?);
    let sampled = u8::from_str_radix(flags, 16).is_ok_and(|flags| flags & 1 == 1);
    if !sampled && call.parent_span.is_some() {
        return None;
    }
    let start_ns = i128::from(call.received_ms) * 1_000_000;
    let end_ns = start_ns + i128::try_from(took.as_nanos()).unwrap_or_default();
    let text = |key: &str, value: &str| json!({ "key": key, "value": { "stringValue": value } });
    let mut attributes = vec![
        text("http.request.method", call.method.as_str()),
        text("url.path", &call.path),
        text("tenon.correlation_id", &call.correlation_id),
        json!({ "key": "http.response.status_code", "value": { "intValue": status.as_u16().to_string() } }),
    ];
    if let Some(code) = &trail.code {
        attributes.push(text("error.type", code));
    }
    if !trail.tenant.is_empty() {
        attributes.push(text("tenon.tenant", &trail.tenant));
    }
    let name = if trail.operation.is_empty() { call.method.as_str() } else { &trail.operation };
    let mut span = json!({
        "traceId": trace, "spanId": own, "name": name, "kind": KIND_SERVER,
        "startTimeUnixNano": start_ns.to_string(), "endTimeUnixNano": end_ns.to_string(),
        "attributes": attributes,
    });
    if let Some(members) = span.as_object_mut() {
        if let Some(parent) = &call.parent_span {
            members.insert("parentSpanId".to_owned(), parent.as_str().into());
        }
        if status.is_server_error() {
            members.insert("status".to_owned(), json!({ "code": STATUS_ERROR }));
        }
    }
    Some(span)
}

async fn export(mut spans: mpsc::Receiver<Value>, address: String, upstream: Upstream) {
    let mut batch = Vec::with_capacity(BATCH_MAX);
    while let Some(first) = spans.recv().await {
        batch.push(first);
        let company = tokio::time::sleep(Duration::from_millis(BATCH_MS));
        tokio::pin!(company);
        while batch.len() < BATCH_MAX {
            tokio::select! {
                span = spans.recv() => match span {
                    Some(span) => batch.push(span),
                    None => break,
                },
                () = &mut company => break,
            }
        }
        let sent = std::mem::take(&mut batch);
        if let Err(problem) = send(&upstream, &address, sent).await {
            tracing::warn!(problem, "spans did not reach the collector");
        }
    }
}

async fn send(upstream: &Upstream, address: &str, spans: Vec<Value>) -> Result<(), String> {
    let attribute = json!({ "key": "service.name", "value": { "stringValue": "tenon" } });
    let message = json!({ "resourceSpans": [{
        "resource": { "attributes": [attribute] },
        "scopeSpans": [{ "scope": { "name": "tenon" }, "spans": spans }],
    }] });
    let request = Request::post(address)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(message.to_string())))
        .map_err(|error| error.to_string())?;
    let answered = tokio::time::timeout(Duration::from_millis(SEND_MS_MAX), upstream.send(request)).await;
    let response =
        answered.map_err(|_| "no answer in time".to_owned())?.map_err(|error| error.to_string())?;
    if response.status().is_success() { Ok(()) } else { Err(response.status().to_string()) }
}
