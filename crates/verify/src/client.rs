//! Asks whatever is behind a URL, over HTTP: what is sent stands there byte for byte, and so does
//! what comes back.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{HeaderName, HeaderValue};
use http::{Method, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client as Legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::ClientConfig;
use serde_json::Value;

/// Largest answer that is read, in bytes: a check that needs more memory than this is an attack.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Longest body that stands in a line for a shell, in bytes.
const SHOWN_BYTES_MAX: usize = 32 * 1024;

/// What server-sent events come as.
const EVENT_STREAM: &str = "text/event-stream";

/// Time for one answer, in milliseconds: past this a server counts as silent.
const ANSWER_MS_MAX: u64 = 30_000;

/// One request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// The method.
    pub method: String,
    /// Path and query, percent-encoded.
    pub path: String,
    /// Header fields in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Option<Vec<u8>>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Header fields, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientError {
    /// The URL is none that can be asked.
    Url(String),
    /// The request cannot be written as HTTP.
    Request(String),
    /// Nobody answers, or not in time.
    Silence(String),
}

impl std::fmt::Display for ClientError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Url(why) => write!(f, "the URL cannot be asked: {why}"),
            Self::Request(why) => write!(f, "the request cannot be sent: {why}"),
            Self::Silence(why) => write!(f, "there is no answer: {why}"),
        }
    }
}

impl std::error::Error for ClientError {}

/// A client of one URL.
#[derive(Debug, Clone)]
pub struct Client {
    base: String,
    inner: Legacy<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

impl Client {
    /// A client of whatever is at `http://…` or `https://…`; a path in it stands before every path.
    ///
    /// # Errors
    /// [`ClientError::Url`] for what is no such URL.
    pub fn new(base: &str) -> Result<Self, ClientError> {
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| ClientError::Url(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self::with_tls(base, tls)
    }

    /// The same, with whom it trusts where the URL is `https://…`.
    ///
    /// # Errors
    /// [`ClientError::Url`] for what is no such URL.
    pub fn with_tls(base: &str, tls: ClientConfig) -> Result<Self, ClientError> {
        let bad = |why: &str| ClientError::Url(format!("`{base}` {why}"));
        let uri: Uri = base.parse().map_err(|_| bad("is no URL"))?;
        if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.host().is_none() {
            return Err(bad("is not written as in `http://127.0.0.1:8080`"));
        }
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .build();
        let inner = Legacy::builder(TokioExecutor::new()).build(connector);
        Ok(Self { base: base.trim_end_matches('/').to_owned(), inner })
    }

    /// The URL.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    /// [`ClientError`] where there is none.
    pub async fn send(&self, request: &Request) -> Result<Answer, ClientError> {
        let wire = self.wire(request)?;
        let within = Duration::from_millis(ANSWER_MS_MAX);
        let late = |_| ClientError::Silence(format!("nothing within {} s", ANSWER_MS_MAX / 1_000));
        tokio::time::timeout(within, self.exchange(wire)).await.map_err(late)?
    }

    async fn exchange(&self, wire: http::Request<Full<Bytes>>) -> Result<Answer, ClientError> {
        let reply = self.inner.request(wire).await.map_err(|error| ClientError::Silence(cause(&error)))?;
        let (head, body) = reply.into_parts();
        let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await;
        let body = body.map_err(|error| ClientError::Silence(format!("the answer breaks off: {error}")))?;
        let field = |(name, value): (&HeaderName, &HeaderValue)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        Ok(Answer {
            status: head.status.as_u16(),
            headers: head.headers.iter().map(field).collect(),
            body: body.to_bytes(),
        })
    }

    fn wire(&self, request: &Request) -> Result<http::Request<Full<Bytes>>, ClientError> {
        let bad = |what: &str, value: &str| ClientError::Request(format!("{what} `{value}` cannot be sent"));
        let url = format!("{}{}", self.base, request.path);
        let uri: Uri = url.parse().map_err(|_| bad("the path", &request.path))?;
        let method: Method = request.method.parse().map_err(|_| bad("the method", &request.method))?;
        let body = Full::new(Bytes::from(request.body.clone().unwrap_or_default()));
        let mut wire = http::Request::new(body);
        *wire.method_mut() = method;
        *wire.uri_mut() = uri;
        for (name, value) in &request.headers {
            let field = HeaderName::try_from(name.as_str()).map_err(|_| bad("the header field", name))?;
            let value = HeaderValue::from_str(value).map_err(|_| bad("the value of the field", name))?;
            wire.headers_mut().append(field, value);
        }
        Ok(wire)
    }
}

impl Request {
    /// The value of a header field.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// Sets a header field; one of the same name is replaced.
    pub fn set_header(&mut self, name: &str, value: impl Into<String>) {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.into()));
    }

