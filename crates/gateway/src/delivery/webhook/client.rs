//! One attempt: a request to an endpoint, and what came of it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER, USER_AGENT};
use http::{Method, Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;

use super::connector::{ConnectError, Connector, Resolver, SystemResolver};
use super::retry_after::retry_after_ms;
use crate::delivery::envelope::CONTENT_TYPE as ENVELOPE_TYPE;
use crate::delivery::limits::{ANSWER_BYTES_MAX, ATTEMPT_MS_MAX, IDLE_CONNECTIONS_MAX, IDLE_MS_MAX};
use crate::http::tls::TlsProblem;
use crate::trust;

/// What the requests call themselves.
const AGENT: &str = concat!("tenon/", env!("CARGO_PKG_VERSION"), " (webhooks)");

/// How endpoints are reached.
#[derive(Debug, Clone)]
pub struct Reach {
    /// Whether `http` and this machine are allowed.
    pub development: bool,
    /// Certificates of authorities that are trusted beside the public ones.
    pub more_roots: Vec<CertificateDer<'static>>,
    /// What turns names into addresses.
    pub resolver: Arc<dyn Resolver>,
    /// Time for an attempt, in milliseconds.
    pub attempt_ms_max: u64,
}

impl Reach {
    /// Public endpoints over HTTPS; in development this machine too.
    #[must_use]
    pub fn new(development: bool) -> Self {
        let resolver = Arc::new(SystemResolver);
        Self { development, more_roots: Vec::new(), resolver, attempt_ms_max: ATTEMPT_MS_MAX }
    }
}

/// What an attempt met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// The endpoint answered.
    Status {
        /// With this.
        status: StatusCode,
        /// And wants to be left alone for so long, in milliseconds.
        retry_after_ms: Option<i64>,
    },
    /// There is no answer, and why.
    None(String),
}

/// A message to an endpoint.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) url: String,
    pub(super) id: String,
    pub(super) timestamp_s: i64,
    pub(super) signature: String,
    pub(super) body: Bytes,
}

/// Sends to endpoints. Cheap to copy; copies share their connections.
#[derive(Debug, Clone)]
pub(super) struct WebhookClient {
    client: Client<HttpsConnector<Connector>, Full<Bytes>>,
    attempt: Duration,
}

impl WebhookClient {
    /// # Errors
    /// When a certificate is none.
    pub(super) fn new(reach: &Reach) -> Result<Self, TlsProblem> {
        let mut roots = trust::roots()?;
        for root in &reach.more_roots {
            roots.add(root.clone())?;
        }
        let tls = trust::config(roots)?;
        let connector = Connector { resolver: Arc::clone(&reach.resolver), development: reach.development };
        // What may be `http` is decided by the policy of URLs, before anything is connected.
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_millis(IDLE_MS_MAX))
            .pool_max_idle_per_host(IDLE_CONNECTIONS_MAX)
            .build(connector);
        Ok(Self { client, attempt: Duration::from_millis(reach.attempt_ms_max) })
    }

    /// Sends a message. Redirects are answers like any other: they are never followed.
    pub(super) async fn send(&self, message: Message, now_ms: i64) -> Answer {
        let request = match request(message) {
            Ok(request) => request,
            Err(error) => return Answer::None(format!("the request cannot be made: {error}")),
        };
        match tokio::time::timeout(self.attempt, self.exchange(request, now_ms)).await {
            Ok(answer) => answer,
            Err(_) => Answer::None(format!("no answer within {} ms", self.attempt.as_millis())),
        }
    }

    async fn exchange(&self, request: Request<Full<Bytes>>, now_ms: i64) -> Answer {
        let response = match self.client.request(request).await {
            Ok(response) => response,
            Err(error) => return Answer::None(told(&error)),
        };
        let (head, body) = response.into_parts();
        let retry_after_ms =
            head.headers.get(RETRY_AFTER).and_then(|value| retry_after_ms(value.to_str().ok()?, now_ms));
        // The status is all that counts; the body is read so that the connection can be used
        // again, and one that is too long or breaks off ends the connection and nothing else.
        let mut body = Limited::new(body, ANSWER_BYTES_MAX);
        while let Some(Ok(_)) = body.frame().await {}
        Answer::Status { status: head.status, retry_after_ms }
    }
}

fn request(message: Message) -> Result<Request<Full<Bytes>>, http::Error> {
    let uri: Uri = message.url.parse()?;
    let mut request = Request::builder().method(Method::POST).uri(uri).body(Full::new(message.body))?;
    let headers: &mut HeaderMap = request.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(ENVELOPE_TYPE));
    headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
    headers.insert("webhook-id", HeaderValue::from_str(&message.id)?);
    headers.insert("webhook-timestamp", HeaderValue::from(message.timestamp_s));
    headers.insert("webhook-signature", HeaderValue::from_str(&message.signature)?);
    Ok(request)
}

/// Why there is no answer: what the connector found, or the innermost cause.
fn told(error: &hyper_util::client::legacy::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    loop {
        if let Some(found) = cause.downcast_ref::<ConnectError>() {
            return found.to_string();
        }
        match cause.source() {
            Some(next) => cause = next,
            None => return cause.to_string(),
        }
    }
}
