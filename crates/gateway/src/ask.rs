//! Asks a gateway that runs, over its own surface: what commands do that look after one.

use std::time::Duration;

use bytes::Bytes;
pub use http::Method;
use http::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use http::{Request, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

use crate::trust;

/// Time for an answer, in milliseconds: longer than the attempt of a webhook, which a gateway can
/// be asked to make.
const ANSWER_MS_MAX: u64 = 40_000;

/// Largest answer, in bytes: a thousand deliveries, and room.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// Where the gateway is: `http://127.0.0.1:8080`.
    pub url: &'a str,
    /// What shows who asks.
    pub token: Option<&'a str>,
    /// The method.
    pub method: Method,
    /// The path and query, from `/_tenon` on.
    pub path: &'a str,
}

/// What a gateway says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Bytes,
}

/// Why there is no answer.
#[derive(Debug)]
#[non_exhaustive]
pub enum AskError {
    /// The address is none, or the token cannot be sent.
    Question(String),
    /// Nobody answers, or not in time.
    Silence(String),
}

impl std::fmt::Display for AskError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Question(why) | Self::Silence(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for AskError {}

/// Asks, and waits for the answer. Not for use within a runtime.
///
/// # Errors
/// [`AskError`] where there is no answer.
pub fn ask(question: &Question<'_>) -> Result<Said, AskError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| AskError::Silence(error.to_string()))?;
    runtime.block_on(async {
        let within = Duration::from_millis(ANSWER_MS_MAX);
        let late = |_| AskError::Silence(format!("no answer within {} s", ANSWER_MS_MAX / 1_000));
        tokio::time::timeout(within, exchange(question)).await.map_err(late)?
    })
}

async fn exchange(question: &Question<'_>) -> Result<Said, AskError> {
    let tls = trust::client().map_err(|error| AskError::Silence(error.to_string()))?;
    let connector = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().build();
    let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build(connector);
    let response =
        client.request(request(question)?).await.map_err(|error| AskError::Silence(cause(&error)))?;
    let status = response.status().as_u16();
    let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX).collect().await;
    let body = body.map_err(|error| AskError::Silence(format!("the answer breaks off: {error}")))?;
    Ok(Said { status, body: body.to_bytes() })
}

fn request(question: &Question<'_>) -> Result<Request<Full<Bytes>>, AskError> {
    let wrong = |what: &str| AskError::Question(format!("{what} is not what it should be"));
    let url = format!("{}{}", question.url.trim_end_matches('/'), question.path);
    let uri: Uri = url.parse().map_err(|_| wrong("the address of the gateway"))?;
    let is_known = matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some();
    if !is_known {
        return Err(wrong("the address of the gateway"));
    }
    let mut request = Request::new(Full::default());
    *request.method_mut() = question.method.clone();
    *request.uri_mut() = uri;
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
    if let Some(token) = question.token {
        let mut value = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| wrong("the token"))?;
        value.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, value);
    }
    Ok(request)
}

/// The innermost cause: what the system said.
pub(crate) fn cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