    /// Takes a header field out.
    pub fn drop_header(&mut self, name: &str) {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    }

    /// The body as JSON, where it is JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(self.body.as_deref()?).ok()
    }

    /// The request as a command for a shell. `Authorization` stands there as the variable of an
    /// actor's token, so that the line can be shown.
    #[must_use]
    pub fn curl(&self, base: &str, actor: &str) -> String {
        let mut out = String::from("curl -i");
        if self.method != "GET" || self.body.is_some() {
            let _ = write!(out, " -X {}", self.method);
        }
        for (name, value) in &self.headers {
            if name.eq_ignore_ascii_case("authorization") {
                let _ = write!(out, " -H \"Authorization: Bearer $TOKEN_{}\"", variable(actor));
            } else {
                let _ = write!(out, " -H {}", quoted(&format!("{name}: {value}")));
            }
        }
        if let Some(body) = &self.body {
            // What cannot be typed is told by its size.
            let _ = match std::str::from_utf8(body).ok().filter(|text| text.len() <= SHOWN_BYTES_MAX) {
                Some(text) => write!(out, " -d {}", quoted(text)),
                None => write!(out, " --data-binary @body-of-{}-bytes", body.len()),
            };
        }
        let _ = write!(out, " {}", quoted(&format!("{base}{}", self.path)));
        out
    }
}

impl Answer {
    /// The value of a header field.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// The body as JSON, where it is JSON; of server-sent events, the list of their data.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        let streamed = self.header("content-type").is_some_and(|kind| kind.starts_with(EVENT_STREAM));
        if !streamed {
            return serde_json::from_slice(&self.body).ok();
        }
        let text = std::str::from_utf8(&self.body).ok()?;
        let data = text.lines().filter_map(|line| line.strip_prefix("data:"));
        let items: Option<Vec<Value>> =
            data.map(|data| serde_json::from_str(data.trim_start()).ok()).collect();
        items.map(Value::Array)
    }

    /// The reason code of a refusal: `code`, `error.code`, or `reason_code`, as the usual envelopes
    /// have it.
    #[must_use]
    pub fn code(&self) -> Option<String> {
        let body = self.json()?;
        let places = ["/code", "/error/code", "/reason_code", "/error/reason_code", "/error"];
        places.iter().find_map(|place| body.pointer(place)?.as_str().map(str::to_owned))
    }
}

/// A text as it stands in a path or query.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

fn variable(actor: &str) -> String {
    let letter = |one: char| if one.is_ascii_alphanumeric() { one.to_ascii_uppercase() } else { '_' };
    actor.chars().map(letter).collect()
}

/// A text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The innermost cause: what the system said.
fn cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::{Answer, Request, encode};

    #[test]
    fn a_request_is_a_line_for_a_shell() {
        let request = Request {
            method: "POST".into(),
            path: "/leads?a=1".into(),
            headers: vec![("authorization".into(), "Bearer secret".into()), ("X-A".into(), "it's".into())],
            body: Some(b"{}".to_vec()),
        };
        let line = request.curl("http://host", "south-1");
        assert_eq!(
            line,
            "curl -i -X POST -H \"Authorization: Bearer $TOKEN_SOUTH_1\" -H 'X-A: it'\\''s' -d '{}' 'http://host/leads?a=1'"
        );
    }

    #[test]
    fn a_stream_is_the_list_of_its_data() {
        let answer = |kind: &str, body: &str| Answer {
            status: 200,
            headers: vec![("content-type".into(), kind.into())],
            body: body.as_bytes().to_vec().into(),
        };
        let stream = answer("text/event-stream", "id: 1\ndata: {\"a\":1}\n\ndata: {\"a\":2}\n\n");
        assert_eq!(stream.json(), Some(serde_json::json!([{ "a": 1 }, { "a": 2 }])));
        assert_eq!(answer("text/event-stream", "data: {\n\n").json(), None);
        assert_eq!(answer("application/json", "[]").json(), Some(serde_json::json!([])));
    }

    #[test]
    fn what_stands_in_paths_is_encoded() {
        assert_eq!(encode("a b/ü~"), "a%20b%2F%C3%BC~");
    }
}
