//! Bad input at the door, over real connections: each form with its answer, and after each the
//! server answers the next.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::harness::Gate;
use crate::swap::{ALL, dispute};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

struct Door {
    gate: Gate,
    at: SocketAddr,
    token: String,
}

/// What came back: the status of the first answer, its head and body, and how many answers.
#[derive(Debug)]
struct Raw {
    status: u16,
    text: String,
    answers: usize,
}

impl Raw {
    fn code(&self) -> &str {
        let (_, rest) = self.text.split_once("\"code\":\"").unwrap_or_default();
        rest.split('"').next().unwrap_or_default()
    }
}

impl Door {
    async fn open() -> Self {
        let gate = Gate::new("swap");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let at = listener.local_addr().expect("an address");
        tokio::spawn(tenon_gateway::http::serve(Arc::clone(&gate.gateway), listener, None));
        let token = gate.somebody("partner", "partner_north", ALL);
        Self { gate, at, token }
    }

    /// Sends bytes, and reads until the other side has nothing more to say.
    async fn send(&self, bytes: &[u8]) -> Raw {
        let mut stream = TcpStream::connect(self.at).await.expect("a connection");
        // The server may answer, and close, before it has read everything.
        let _ = stream.write_all(bytes).await;
        let mut read = Vec::new();
        let mut part = [0; 16 * 1024];
        let all = async {
            loop {
                match stream.read(&mut part).await {
                    Ok(0) | Err(_) => break,
                    Ok(count) => read.extend_from_slice(&part[..count]),
                }
            }
        };
        tokio::time::timeout(PATIENCE, all).await.expect("the connection ends");
        let text = String::from_utf8_lossy(&read).into_owned();
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
        let answers = text.matches("HTTP/1.1 ").count() + text.matches("HTTP/1.0 ").count();
        Raw { status, text, answers }
    }

    /// A request with these lines of head, and this body; the connection is to be closed after it.
    async fn ask(&self, start: &str, fields: &[&str], body: &[u8]) -> Raw {
        let mut bytes = format!("{start} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n").into_bytes();
        bytes.extend(format!("Authorization: Bearer {}\r\n", self.token).into_bytes());
        for field in fields {
            bytes.extend(field.as_bytes());
            bytes.extend(b"\r\n");
        }
        bytes.extend(b"\r\n");
        bytes.extend(body);
        self.send(&bytes).await
    }

    /// A dispute with this body.
    async fn post(&self, fields: &[&str], body: &[u8]) -> Raw {
        let length = format!("Content-Length: {}", body.len());
        let mut all = vec![length.as_str(), "Idempotency-Key: k"];
        if !fields.iter().any(|field| field.to_ascii_lowercase().starts_with("content-type")) {
            all.push("Content-Type: application/json");
        }
        all.extend(fields);
        self.ask("POST /disputes", &all, body).await
    }

    /// The server answers, and has done nothing.
    async fn is_well(&self) {
        let raw = self.ask("GET /_tenon/health", &[], b"").await;
        assert_eq!((raw.status, raw.answers), (200, 1), "{raw:?}");
        assert_eq!(self.gate.records("", "partner_disputes").len(), 0);
    }

    #[track_caller]
    fn told(raw: &Raw, status: u16, code: &str) {
        assert_eq!((raw.status, raw.code()), (status, code), "{}", raw.text);
    }
}

