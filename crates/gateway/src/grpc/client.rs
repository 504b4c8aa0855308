//! Calls methods of a service that runs elsewhere, by their descriptors: what thin clients do.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use bytes::{Bytes, BytesMut};
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, TE};
use http::{HeaderMap, Request, Uri};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as Http;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use serde_json::Value;
use tenon_policies::client::HEADER as CLIENT_HEADER;

use super::code::Code;
use super::frame::{self, Encoding};
use super::messages::Messages;
use super::wire;
use crate::ask::cause;
use crate::trust;

/// How long a connection may be silent before it is asked whether it still is, in milliseconds.
const KEEP_ALIVE_MS: u64 = 10_000;

/// Where calls go, and as whom.
#[derive(Debug)]
pub struct Client {
    http: Http<HttpsConnector<HttpConnector>, Full<Bytes>>,
    base: String,
    credentials: Option<HeaderValue>,
    program: HeaderValue,
    messages: Messages,
}

/// Why a call did not do what it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallError {
    /// The status; [`Code::Unavailable`] where nobody answers.
    pub code: Code,
    /// The code of the contract, such as `E_NOT_FOUND`; empty where there is none.
    pub reason: String,
    /// What people are told.
    pub message: String,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// When to try again, in seconds.
    pub retry_after_s: Option<u64>,
}

impl CallError {
    /// Nobody answers, or the connection broke.
    fn silent(error: &(dyn std::error::Error + 'static)) -> Self {
        Self {
            code: Code::Unavailable,
            reason: String::new(),
            message: cause(error),
            // A certificate stays as it is, however often it is looked at.
            retryable: !trust::is_distrust(error),
            retry_after_s: None,
        }
    }

    fn wrong(message: impl Into<String>) -> Self {
        Self {
            code: Code::Internal,
            reason: String::new(),
            message: message.into(),
            retryable: false,
            retry_after_s: None,
        }
    }
}

impl std::fmt::Display for CallError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.reason.as_str() {
            "" => write!(f, "{}: {}", self.code, self.message),
            reason => write!(f, "{reason}: {}", self.message),
        }
    }
}

impl std::error::Error for CallError {}

/// A method by its name and those of its messages.
#[derive(Debug, Clone, Copy)]
pub struct Method<'a> {
    /// Service and name, such as `domed.v1.DomedService/CancelJob`.
    pub path: &'a str,
    /// The message that is sent, with its package.
    pub request: &'a str,
    /// The message that comes back.
    pub response: &'a str,
}

impl Client {
    /// A client of a server. `program` names who calls.
    ///
    /// # Errors
    /// Says what of the address or the credentials cannot be used.
    pub fn new(url: &str, token: Option<&str>, program: &str, messages: Messages) -> Result<Self, String> {
        let uri: Uri = url.parse().map_err(|_| format!("`{url}` is no address"))?;
        if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.host().is_none() {
            return Err(format!("`{url}` is no address, such as `http://127.0.0.1:8080`"));
        }
        let credentials = token.map(|token| {
            let mut value = HeaderValue::from_str(&format!("Bearer {token}"))
                .map_err(|_| "the token has signs that no token has".to_owned())?;
            value.set_sensitive(true);
            Ok::<_, String>(value)
        });
        let tls = trust::client().map_err(|error| error.to_string())?;
        let connector =
            HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http2().build();
        let http = Http::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .http2_only(true)
            .http2_keep_alive_interval(Duration::from_millis(KEEP_ALIVE_MS))
            .build(connector);
        let program = HeaderValue::from_str(program).map_err(|_| "the name of the program".to_owned())?;
        let base = url.trim_end_matches('/').to_owned();
        Ok(Self { http, base, credentials: credentials.transpose()?, program, messages })
    }

    /// Calls a method that answers with one message.
    ///
    /// # Errors
    /// [`CallError`] where it does not.
    pub async fn unary(&self, method: Method<'_>, request: &Value) -> Result<Value, CallError> {
        let mut answers = self.call(method, request).await?;
        let first = answers.next().await?;
        let first = first.ok_or_else(|| CallError::wrong("the answer has no message"))?;
        match answers.next().await? {
            None => Ok(first),
            Some(_) => Err(CallError::wrong("the answer has more than one message")),
        }
    }

    /// Calls a method that answers with many.
    ///
    /// # Errors
    /// [`CallError`] where it refuses.
    pub async fn call(&self, method: Method<'_>, request: &Value) -> Result<Answers, CallError> {
        let index = |name: &str| {
            let index = self.messages.index(name);
            index.ok_or_else(|| CallError::wrong(format!("there is no message `{name}`")))
        };
        let message = self.messages.encode(index(method.request)?, &request.to_string());
        let message = message.map_err(CallError::wrong)?;
        let response = index(method.response)?;
        let body = Full::new(frame::write(&message, Encoding::Identity));
        let mut sent = Request::new(body);
        *sent.method_mut() = http::Method::POST;
        let uri = format!("{}/{}", self.base, method.path).parse();
        *sent.uri_mut() = uri.map_err(|_| CallError::wrong("the method cannot be called"))?;
        let headers = sent.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        headers.insert(TE, HeaderValue::from_static("trailers"));
        let accepted = HeaderValue::from_static(Encoding::ACCEPTED);
        headers.insert(HeaderName::from_static("grpc-accept-encoding"), accepted);
        headers.insert(HeaderName::from_static(CLIENT_HEADER), self.program.clone());
        if let Some(credentials) = &self.credentials {
            headers.insert(AUTHORIZATION, credentials.clone());
        }
        let said = self.http.request(sent).await.map_err(|error| CallError::silent(&error))?;
        if !said.status().is_success() {
            let code = Code::of_http(said.status());
            return Err(CallError { code, ..CallError::wrong(format!("the server says {}", said.status())) });
        }
        let (head, body) = said.into_parts();
        if let Some(ended) = ended(&head.headers) {
            ended?;
        }
        let is_packed = head.headers.get("grpc-encoding").is_some_and(|name| name == "gzip");
        let encoding = if is_packed { Encoding::Gzip } else { Encoding::Identity };
        let messages = self.messages.clone();
        Ok(Answers { body, buffer: BytesMut::new(), messages, response, encoding, is_over: false })
    }
}

