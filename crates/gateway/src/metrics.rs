//! What is counted and timed, for Prometheus.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::StatusCode;
use parking_lot::RwLock;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::gateway::Gateway;
use crate::trail::Trail;

/// The media type of [`Metrics::text`].
pub(crate) const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper ends of the buckets of latencies, in seconds: from what a read takes to what nobody waits for.
const BUCKETS_S: [f64; 16] = [
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// The share of requests that must be as fast as the contract promises.
const PROMISED_SHARE: f64 = 0.95;

/// A measured number.
type Measured = Gauge<f64, AtomicU64>;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfOperation {
    operation: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answer {
    operation: String,
    status: u16,
    code: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Shadowed {
    operation: String,
    policy: &'static str,
    code: String,
}

/// What is counted.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    latency: Family<OfOperation, Histogram, fn() -> Histogram>,
    answers: Family<Answer, Counter>,
    shadowed: Family<Shadowed, Counter>,
    replays: Family<OfOperation, Counter>,
    p95: Family<OfOperation, Measured>,
    promised: Family<OfOperation, Measured>,
    streams: Gauge,
    last_event: Gauge,
    dropped: Gauge,
    spans_dropped: Gauge,
    delivered: Gauge,
    dead: Gauge,
    /// What every request of an operation counts, by its id: found at once, and without a copy.
    operations: RwLock<HashMap<String, Arc<Counted>>>,
}

type Buckets = [AtomicU64; BUCKETS_S.len() + 1];

/// What every request of one operation counts.
#[derive(Debug)]
struct Counted {
    latency: Histogram,
    /// Requests by bucket, to work out the share that was fast enough.
    buckets: Buckets,
    /// Replies without a reason code, by status.
    usual: RwLock<Vec<(u16, Counter)>>,
}

impl Default for Metrics {
    fn default() -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(BUCKETS_S);
        let mut metrics = Self {
            registry: Registry::with_prefix("tenon"),
            latency: Family::new_with_constructor(histogram),
            answers: Family::default(),
            shadowed: Family::default(),
            replays: Family::default(),
            p95: Family::default(),
            promised: Family::default(),
            streams: Gauge::default(),
            last_event: Gauge::default(),
            dropped: Gauge::default(),
            spans_dropped: Gauge::default(),
            delivered: Gauge::default(),
            dead: Gauge::default(),
            operations: RwLock::default(),
        };
        metrics.register();
        metrics
    }
}

impl Metrics {
    fn register(&mut self) {
        let to = &mut self.registry;
        to.register("request_seconds", "Time to the head of the reply", self.latency.clone());
        to.register("replies", "Replies by status and reason code", self.answers.clone());
        to.register("shadowed", "Refusals that policies in shadow let through", self.shadowed.clone());
        to.register("replays", "Replies that were stored and sent again", self.replays.clone());
        to.register(
            "p95_seconds",
            "95th percentile since the start, the end of its bucket",
            self.p95.clone(),
        );
        to.register("p95_promised_seconds", "95th percentile the contract promises", self.promised.clone());
        to.register("event_streams", "Streams of events that are open", self.streams.clone());
        to.register("last_event", "Number of the last event", self.last_event.clone());
        to.register(
            "observations_dropped",
            "Usage and audit of reads the store had no room for",
            self.dropped.clone(),
        );
        to.register(
            "spans_dropped",
            "Spans the collector could not keep up with",
            self.spans_dropped.clone(),
        );
        to.register("webhooks_delivered", "Deliveries accepted since the start", self.delivered.clone());
        to.register("webhooks_dead", "Deliveries given up since the start", self.dead.clone());
    }

    /// Counts a request that was answered.
    pub(crate) fn request(&self, status: StatusCode, trail: &Trail, took: Duration) {
        let seconds = took.as_secs_f64();
        let counted = self.counted(&trail.operation);
        counted.latency.observe(seconds);
        let bucket = BUCKETS_S.iter().position(|end| seconds <= *end).unwrap_or(BUCKETS_S.len());
        if let Some(bucket) = counted.buckets.get(bucket) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        for (policy, code) in &trail.shadowed {
            let operation = trail.operation.clone();
            self.shadowed.get_or_create(&Shadowed { operation, policy, code: code.clone() }).inc();
        }
        if trail.replayed {
            self.replays.get_or_create(&OfOperation { operation: trail.operation.clone() }).inc();
        }
        let status = status.as_u16();
        if trail.code.is_none()
            && let Some((_, counter)) = counted.usual.read().iter().find(|(known, _)| *known == status)
        {
            counter.inc();
            return;
        }
        let code = trail.code.clone().unwrap_or_default();
        let is_usual = code.is_empty();
        let answer = Answer { operation: trail.operation.clone(), status, code };
        let counter = self.answers.get_or_create(&answer).clone();
        counter.inc();
        if is_usual {
            counted.usual.write().push((status, counter));
        }
    }

    fn counted(&self, operation: &str) -> Arc<Counted> {
        if let Some(known) = self.operations.read().get(operation) {
            return Arc::clone(known);
        }
        let label = OfOperation { operation: operation.to_owned() };
        let mut operations = self.operations.write();
        let counted = operations.entry(label.operation.clone()).or_insert_with(|| {
            let latency = self.latency.get_or_create(&label).clone();
            Arc::new(Counted { latency, buckets: Buckets::default(), usual: RwLock::default() })
        });
        Arc::clone(counted)
    }

    /// Everything, as Prometheus reads it.
    ///
    /// # Errors
    /// When a text takes nothing more: never.
    pub(crate) fn text(&self, gateway: &Gateway) -> Result<String, std::fmt::Error> {
        for operation in &gateway.plan().operations {
            let label = OfOperation { operation: operation.id.clone() };
            if let Some(promised) = operation.performance.p95_ms {
                self.promised.get_or_create(&label).set(promised / 1000.0);
            }
            let counted = self.operations.read().get(&operation.id).cloned();
            if let Some(measured) = counted.and_then(|counted| p95_s(&counted.buckets)) {
                self.p95.get_or_create(&label).set(measured);
            }
        }
        let wide = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let counts = gateway.deliverer().counts();
        self.streams.set(i64::try_from(gateway.streams().open()).unwrap_or(i64::MAX));
        self.last_event.set(wide(gateway.feed().last()));
        self.spans_dropped.set(wide(gateway.spans_dropped()));
        self.dropped.set(wide(gateway.store().dropped()));
        self.delivered.set(wide(counts.delivered.load(Ordering::Relaxed)));
        self.dead.set(wide(counts.dead.load(Ordering::Relaxed)));
        let mut out = String::new();
        text::encode(&mut out, &self.registry)?;
        Ok(out)
    }
}

/// The upper end of the bucket that holds the 95th percentile, in seconds.
fn p95_s(buckets: &Buckets) -> Option<f64> {
    let counts: Vec<u64> = buckets.iter().map(|count| count.load(Ordering::Relaxed)).collect();
    let all: u64 = counts.iter().sum();
    if all == 0 {
        return None;
    }
    let mut below = 0_u64;
    for (count, end) in counts.iter().zip(BUCKETS_S) {
        below += count;
        if below as f64 >= all as f64 * PROMISED_SHARE {
            return Some(end);
        }
    }
    Some(f64::INFINITY)
}
