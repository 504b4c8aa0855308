//! `tenon serve`: the gateway over contracts.
//!
//! [`start`] makes everything the gateway is made of and says what is wrong with it; [`greeting`]
//! tells where it listens and how to call it; [`watch`] reads the contracts again when they change.

mod greeting;
pub mod start;
mod watch;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::ValueEnum;
use tenon_gateway::http;
use tenon_jobs::Runtime;
use tokio::net::TcpListener;
use tokio::sync::watch as signal;

use crate::Exit;
use crate::failure::{Failure, Outcome};
use crate::terminal::Terminal;

use start::Started;

/// `tenon serve`, as typed.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Contracts: files and folders. What belongs together is served together.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: SocketAddr,
    /// Where everything is kept: `sqlite:FILE`, or `memory` for nothing that lasts.
    #[arg(long, default_value = "sqlite:tenon.db", value_name = "STORE", value_parser = store)]
    pub store: StoreAt,
    /// For developers: tokens of `tenon token` are accepted, webhooks may go to this machine, and
    /// contracts are read again when they change. Without it, the first two hold only as long as
    /// `tenon.toml` names no issuer of tokens and the gateway listens on this machine alone.
    #[arg(long)]
    pub dev: bool,
    /// A milestone of the contracts: one that is PRD-only is not served while a decision of it is
    /// pending. Beside it, those that `tenon.toml` names under `serve.milestones`.
    #[arg(long, value_name = "FILE")]
    pub milestone: Vec<PathBuf>,
    /// Serve although a PRD-only milestone has pending decisions.
    #[arg(long)]
    pub unapproved: bool,
    /// Certificate chain, PEM: the gateway then speaks TLS.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Private key of the certificate, PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// What is logged on standard error: `error`, `warn`, `info` (every request) or `debug`.
    #[arg(long, default_value = "warn", value_name = "LEVEL")]
    pub log: tracing::level_filters::LevelFilter,
    /// How it is logged.
    #[arg(long, value_enum, default_value_t = LogFormat::Text, value_name = "FORMAT")]
    pub log_format: LogFormat,
    /// Collector of OpenTelemetry that gets a span of each request, by OTLP over HTTP, such as
    /// `http://127.0.0.1:4318`.
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", value_name = "URL", value_parser = collector)]
    pub otlp: Option<::http::Uri>,
    /// Configuration file [default: `tenon.toml` in or above the folder of the first path].
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// How long jobs may go on once the gateway is told to stop, in milliseconds. What runs longer is
/// ended, and dealt with at the next start.
const JOBS_MS_MAX: u64 = 10_000;

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// A JSON object a line.
    Json,
}

/// Where everything is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreAt {
    /// In a file of SQLite.
    Sqlite(PathBuf),
    /// In memory.
    Memory,
}

fn store(text: &str) -> Result<StoreAt, String> {
    match text.split_once(':') {
        Some(("sqlite", path)) if !path.is_empty() => Ok(StoreAt::Sqlite(PathBuf::from(path))),
        None if text == "memory" => Ok(StoreAt::Memory),
        _ => Err("write `sqlite:FILE` or `memory`".to_owned()),
    }
}

fn collector(text: &str) -> Result<::http::Uri, String> {
    let uri: ::http::Uri = text.parse().map_err(|_| "it is no URL".to_owned())?;
    match uri.scheme_str() {
        Some("http" | "https") => Ok(uri),
        _ => Err("write it as in `http://127.0.0.1:4318`".to_owned()),
    }
}

/// Serves until the process is told to stop.
pub fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    log(arguments);
    let (stop, stopped) = signal::channel(false);
    let started = match start::start(arguments, stopped, terminal)? {
        Ok(started) => started,
        Err(exit) => return Ok(exit),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::system("start the threads of the gateway", &error))?;
    runtime.block_on(serve(arguments, started, stop, terminal))
}

async fn serve(
    arguments: &Arguments,
    started: Started,
    stop: signal::Sender<bool>,
    terminal: &Terminal,
) -> Outcome {
    let mut gateway = started.gateway;
    if let Some(settings) = started.jobs {
        match Runtime::start(settings, Arc::clone(gateway.store())).await {
            Ok(jobs) => gateway = gateway.with_jobs(jobs),
            Err(problems) => {
                for problem in problems {
                    terminal.complain(&format!("error: {problem}\n"));
                }
                return Ok(Exit::Unusable);
            }
        }
    }
    let gateway = Arc::new(gateway);
    let listener = TcpListener::bind(arguments.listen)
        .await
        .map_err(|error| Failure::listen(&arguments.listen.to_string(), &error))?;
    let address = listener.local_addr().map_err(|error| Failure::system("listen", &error))?;
    let problems = gateway.authenticator().load(gateway.world().now_ms()).await;
    for problem in problems {
        terminal.complain(&format!("warning: {problem}\n"));
    }
    let background = gateway.spawn_background();
    let watching = gateway.development().then(|| watch::watch(arguments, &gateway, terminal)).transpose()?;
    let tls = started.tls.map(Arc::new);
    if let Some(tls) = tls.clone() {
        let stopped = gateway.stopped();
        tokio::spawn(async move {
            tokio::select! {
                () = tls.keep_fresh() => {}
                () = stopped => {}
            }
        });
    }
    greeting::greet(&gateway, address, tls.is_some(), started.key.as_ref(), terminal)?;
    tokio::spawn(async move {
        told_to_stop().await;
        // Nobody listens any more where the gateway has ended already.
        let _ = stop.send(true);
    });
    let ended = http::serve(Arc::clone(&gateway), listener, tls).await;
    drop(watching);
    background.ended().await;
    if let Some(jobs) = gateway.jobs() {
        jobs.close(Duration::from_millis(JOBS_MS_MAX)).await;
    }
    gateway.store().close().await;
    ended.map_err(|error| Failure::system("serve", &error))?;
    Ok(Exit::Clean)
}

/// Ends when the process is asked to.
async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}

fn log(arguments: &Arguments) {
    let builder = tracing_subscriber::fmt().with_max_level(arguments.log).with_writer(std::io::stderr);
    // A second subscriber in one process, as in tests, is no error.
    let _ = match arguments.log_format {
        LogFormat::Text => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
}