/// Messages of an answer, one after the other.
#[derive(Debug)]
pub struct Answers {
    body: Incoming,
    buffer: BytesMut,
    messages: Messages,
    response: buffa_descriptor::MessageIndex,
    encoding: Encoding,
    is_over: bool,
}

impl Answers {
    /// The next message; `None` where the answer has ended well.
    ///
    /// # Errors
    /// [`CallError`] where it has not.
    pub async fn next(&mut self) -> Result<Option<Value>, CallError> {
        loop {
            if self.is_over {
                return Ok(None);
            }
            if let Some(message) = self.ready()? {
                return Ok(Some(message));
            }
            match self.body.frame().await {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.buffer.extend_from_slice(&data),
                    Err(frame) => {
                        let trailers = frame.into_trailers().unwrap_or_default();
                        self.is_over = true;
                        return match ended(&trailers) {
                            Some(ended) => ended.map(|()| None),
                            None => Err(CallError::wrong("the answer does not say how it ended")),
                        };
                    }
                },
                Some(Err(error)) => return Err(CallError::silent(&error)),
                // Without trailers nobody knows whether this is all.
                None => {
                    let cut = std::io::Error::other("the answer breaks off");
                    return Err(CallError::silent(&cut));
                }
            }
        }
    }

    /// A message that is there already.
    fn ready(&mut self) -> Result<Option<Value>, CallError> {
        let Some([_, length @ ..]) = self.buffer.first_chunk::<5>() else { return Ok(None) };
        if self.buffer.len() < u32::from_be_bytes(*length) as usize + 5 {
            return Ok(None);
        }
        let bytes = self.buffer.split().freeze();
        let read = frame::first(&bytes, self.encoding);
        let Some((message, rest)) = read.map_err(|refusal| CallError::wrong(refusal.message()))? else {
            return Ok(None);
        };
        self.buffer.extend_from_slice(&rest);
        self.messages.decode(self.response, &message).map(Some).map_err(CallError::wrong)
    }
}

/// How an answer ended, where these fields say it.
fn ended(headers: &HeaderMap) -> Option<Result<(), CallError>> {
    let status = headers.get("grpc-status")?.to_str().ok().and_then(|text| text.parse().ok());
    let code = status.and_then(Code::from_number).unwrap_or(Code::Unknown);
    if code == Code::Ok {
        return Some(Ok(()));
    }
    let message = headers.get("grpc-message").map(HeaderValue::as_bytes).unwrap_or_default();
    let message = percent_encoding::percent_decode(message).decode_utf8_lossy().into_owned();
    let mut error = CallError {
        code,
        reason: String::new(),
        message,
        // What a proxy on the way says has no details.
        retryable: matches!(code, Code::Unavailable | Code::Aborted | Code::DeadlineExceeded),
        retry_after_s: None,
    };
    let details = headers.get("grpc-status-details-bin").map(HeaderValue::as_bytes).unwrap_or_default();
    let details: Vec<u8> = details.iter().copied().filter(|byte| *byte != b'=').collect();
    if let Ok(status) = STANDARD_NO_PAD.decode(details) {
        detailed(&mut error, &status);
    }
    Some(Err(error))
}

/// What `google.rpc.Status` has beside the code.
fn detailed(error: &mut CallError, status: &[u8]) {
    let bytes = |value: wire::Value<'_>| match value {
        wire::Value::Bytes(bytes) => bytes.to_vec(),
        wire::Value::Number(_) => Vec::new(),
    };
    let field = |fields: &[(u32, wire::Value<'_>)], number: u32| {
        fields.iter().find(|(field, _)| *field == number).map(|(_, value)| bytes(*value)).unwrap_or_default()
    };
    for (_, any) in wire::fields(status).unwrap_or_default().into_iter().filter(|(field, _)| *field == 3) {
        let any = bytes(any);
        let any = wire::fields(&any).unwrap_or_default();
        let (url, value) = (field(&any, 1), field(&any, 2));
        let value = wire::fields(&value).unwrap_or_default();
        if url.ends_with(b"/google.rpc.ErrorInfo") {
            error.reason = String::from_utf8(field(&value, 1)).unwrap_or_default();
            for (_, entry) in value.iter().filter(|(field, _)| *field == 3) {
                let entry = bytes(*entry);
                let entry = wire::fields(&entry).unwrap_or_default();
                if field(&entry, 1) == b"retryable" {
                    error.retryable = field(&entry, 2) == b"true";
                }
            }
        }
        if url.ends_with(b"/google.rpc.RetryInfo") {
            let delay = field(&value, 1);
            let delay = wire::fields(&delay).unwrap_or_default();
            error.retry_after_s = delay.iter().find_map(|(field, value)| match (field, value) {
                (1, wire::Value::Number(seconds)) => Some(*seconds),
                _ => None,
            });
        }
    }
}
