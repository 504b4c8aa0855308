//! The client that asks other servers.

use http::{Request, Response};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::payload::Payload;
use crate::http::tls::TlsProblem;
use crate::trust;

/// Idle connections kept to one server, a count: enough for the requests of one gateway at once.
const IDLE_PER_HOST_MAX: usize = 256;

/// Time to connect, in milliseconds.
const CONNECT_MS_MAX: u64 = 5_000;

/// A client with its pool of connections.
#[derive(Debug, Clone)]
pub(crate) struct Upstream {
    client: Client<HttpsConnector<HttpConnector>, Payload>,
}

impl Upstream {
    /// A client.
    ///
    /// # Errors
    /// When the authorities that are named cannot be used.
    pub(crate) fn new() -> Result<Self, TlsProblem> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(std::time::Duration::from_millis(CONNECT_MS_MAX)));
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(trust::client()?)
            .https_or_http()
            .enable_http1()
            .enable_http2()
            .wrap_connector(tcp);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_max_idle_per_host(IDLE_PER_HOST_MAX)
            .build(https);
        Ok(Self { client })
    }

    pub(crate) async fn send<B: Into<Payload>>(
        &self,
        request: Request<B>,
    ) -> Result<Response<Incoming>, Error> {
        self.client.request(request.map(Into::into)).await
    }
}