/// Heads that are too large, or have too many fields, are 431.
#[tokio::test]
async fn heads_that_are_too_large_are_refused() {
    let door = Door::open().await;
    let long = format!("X-Long: {}", "x".repeat(70 * 1024));
    let raw = door.ask("GET /platform-connections", &[&long], b"").await;
    assert_eq!(raw.status, 431, "{raw:?}");
    door.is_well().await;
    let many: Vec<String> = (0..150).map(|at| format!("X-{at}: y")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let raw = door.ask("GET /platform-connections", &many, b"").await;
    assert_eq!(raw.status, 431, "{raw:?}");
    door.is_well().await;
    let path = format!("GET /{}", "x".repeat(100 * 1024));
    let raw = door.ask(&path, &[], b"").await;
    assert!(matches!(raw.status, 414 | 431), "{raw:?}");
    door.is_well().await;
}

/// Bodies that are no UTF-8, no JSON, ambiguous or too deep are 400; too large 413.
#[tokio::test]
async fn bodies_that_cannot_be_read_are_refused() {
    let door = Door::open().await;
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let deep_objects = "{\"dispute\":".repeat(10_000) + "1" + &"}".repeat(10_000);
    let bodies: [&[u8]; 12] = [
        b"\xff\xfe",
        b"{\"dispute\":\"\xc3\x28\"}",
        b"{\"dispute\":\"\xed\xa0\x80\"}",
        b"{",
        b"{\"dispute\":1,\"dispute\":2}",
        b"{\"dispute\":{\"a\":1,\"\\u0061\":2}}",
        deep.as_bytes(),
        deep_objects.as_bytes(),
        b"[1,]",
        b"NaN",
        b"{\"a\":1}{\"a\":2}",
        b"\x00",
    ];
    for body in bodies {
        let raw = door.post(&[], body).await;
        Door::told(&raw, 400, "body_malformed");
        door.is_well().await;
    }
    let large = vec![b' '; 1024 * 1024 + 1];
    Door::told(&door.post(&[], &large).await, 413, "body_too_large");
    door.is_well().await;
    // Told in pieces, with no length.
    let mut chunks = Vec::new();
    for _ in 0..40 {
        chunks.extend(b"8000\r\n");
        chunks.extend(vec![b' '; 0x8000]);
        chunks.extend(b"\r\n");
    }
    chunks.extend(b"0\r\n\r\n");
    let fields = ["Transfer-Encoding: chunked", "Content-Type: application/json", "Idempotency-Key: k"];
    Door::told(&door.ask("POST /disputes", &fields, &chunks).await, 413, "body_too_large");
    door.is_well().await;
}

/// Other types are 415; so is what is compressed, however small: nothing is unpacked.
#[tokio::test]
async fn other_types_and_encodings_are_refused() {
    let door = Door::open().await;
    let body = dispute().to_string();
    for field in
        ["text/plain", "application/xml", "multipart/form-data; boundary=x", "application/jsonx", "json", ""]
    {
        let raw = door.post(&[&format!("Content-Type: {field}")], body.as_bytes()).await;
        Door::told(&raw, 415, "media_type_unsupported");
        door.is_well().await;
    }
    // The beginning of a gzip that unpacks to a gigabyte would look no different.
    let bomb = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3, 0xed, 0xc1, 1, 1];
    for encoding in ["gzip", "br", "deflate", "zstd", "gzip, gzip", "identity, gzip"] {
        let raw = door.post(&[&format!("Content-Encoding: {encoding}")], &bomb).await;
        Door::told(&raw, 415, "media_type_unsupported");
        door.is_well().await;
    }
    let twice = ["Content-Encoding: identity", "Content-Encoding: gzip"];
    Door::told(&door.post(&twice, &bomb).await, 415, "media_type_unsupported");
    door.is_well().await;
}

