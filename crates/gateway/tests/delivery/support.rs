//! What the tests share.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use serde_json::json;
use tenon_gateway::delivery::webhook::{Deliverer, Settings};
use tenon_gateway::delivery::{Actor, Envelope};
use tenon_gateway::{Clock, SystemEntropy, World};
use tenon_storage::engines::Memory;
use tenon_storage::{Delivery, Found, NewEvent, Read, Store, Subscription, SubscriptionState, Transaction};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub const TENANT: &str = "acme";
pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
pub const START_MS: i64 = 1_771_200_000_000;

/// A clock that goes when it is told to.
#[derive(Debug)]
pub struct Hand(AtomicI64);

impl Clock for Hand {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl Hand {
    pub fn forward(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

pub fn world() -> (Arc<Hand>, World) {
    let hand = Arc::new(Hand(AtomicI64::new(START_MS)));
    let clock: Arc<dyn Clock> = Arc::<Hand>::clone(&hand);
    (hand, World { clock, entropy: Arc::new(SystemEntropy) })
}

pub fn store() -> Arc<Store> {
    Arc::new(Store::new(Arc::new(Memory::new())).expect("a store"))
}

/// What arrived.
#[derive(Debug, Clone)]
pub struct Received {
    pub headers: BTreeMap<String, String>,
    pub body: Bytes,
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn event_id(&self) -> String {
        let body: serde_json::Value = serde_json::from_slice(&self.body).expect("JSON");
        body["data"]["event_id"].as_str().expect("an event id").to_owned()
    }
}

/// How the receiver answers: from the number of the request, counted from 1.
type Answer = dyn Fn(usize) -> Response<Full<Bytes>> + Send + Sync;

/// An endpoint on a free port.
pub struct Receiver {
    pub port: u16,
    received: Arc<Mutex<Vec<Received>>>,
    task: JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub fn status(status: u16) -> Response<Full<Bytes>> {
    Response::builder().status(status).body(Full::new(Bytes::from_static(b"thanks"))).expect("a response")
}

impl Receiver {
    pub async fn start(answer: impl Fn(usize) -> Response<Full<Bytes>> + Send + Sync + 'static) -> Self {
        Self::with_tls(None, answer).await
    }

    pub async fn with_tls(
        tls: Option<tokio_rustls::TlsAcceptor>,
        answer: impl Fn(usize) -> Response<Full<Bytes>> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let (kept, answer): (_, Arc<Answer>) = (Arc::clone(&received), Arc::new(answer));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (kept, answer, tls) = (Arc::clone(&kept), Arc::clone(&answer), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, kept, answer).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, kept, answer).await;
                            }
                        }
                    }
                });
            }
        });
        Self { port, received, task }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hooks", self.port)
    }

    pub fn all(&self) -> Vec<Received> {
        self.received.lock().clone()
    }

    /// Waits until so many requests have arrived.
    pub async fn wait_for(&self, count: usize) -> Vec<Received> {
        until(&format!("{count} requests"), || self.received.lock().len() >= count).await;
        self.all()
    }
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    received: Arc<Mutex<Vec<Received>>>,
    answer: Arc<Answer>,
) {
    let service = service_fn(move |request: Request<Incoming>| {
        let (received, answer) = (Arc::clone(&received), Arc::clone(&answer));
        async move {
            let text = |value: &http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
            let headers = request.headers();
            let headers = headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
            let body = request.into_body().collect().await.expect("a body").to_bytes();
            let count = {
                let mut received = received.lock();
                received.push(Received { headers, body });
                received.len()
            };
            Ok::<_, Infallible>(answer(count))
        }
    });
    // A client that goes away is no failure of the receiver.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// Waits until something holds, some seconds at most.
pub async fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("still waiting for {what}");
}

/// Long enough for what must not happen to have happened.
pub async fn a_while() {
    tokio::time::sleep(Duration::from_millis(150)).await;
}

pub fn settings() -> Settings {
    Settings { tick_ms: 10, ..Settings::new(true) }
}

/// A deliverer that runs.
pub struct Running {
    pub deliverer: Deliverer,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

impl Running {
    pub fn start(store: &Arc<Store>, world: &World, settings: Settings) -> Self {
        let deliverer = Deliverer::new(Arc::clone(store), world.clone(), settings).expect("a deliverer");
        let (stop, stopped) = oneshot::channel();
        let running = deliverer.clone();
        let task = tokio::spawn(async move {
            running
                .run(async {
                    let _ = stopped.await;
                })
                .await;
        });
        Self { deliverer, stop: Some(stop), task: Some(task) }
    }

    /// Stops in an orderly way.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        self.task.take().expect("it runs").await.expect("it ends well");
    }

    /// Dies in the middle of whatever it does.
    pub fn kill(mut self) {
        self.task.take().expect("it runs").abort();
    }
}

pub fn subscription(id: &str, url: &str) -> Subscription {
    Subscription {
        id: id.to_owned(),
        tenant: TENANT.to_owned(),
        url: url.to_owned(),
        events: vec!["cycle.failed".to_owned()],
        secrets: vec![SECRET.to_owned()],
        state: SubscriptionState::Active,
        created_ms: START_MS,
    }
}

pub fn event(id: &str) -> NewEvent {
    event_of(id, TENANT, "cycle.failed")
}

pub fn event_of(id: &str, tenant: &str, kind: &str) -> NewEvent {
    let payload = json!({"cycle_id": "cycle_1", "reason_code": "deposit_timeout"});
    let envelope = Envelope {
        id,
        source: "swap",
        kind,
        tenant,
        subject: None,
        occurred_ms: START_MS,
        correlation_id: "corr_1",
        actor: Actor { kind: "partner", id: "p1" },
        payload: &payload,
    };
    NewEvent {
        id: id.to_owned(),
        tenant: tenant.to_owned(),
        kind: kind.to_owned(),
        envelope: envelope.to_bytes(),
        public: true,
        at_ms: START_MS,
    }
}

pub async fn subscribe(store: &Store, subscription: Subscription) {
    let transaction = Transaction { subscriptions: vec![subscription], ..Transaction::default() };
    store.commit(transaction).await.expect("it commits");
}

pub async fn publish(store: &Store, events: Vec<NewEvent>) {
    store.commit(Transaction { events, ..Transaction::default() }).await.expect("it commits");
}

pub fn deliveries(store: &Store, dead: bool) -> Vec<Delivery> {
    let read = Read::Deliveries { tenant: Some(TENANT.to_owned()), dead, limit: 1_000 };
    match store.read(&[read]).expect("it reads").remove(0) {
        Found::Deliveries(found) => found,
        other => panic!("{other:?}"),
    }
}

pub fn state_of(store: &Store, id: &str) -> SubscriptionState {
    let read = Read::Subscription { tenant: TENANT.to_owned(), id: id.to_owned() };
    match store.read(&[read]).expect("it reads").remove(0) {
        Found::Subscriptions(found) => found[0].state,
        other => panic!("{other:?}"),
    }
}
