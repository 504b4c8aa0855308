//! The gateway as it runs: the plan of the moment, and everything requests share.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use tenon_jobs::{Job, Runtime};
use tenon_storage::{Store, StoreError};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::World;
use crate::authenticate::Authenticator;
use crate::call::Call;
use crate::delivery::Feed;
use crate::delivery::stream::Streams;
use crate::delivery::webhook::{Deliverer, Settings};
use crate::handlers::proxy::{Breakers, Upstream};
use crate::http::cors::Cors;
use crate::http::tls::TlsProblem;
use crate::metrics::Metrics;
use crate::plan::Plan;
use crate::rates::Rates;
use crate::reply::Reply;
use crate::surface::tokens;
use crate::traces::Traces;
use crate::trail::Trail;
use crate::uploads::Uploads;

/// Bytes of the secret that cursors are bound with, a count.
const CURSOR_SECRET_BYTES: usize = 32;

/// How often what has run out is forgotten, in milliseconds.
const PRUNE_MS: u64 = 60_000;

/// What runs beside the requests.
#[derive(Debug)]
pub struct Background {
    tasks: JoinSet<()>,
}

impl Background {
    /// Ends when all of it has ended.
    pub async fn ended(mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}

/// What a gateway is made of.
#[derive(Debug)]
pub struct Parts {
    /// The contracts.
    pub plan: Plan,
    /// Where everything is kept.
    pub store: Arc<Store>,
    /// The time and randomness.
    pub world: World,
    /// Who verifies credentials.
    pub authenticator: Authenticator,
    /// Whether it runs for developers: loopback webhooks, development tokens, reload on change.
    pub development: bool,
    /// The contracts as OpenAPI, JSON: whoever calls may want to read it.
    pub openapi: String,
    /// A collector of OpenTelemetry that gets the spans of requests.
    pub collector: Option<http::Uri>,
    /// Becomes true when the gateway is to end: streams end then.
    pub stop: watch::Receiver<bool>,
}

/// A task that is yet to run.
struct Exporter(Pin<Box<dyn Future<Output = ()> + Send>>);

impl std::fmt::Debug for Exporter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Exporter(..)")
    }
}

/// Why a gateway cannot start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartProblem {
    /// TLS towards other servers cannot be set up.
    Tls(TlsProblem),
    /// The store cannot be read.
    Store(StoreError),
}

impl From<TlsProblem> for StartProblem {
    fn from(error: TlsProblem) -> Self {
        Self::Tls(error)
    }
}

impl From<StoreError> for StartProblem {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl std::fmt::Display for StartProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Tls(error) => write!(f, "TLS cannot be set up: {error}"),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for StartProblem {}

/// A gateway.
#[derive(Debug)]
pub struct Gateway {
    plan: ArcSwap<Plan>,
    store: Arc<Store>,
    world: World,
    authenticator: Authenticator,
    rates: Rates,
    breakers: Breakers,
    upstream: Upstream,
    feed: Arc<Feed>,
    streams: Streams,
    deliverer: Deliverer,
    uploads: Option<Uploads>,
    jobs: Option<Arc<Runtime>>,
    metrics: Metrics,
    traces: Option<Traces>,
    /// What takes spans to the collector, until it runs.
    exporter: Mutex<Option<Exporter>>,
    cursor_secret: [u8; CURSOR_SECRET_BYTES],
    openapi: ArcSwap<String>,
    development: bool,
    cors: Cors,
    stop: watch::Receiver<bool>,
}

impl Gateway {
    /// A gateway that serves a plan.
    ///
    /// # Errors
    /// When the machine's TLS cannot be set up, or the store cannot be read.
    pub fn new(parts: Parts) -> Result<Self, StartProblem> {
        let now_ms = parts.world.now_ms();
        tokens::restore(&parts.store, &parts.authenticator, now_ms)?;
        let mut cursor_secret = [0; CURSOR_SECRET_BYTES];
        parts.world.entropy.fill(&mut cursor_secret);
        let upstream = Upstream::new()?;
        let (mut traces, mut exporter) = (None, None);
        if let Some(collector) = &parts.collector {
            let (spans, export) = Traces::new(collector, upstream.clone());
            traces = Some(spans);
            exporter = Some(Exporter(Box::pin(export)));
        }
        let feed = Arc::new(Feed::new(Arc::clone(&parts.store)));
        let settings = Settings::new(parts.development);
        Ok(Self {
            streams: Streams::new(Arc::clone(&feed), parts.stop.clone()),
            feed,
            deliverer: Deliverer::new(Arc::clone(&parts.store), parts.world.clone(), settings)?,
            stop: parts.stop,
            openapi: ArcSwap::from_pointee(parts.openapi),
            uploads: None,
            jobs: None,
            plan: ArcSwap::from_pointee(parts.plan),
            store: parts.store,
            world: parts.world,
            authenticator: parts.authenticator,
            metrics: Metrics::default(),
            traces,
            exporter: Mutex::new(exporter),
            rates: Rates::default(),
            breakers: Breakers::default(),
            upstream,
            cursor_secret,
            development: parts.development,
            cors: Cors::default().with_loopback(parts.development),
        })
    }

