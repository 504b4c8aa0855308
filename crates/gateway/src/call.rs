//! One request as the pipeline sees it: its head, and what it is known by.

use std::net::SocketAddr;

use http::header::AsHeaderName;
use http::{HeaderMap, HeaderName, HeaderValue, Method, request};

use crate::World;
use crate::grpc::Form;

/// Longest correlation id that is taken from a caller, in bytes: it stands in every log line.
const CORRELATION_BYTES_MAX: usize = 128;

/// Header of the trace a request belongs to.
pub(crate) static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Length of a `traceparent`, in bytes (W3C Trace Context, level 2).
const TRACE_BYTES: usize = 55;

/// Which connection a request came in by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Door {
    /// Whose it is.
    pub peer: SocketAddr,
    /// Whether it is encrypted.
    pub tls: bool,
}

/// The head of a request.
#[derive(Debug)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// The path, as it was sent.
    pub path: String,
    /// What follows the `?`.
    pub query: Option<String>,
    /// Header fields.
    pub headers: HeaderMap,
    /// Known by this across systems.
    pub correlation_id: String,
    /// Known by this here.
    pub request_id: String,
    /// The trace it belongs to, as `traceparent` says, with a span of ours.
    pub traceparent: String,
    /// The caller's span.
    pub parent_span: Option<String>,
    /// When it arrived, in milliseconds since 1970.
    pub received_ms: i64,
    /// Whether the gateway runs for developers.
    pub development: bool,
    /// Host and port as the request line has them: HTTP/2, or a proxy's client.
    pub authority: Option<String>,
    /// Which connection it came in by, where it is known.
    pub door: Option<Door>,
    /// The version of HTTP it was sent in.
    pub version: http::Version,
    /// How the message of an RPC stands in the body.
    pub(crate) form: Form,
}

impl Call {
    /// A call from the head of a request. `correlation` is the header that carries the id.
    #[must_use]
    pub fn new(head: request::Parts, correlation: &HeaderName, development: bool, world: &World) -> Self {
        let received_ms = world.now_ms();
        let request_id = world.uuid();
        let given = head.headers.get(correlation).and_then(usable);
        let correlation_id = given.map_or_else(|| request_id.clone(), str::to_owned);
        let (traceparent, parent_span) = trace(head.headers.get(&TRACEPARENT), &request_id);
        Self {
            method: head.method,
            path: head.uri.path().to_owned(),
            query: head.uri.query().map(str::to_owned),
            headers: head.headers,
            correlation_id,
            request_id,
            traceparent,
            parent_span,
            received_ms,
            development,
            authority: head.uri.authority().map(ToString::to_string),
            door: head.extensions.get().copied(),
            version: head.version,
            form: Form::default(),
        }
    }

    /// The text of a header field.
    #[must_use]
    pub fn header(&self, name: impl AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// A correlation id that can stand in logs and headers: printable, and no longer than it needs.
fn usable(value: &HeaderValue) -> Option<&str> {
    let text = value.to_str().ok()?;
    let good = !text.is_empty()
        && text.len() <= CORRELATION_BYTES_MAX
        && text.bytes().all(|byte| byte.is_ascii_graphic());
    good.then_some(text)
}

/// The caller's trace with a span of ours, and the caller's span; or a trace of our own (W3C Trace
/// Context, level 2).
fn trace(given: Option<&HeaderValue>, request_id: &str) -> (String, Option<String>) {
    let mut own = String::with_capacity(TRACE_BYTES);
    own.extend(request_id.split('-'));
    let span = own.get(16..32).unwrap_or("0000000000000001");
    let caller = given.and_then(|value| value.to_str().ok()).and_then(parse_trace);
    let (trace, flags) = caller.map_or((own.as_str(), "00"), |(trace, _, flags)| (trace, flags));
    let mut text = String::with_capacity(TRACE_BYTES);
    for part in ["00-", trace, "-", span, "-", flags] {
        text.push_str(part);
    }
    (text, caller.map(|(_, parent, _)| parent.to_owned()))
}

/// Trace id, span id and flags of a `traceparent`: version `ff` and ids of zeros are invalid.
fn parse_trace(text: &str) -> Option<(&str, &str, &str)> {
    let mut parts = text.split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let hex = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let zeros = |part: &str| part.bytes().all(|byte| byte == b'0');
    let good = hex(version, 2)
        && version != "ff"
        && hex(trace, 32)
        && !zeros(trace)
        && hex(span, 16)
        && !zeros(span)
        && hex(flags, 2);
    (good && (version != "00" || parts.next().is_none())).then_some((trace, span, flags))
}
