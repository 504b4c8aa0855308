//! The HTTP door: connections to requests, within their limits, and replies to bytes.

pub mod cors;
pub mod tls;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Response;
use http_body::Body as _;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

use crate::call::Call;
pub use crate::call::Door;
use crate::gateway::Gateway;
use crate::grpc::{self, transcode};
use crate::limits::{CONNECTIONS_MAX, DRAIN_MS_MAX, HEAD_BYTES_MAX, HEAD_MS_MAX, HEADERS_MAX};
use crate::plan::Plan;
use crate::plan::contract::CORRELATION_HEADER;
use crate::reply::{Body, Reply};
use crate::trail::Trail;
use crate::{pipeline, surface};
use cors::Asked;
use tls::Tls;

/// Requests one HTTP/2 connection may have at once, a count: what browsers and proxies use, and
/// far below what a rapid reset needs.
const STREAMS_MAX: u32 = 128;

/// How long a TLS handshake may take, in milliseconds.
const HANDSHAKE_MS_MAX: u64 = 10_000;

/// How long the listener rests when the machine has no descriptors left, in milliseconds.
const ACCEPT_REST_MS: u64 = 50;

/// Serves until the gateway is to end, then lets requests under way end.
///
/// # Errors
/// When the listener fails for good.
pub async fn serve(
    gateway: Arc<Gateway>,
    listener: TcpListener,
    tls: Option<Arc<Tls>>,
) -> std::io::Result<()> {
    let mut stopped = std::pin::pin!(gateway.stopped());
    let graceful = GracefulShutdown::new();
    let seats = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stopped => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Connections that broke before they were taken are nothing; no descriptors pass.
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(ACCEPT_REST_MS)).await;
                continue;
            }
        };
        let Ok(seat) = Arc::clone(&seats).try_acquire_owned() else {
            tracing::warn!(%peer, "no more connections are taken");
            continue;
        };
        let (gateway, tls, watcher) = (Arc::clone(&gateway), tls.clone(), graceful.watcher());
        tokio::spawn(async move {
            connection(gateway, stream, peer, tls, watcher).await;
            drop(seat);
        });
    }
    drop(listener);
    let drained = tokio::time::timeout(Duration::from_millis(DRAIN_MS_MAX), graceful.shutdown()).await;
    if drained.is_err() {
        tracing::warn!("requests under way did not end in time");
    }
    Ok(())
}

async fn connection(
    gateway: Arc<Gateway>,
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<Arc<Tls>>,
    watcher: hyper_util::server::graceful::Watcher,
) {
    // Small replies must not wait for more.
    let _ = stream.set_nodelay(true);
    let door = Door { peer, tls: tls.is_some() };
    let Some(tls) = tls else { return talk(gateway, stream, door, watcher).await };
    let acceptor = TlsAcceptor::from(tls.config());
    let handshake =
        tokio::time::timeout(Duration::from_millis(HANDSHAKE_MS_MAX), acceptor.accept(stream)).await;
    match handshake {
        Ok(Ok(stream)) => talk(gateway, stream, door, watcher).await,
        Ok(Err(error)) => tracing::debug!(%peer, %error, "the TLS handshake failed"),
        Err(_) => tracing::debug!(%peer, "the TLS handshake took too long"),
    }
}

async fn talk<S>(gateway: Arc<Gateway>, stream: S, door: Door, watcher: hyper_util::server::graceful::Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_millis(HEAD_MS_MAX))
        .max_buf_size(HEAD_BYTES_MAX)
        .max_headers(HEADERS_MAX);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_MAX)
        .max_header_list_size(HEAD_BYTES_MAX as u32)
        .keep_alive_interval(Duration::from_secs(30));
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(door);
        let gateway = Arc::clone(&gateway);
        async move { Ok::<_, Infallible>(respond(&gateway, request).await) }
    });
    let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(error, "a connection ended early");
    }
}

/// One request to one response.
pub async fn respond(gateway: &Arc<Gateway>, request: hyper::Request<Incoming>) -> Response<Body> {
    let (head, incoming) = request.into_parts();
    let body: Body = match incoming.is_end_stream() {
        true => empty(),
        false => incoming.map_err(Into::into).boxed_unsync(),
    };
    handle(gateway, head, body).await
}

/// One request to one response, whatever door it came in by.
pub async fn handle(gateway: &Arc<Gateway>, head: http::request::Parts, body: Body) -> Response<Body> {
    // The gateway's own surface is for its own pages.
    let own = head.uri.path().starts_with(surface::BASE);
    let Some(asked) = Asked::of(gateway.cors(), &head).filter(|_| !own) else {
        return handle_any(gateway, head, body).await;
    };
    if let Some(answer) = asked.preflight() {
        return answer;
    }
    let mut response = handle_any(gateway, head, body).await;
    asked.tell(response.headers_mut());
    response
}

async fn handle_any(gateway: &Arc<Gateway>, head: http::request::Parts, body: Body) -> Response<Body> {
    let plan = gateway.plan();
    let correlation = plan.contract().map_or(&CORRELATION_HEADER, |contract| contract.correlation());
    let mut call = Call::new(head, correlation, gateway.development(), gateway.world());
    if let Some(wrapping) = grpc::asked(&call) {
        return grpc::answer(gateway, plan, call, wrapping, body).await;
    }
    if call.path.starts_with(surface::BASE) {
        return with_ids(surface::answer(gateway, &call, body).await.into_response(), &call);
    }
    transcode::rebind(&plan, &mut call);
    let (reply, trail) = carry_out(gateway, &plan, call, body).await;
    let operation = trail.matched.filter(|_| reply.refused.is_none());
    match operation.and_then(|index| plan.operations.get(index)?.rpc.as_ref()) {
        Some(rpc) => transcode::response(&plan, rpc, reply),
        None => reply.into_response(),
    }
}

/// Answers a call, and takes note of it.
pub(crate) async fn carry_out(
    gateway: &Arc<Gateway>,
    plan: &Arc<Plan>,
    call: Call,
    body: Body,
) -> (Reply, Trail) {
    let started = Instant::now();
    if !plan.acts_elsewhere || call.method.is_safe() {
        let (reply, trail) = pipeline::answer(gateway, plan, &call, body).await;
        gateway.observed(&call, &reply, &trail, started.elapsed());
        return (reply, trail);
    }
    // What another server has begun goes on, and is written down, where the caller hangs up.
    let (gateway, plan) = (Arc::clone(gateway), Arc::clone(plan));
    let task = tokio::spawn(async move {
        let (reply, trail) = pipeline::answer(&gateway, &plan, &call, body).await;
        gateway.observed(&call, &reply, &trail, started.elapsed());
        (reply, trail)
    });
    task.await.unwrap_or_else(|error| {
        tracing::error!(%error, "a request ended in a fault of the gateway");
        (Reply::empty(http::StatusCode::INTERNAL_SERVER_ERROR), Trail::default())
    })
}

fn with_ids(mut response: Response<Body>, call: &Call) -> Response<Body> {
    if let Ok(id) = http::HeaderValue::from_str(&call.correlation_id) {
        response.headers_mut().insert(&CORRELATION_HEADER, id);
    }
    response
}

/// An empty body.
#[must_use]
pub fn empty() -> Body {
    http_body_util::Empty::<Bytes>::new().map_err(|never| match never {}).boxed_unsync()
}