    /// The same gateway, with a folder for uploaded files.
    #[must_use]
    pub fn with_uploads(self, uploads: Uploads) -> Self {
        Self { uploads: Some(uploads), ..self }
    }

    /// The same gateway, with what runs its jobs.
    #[must_use]
    pub fn with_jobs(self, jobs: Arc<Runtime>) -> Self {
        Self { jobs: Some(jobs), ..self }
    }

    /// The same gateway, for pages of other origins too; developers' own may call in any case.
    #[must_use]
    pub fn with_cors(self, cors: Cors) -> Self {
        Self { cors: cors.with_loopback(self.development), ..self }
    }

    pub(crate) fn cors(&self) -> &Cors {
        &self.cors
    }

    /// What runs its jobs.
    #[must_use]
    pub fn jobs(&self) -> Option<&Arc<Runtime>> {
        self.jobs.as_ref()
    }

    /// Tells what runs jobs that a change of one is kept.
    pub(crate) fn committed(&self, job: Option<&Job>) {
        if let (Some(jobs), Some(job)) = (&self.jobs, job) {
            jobs.committed(job);
        }
    }

    pub(crate) fn uploads(&self) -> Option<&Uploads> {
        self.uploads.as_ref()
    }

    /// The plan of the moment.
    #[must_use]
    pub fn plan(&self) -> Arc<Plan> {
        self.plan.load_full()
    }

    /// Serves another plan from now on; requests under way end under the old one.
    pub fn replace_plan(&self, plan: Plan, openapi: String) {
        self.plan.store(Arc::new(plan));
        self.openapi.store(Arc::new(openapi));
    }

    /// The contracts as OpenAPI.
    #[must_use]
    pub fn openapi(&self) -> Arc<String> {
        self.openapi.load_full()
    }

    /// Where everything is kept.
    #[must_use]
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// The time and randomness.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Whether it runs for developers.
    #[must_use]
    pub fn development(&self) -> bool {
        self.development
    }

    /// Starts what runs beside the requests, until the gateway is to end.
    pub fn spawn_background(self: &Arc<Self>) -> Background {
        let mut tasks = JoinSet::new();
        let (gateway, stop) = (Arc::clone(self), self.stopped());
        tasks.spawn(async move {
            tokio::select! {
                () = gateway.keep() => {}
                () = stop => {}
            }
        });
        if let Some(Exporter(export)) = self.exporter.lock().take() {
            let stop = self.stopped();
            tasks.spawn(async move {
                tokio::select! {
                    () = export => {}
                    () = stop => {}
                }
            });
        }
        let (deliverer, stop) = (self.deliverer.clone(), self.stopped());
        tasks.spawn(async move { deliverer.run(stop).await });
        Background { tasks }
    }

    /// Ends when the gateway is to end.
    pub fn stopped(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut stop = self.stop.clone();
        async move {
            // A sender that is gone will never say it: that is an end too.
            let _ = stop.wait_for(|stop| *stop).await;
        }
    }

    /// Keeps keys fresh and forgets what has run out.
    async fn keep(&self) {
        let prune = async {
            loop {
                if let Err(error) = self.store.prune(self.world.now_ms()).await {
                    tracing::warn!(%error, "what has run out could not be forgotten");
                }
                tokio::time::sleep(Duration::from_millis(PRUNE_MS)).await;
            }
        };
        tokio::join!(prune, self.authenticator.keep_fresh(&self.world));
    }

    /// Takes note of a request that was answered.
    pub(crate) fn observed(&self, call: &Call, reply: &Reply, trail: &Trail, took: Duration) {
        self.metrics.request(reply.status, trail, took);
        if let Some(traces) = &self.traces {
            traces.request(call, trail, reply.status, took);
        }
        tracing::info!(
            operation = trail.operation,
            method = %call.method,
            status = reply.status.as_u16(),
            code = trail.code,
            actor = trail.actor.as_deref(),
            tenant = trail.tenant,
            replayed = trail.replayed,
            correlation_id = call.correlation_id,
            "answered"
        );
    }

    /// Who verifies credentials.
    #[must_use]
    pub fn authenticator(&self) -> &Authenticator {
        &self.authenticator
    }

    pub(crate) fn rates(&self) -> &Rates {
        &self.rates
    }

    pub(crate) fn breakers(&self) -> &Breakers {
        &self.breakers
    }

    pub(crate) fn upstream(&self) -> &Upstream {
        &self.upstream
    }

    /// Spans the queue to the collector had no room for.
    pub(crate) fn spans_dropped(&self) -> u64 {
        self.traces.as_ref().map_or(0, Traces::dropped)
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    pub(crate) fn feed(&self) -> &Arc<Feed> {
        &self.feed
    }

    pub(crate) fn streams(&self) -> &Streams {
        &self.streams
    }

    pub(crate) fn deliverer(&self) -> &Deliverer {
        &self.deliverer
    }

    pub(crate) fn cursor_secret(&self) -> &[u8] {
        &self.cursor_secret
    }
}
