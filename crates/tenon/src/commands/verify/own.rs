//! A gateway for one check: on this machine alone, with a store in memory, counted ids, and a clock
//! that goes when it is told to, so that two runs are the same.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use tenon_gateway::authenticate::{AuthenticationSettings, Authenticator, DevelopmentKey};
use tenon_gateway::uploads::Uploads;
use tenon_gateway::{Entropy, Gateway, Parts, Plan, SystemEntropy, World, http};
use tenon_graph::Graph;
use tenon_jobs::Runtime;
use tenon_storage::Store;
use tenon_storage::engines::Memory;
use tenon_verify::world::Clock;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::against::Keyring;
use crate::commands::serve::start;
use crate::disk;
use crate::failure::Failure;
use crate::render;
use crate::terminal::Terminal;

/// When a check begins that does not say: 2026-01-01T00:00:00Z, in milliseconds since 1970.
const START_MS: i64 = 1_767_225_600_000;

/// How long jobs may go on once a check is over, in milliseconds: what it wanted to see has been seen.
const JOBS_MS_MAX: u64 = 1_000;

/// A gateway that runs until it is dropped.
pub struct Own {
    /// Where it is.
    pub url: String,
    /// Who may call it.
    pub keyring: Keyring,
    /// Its clock.
    pub clock: Arc<HandClock>,
    /// The gateway itself, to see what it kept.
    pub gateway: Arc<Gateway>,
    /// Files that were sent to it.
    folder: PathBuf,
    stop: watch::Sender<bool>,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Own {
    /// A gateway over a graph; `None` where it cannot be served, which was said.
    ///
    /// # Errors
    /// When it cannot start.
    pub async fn start(
        graph: Arc<Graph>,
        clock_ms: Option<i64>,
        terminal: &Terminal,
    ) -> Result<Option<Self>, Failure> {
        let messages = start::messages(&graph).map_err(|problem| Failure::start(&problem))?;
        let plan = match Plan::with_messages(Arc::clone(&graph), messages) {
            Ok(plan) => plan,
            Err(problems) => {
                terminal.complain(&render::excerpts(&graph.sources, &problems, terminal.color_errors));
                return Ok(None);
            }
        };
        let failed = |why: String| Failure::start(&why);
        let key = DevelopmentKey::passing(&SystemEntropy);
        let clock = Arc::new(HandClock(AtomicI64::new(clock_ms.unwrap_or(START_MS))));
        let settings =
            AuthenticationSettings { development: Some(key.clone()), ..AuthenticationSettings::default() };
        let (stop, stopped) = watch::channel(false);
        let world = World { clock: Arc::<HandClock>::clone(&clock), entropy: Arc::new(Counted::default()) };
        let folder = std::env::temp_dir().join(format!("tenon-verify-{}", SystemEntropy.uuid(0)));
        let jobs = start::jobs(&plan, &world, folder.join("runs"))?;
        let parts = Parts {
            plan,
            store: Arc::new(Store::new(Arc::new(Memory::new())).map_err(|error| failed(error.to_string()))?),
            world,
            authenticator: Authenticator::new(settings).map_err(|problem| failed(problem.to_string()))?,
            development: true,
            openapi: tenon_emitters::openapi::write(&graph),
            collector: None,
            stop: stopped,
        };
        // Nothing runs beside it: webhooks of a check must not leave the machine.
        let gateway = Gateway::new(parts).map_err(|error| failed(error.to_string()))?;
        let shown = disk::shown(&folder);
        let uploads = Uploads::open(folder.clone(), gateway.store());
        let uploads = uploads.map_err(|error| Failure::file(&shown, "make", &error))?;
        let mut gateway = gateway.with_uploads(uploads);
        if let Some(settings) = jobs {
            match Runtime::start(settings, Arc::clone(gateway.store())).await {
                Ok(jobs) => gateway = gateway.with_jobs(jobs),
                Err(problems) => {
                    for problem in problems {
                        terminal.complain(&format!("error: {problem}\n"));
                    }
                    return Ok(None);
                }
            }
        }
        let gateway = Arc::new(gateway);
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.map_err(|error| Failure::listen("127.0.0.1:0", &error))?;
        let address = listener.local_addr().map_err(|error| Failure::system("listen", &error))?;
        let serving = tokio::spawn(http::serve(Arc::clone(&gateway), listener, None));
        let (url, keyring) = (format!("http://{address}"), Keyring::own(&key));
        Ok(Some(Self { url, keyring, clock, gateway, folder, stop, serving }))
    }

    /// Ends what it runs beside requests: its jobs, and what waits to be written.
    pub async fn settle(&self) {
        if let Some(jobs) = self.gateway.jobs() {
            jobs.close(Duration::from_millis(JOBS_MS_MAX)).await;
        }
        self.gateway.store().close().await;
    }

    /// Ends it.
    pub fn end(&self) {
        self.stop.send_replace(true);
        self.serving.abort();
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        self.end();
        // What is left of it is in a folder that the system soon forgets.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A clock that goes when it is told to.
#[derive(Debug)]
pub struct HandClock(AtomicI64);

impl tenon_gateway::Clock for HandClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl Clock for HandClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    fn advance(&self, ms: u64) -> bool {
        self.0.fetch_add(i64::try_from(ms).unwrap_or_default(), Ordering::SeqCst);
        true
    }
}

/// Ids that are counted.
#[derive(Debug, Default)]
struct Counted(AtomicU64);

impl Entropy for Counted {
    fn uuid(&self, now_ms: i64) -> String {
        let count = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        format!("{:08x}-{:04x}-7000-8000-{count:012x}", now_ms >> 16, now_ms & 0xffff)
    }

    fn fill(&self, bytes: &mut [u8]) {
        // Secrets are secrets, also for a moment; they never show.
        SystemEntropy.fill(bytes);
    }
}