/// Paths that climb, hide a slash or are no UTF-8 lead nowhere.
#[tokio::test]
async fn paths_that_climb_lead_nowhere() {
    let door = Door::open().await;
    let paths = [
        "/disputes/..",
        "/disputes/../platform-connections",
        "/disputes/%2e%2e",
        "/disputes/%2E%2E%2Fplatform-connections",
        "/disputes/..%2f..%2fetc%2fpasswd",
        "/disputes/..%5c..%5cetc",
        "/disputes/%00",
        "/disputes/a%00b",
        "/disputes/%ff",
        "/disputes/%c0%af",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/./disputes/x",
        "/disputes//x",
        "/disputes/x/",
        "/_tenon/../disputes/x",
        "/_tenon/%2e%2e/disputes/x",
        "/_tenon/nothing",
        "/_TENON/health",
    ];
    for path in paths {
        let raw = door.ask(&format!("GET {path}"), &[], b"").await;
        Door::told(&raw, 404, "route_unknown");
        door.is_well().await;
    }
    for path in [&b"/disputes/\xff"[..], b"/disputes/a b", b"disputes", b"/\x7f", b""] {
        let mut bytes = b"GET ".to_vec();
        bytes.extend(path);
        bytes.extend(b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let raw = door.send(&bytes).await;
        assert!(matches!(raw.status, 400 | 404), "{}: {raw:?}", String::from_utf8_lossy(path));
        door.is_well().await;
    }
}

/// Heads two servers could read in two ways are refused, or read in the one way there is.
#[tokio::test]
async fn heads_with_two_readings_are_refused() {
    let door = Door::open().await;
    let heads: [(&str, &[&str]); 16] = [
        ("two lengths", &["Content-Length: 5", "Content-Length: 6"]),
        ("a list of lengths", &["Content-Length: 5, 6"]),
        ("a length with a sign", &["Content-Length: +5"]),
        ("a negative length", &["Content-Length: -1"]),
        ("a length that is no number", &["Content-Length: 5x"]),
        ("a length past all bounds", &["Content-Length: 99999999999999999999"]),
        ("another coding", &["Transfer-Encoding: gzip"]),
        ("chunked, but not last", &["Transfer-Encoding: chunked, gzip"]),
        ("a misspelt coding", &["Transfer-Encoding: xchunked"]),
        ("a folded line", &["X-A: b", " c"]),
        ("a space before the colon", &["X-A : b"]),
        ("a field without a name", &[": b"]),
        ("a field without a colon", &["X-A"]),
        ("a bare CR", &["X-A: b\rX-B: c"]),
        ("a NUL", &["X-A: b\0c"]),
        ("a name with a space", &["X A: b"]),
    ];
    for (what, fields) in heads {
        let raw = door.ask("POST /disputes", fields, b"hello").await;
        assert_eq!((raw.status, raw.answers), (400, 1), "{what}: {raw:?}");
        door.is_well().await;
    }
    // A length and chunks: the chunks count, and what follows them is never taken for a request.
    let inner = "GET /platform-connections HTTP/1.1\r\nHost: x\r\n\r\n";
    let body = format!("0\r\n\r\n{inner}");
    for order in [
        ["Content-Length: 5", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: chunked", "Content-Length: 5"],
    ] {
        let head =
            format!("POST /disputes HTTP/1.1\r\nHost: x\r\n{}\r\n{}\r\n\r\n{body}", order[0], order[1]);
        let raw = door.send(head.as_bytes()).await;
        assert_eq!((raw.status / 100, raw.answers), (4, 1), "{order:?}: {raw:?}");
        door.is_well().await;
    }
}

/// Versions and methods nobody knows.
#[tokio::test]
async fn what_is_no_http_is_refused() {
    let door = Door::open().await;
    let forms: [&[u8]; 6] = [
        b"GET / HTTP/3.0\r\n\r\n",
        b"hello\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET\r\n\r\n",
        b"G\xc3\x89T / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
    ];
    for bytes in forms {
        let raw = door.send(bytes).await;
        assert!(raw.status == 400 || raw.text.is_empty(), "{raw:?}");
        door.is_well().await;
    }
    let raw = door.ask("BREW /disputes", &[], b"").await;
    Door::told(&raw, 405, "method_not_allowed");
    let raw = door.ask("CONNECT example.org:443", &[], b"").await;
    assert!(matches!(raw.status, 400 | 404), "{raw:?}");
    let raw = door.ask("OPTIONS *", &[], b"").await;
    assert!(matches!(raw.status, 204 | 404), "{raw:?}");
    door.is_well().await;
}

/// Whoever says it in HTTP/1.1 is answered without a body to `HEAD`, and told methods by `OPTIONS`.
#[tokio::test]
async fn head_and_options_are_answered() {
    let door = Door::open().await;
    let raw = door.ask("HEAD /platform-connections", &[], b"").await;
    assert_eq!(raw.status, 200);
    assert!(raw.text.ends_with("\r\n\r\n"), "no body: {raw:?}");
    assert!(raw.text.to_ascii_lowercase().contains("content-length: "), "{raw:?}");
    let raw = door.ask("OPTIONS /platform-connections", &[], b"").await;
    assert_eq!(raw.status, 204);
    assert!(raw.text.to_ascii_lowercase().contains("allow: get, post"), "{raw:?}");
    // `none`, and a token cut short.
    let claims = door.token.split('.').nth(1).expect("claims");
    for token in [format!("eyJhbGciOiJub25lIn0.{claims}."), door.token[..door.token.len() - 4].to_owned()] {
        let head = format!(
            "GET /platform-connections HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\r\n"
        );
        Door::told(&door.send(head.as_bytes()).await, 401, "token_invalid");
    }
    let two = format!("Authorization: Bearer {}", door.token);
    let raw = door.ask("GET /platform-connections", &[&two], b"").await;
    assert_eq!(raw.status, 401, "two credentials: {raw:?}");
    door.is_well().await;
}

/// HTTP/2 without TLS, by prior knowledge; what has no length has a type all the same.
#[tokio::test]
async fn http2_is_spoken_by_prior_knowledge() {
    let door = Door::open().await;
    let stream = TcpStream::connect(door.at).await.expect("a connection");
    let handshake = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
    let (mut sender, connection) = handshake.await.expect("HTTP/2");
    tokio::spawn(connection);
    let mut ask = async |kind: Option<&str>, body: &str| {
        let mut request = hyper::Request::builder()
            .method("POST")
            .uri(format!("http://{}/disputes", door.at))
            .header("authorization", format!("Bearer {}", door.token))
            .header("idempotency-key", "k");
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        // A body whose length is not known before it ends.
        let body = Bytes::from(body.to_owned());
        let body = streamed(futures_util::stream::iter([Ok(body)]));
        let answer = sender.send_request(request.body(body).expect("a request")).await.expect("an answer");
        let status = answer.status().as_u16();
        let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
        (status, String::from_utf8_lossy(&bytes).into_owned())
    };
    let body = dispute().to_string();
    for kind in [None, Some("text/plain")] {
        let (status, text) = ask(kind, &body).await;
        assert_eq!(status, 415, "{kind:?} {text}");
    }
    door.is_well().await;
    let (status, text) = ask(Some("application/json"), "{").await;
    assert_eq!(status, 400, "{text}");
    let (status, text) = ask(Some("application/json"), &body).await;
    assert_eq!(status, 200, "{text}");
}

type Streamed = http_body_util::combinators::UnsyncBoxBody<Bytes, std::convert::Infallible>;

/// A body of a stream of data.
fn streamed(
    stream: impl futures_util::Stream<Item = Result<Bytes, std::convert::Infallible>> + Send + 'static,
) -> Streamed {
    use futures_util::StreamExt as _;
    http_body_util::StreamBody::new(stream.map(|data| data.map(http_body::Frame::data))).boxed_unsync()
}

/// A head that never ends is waited for ten seconds, and no longer; others are answered meanwhile.
#[tokio::test]
async fn a_head_that_never_ends_is_not_waited_for() {
    let door = Door::open().await;
    let mut slow = TcpStream::connect(door.at).await.expect("a connection");
    slow.write_all(b"GET /platform-connections HTTP/1.1\r\nHost: x\r\nX-A: ").await.expect("written");
    door.is_well().await;
    let mut read = Vec::new();
    let all = slow.read_to_end(&mut read);
    let ended = tokio::time::timeout(PATIENCE, all).await.expect("the connection ends");
    let text = String::from_utf8_lossy(&read).into_owned();
    assert!(ended.is_err() || text.is_empty() || text.starts_with("HTTP/1.1 408"), "{text}");
    door.is_well().await;
}

/// A body that stops coming is waited for thirty seconds, and told so; others are answered meanwhile.
#[tokio::test]
async fn a_body_that_never_ends_is_not_waited_for() {
    let door = Door::open().await;
    let mut slow = TcpStream::connect(door.at).await.expect("a connection");
    let head = format!(
        "POST /platform-connections HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nIdempotency-Key: k\r\n\
         Content-Type: application/json\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{{",
        door.token
    );
    slow.write_all(head.as_bytes()).await.expect("written");
    door.is_well().await;
    let mut read = Vec::new();
    let all = slow.read_to_end(&mut read);
    let _ = tokio::time::timeout(PATIENCE * 2, all).await.expect("the connection ends");
    let text = String::from_utf8_lossy(&read).into_owned();
    assert!(text.starts_with("HTTP/1.1 408") && text.contains("request_timeout"), "{text}");
    door.is_well().await;
}

/// Whoever tells the server to stop gets answers to what is under way, and no new connection.
#[tokio::test]
async fn the_door_closes_when_it_is_told_to() {
    let door = Door::open().await;
    let (at, token) = (door.at, door.token.clone());
    let waiting = tokio::spawn(async move {
        let mut stream = TcpStream::connect(at).await.expect("a connection");
        let head =
            format!("GET /_tenon/events?wait=5 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.expect("written");
        let mut read = Vec::new();
        stream.read_to_end(&mut read).await.expect("an answer");
        String::from_utf8_lossy(&read).into_owned()
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    drop(door);
    let text = tokio::time::timeout(PATIENCE, waiting).await.expect("in time").expect("an answer");
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    assert!(TcpStream::connect(at).await.is_err(), "nobody listens");
}
