//! A connection of HTTP/2 on which anything can be sent.

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};

pub struct Raw {
    sender: SendRequest<Full<Bytes>>,
}

/// An answer, trailers and all.
#[derive(Debug)]
pub struct Said {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Said {
    pub fn grpc(&self) -> Option<u16> {
        self.headers.get("grpc-status")?.to_str().ok()?.parse().ok()
    }

    pub fn message(&self) -> &str {
        self.headers.get("grpc-message").map_or("", |message| message.to_str().unwrap_or_default())
    }

    /// Whether the details name a code of the contract.
    pub fn has_code(&self, code: &str) -> bool {
        use base64::Engine as _;
        let details = self.headers.get("grpc-status-details-bin").map(|value| value.as_bytes().to_vec());
        let details = base64::engine::general_purpose::STANDARD_NO_PAD.decode(details.unwrap_or_default());
        details.is_ok_and(|details| details.windows(code.len()).any(|window| window == code.as_bytes()))
    }
}

impl Raw {
    pub async fn open(address: std::net::SocketAddr) -> Self {
        let stream = tokio::net::TcpStream::connect(address).await.expect("it listens");
        let (sender, connection) = http2::Builder::new(TokioExecutor::new())
            .initial_stream_window_size(16_384)
            .initial_connection_window_size(65_535)
            .handshake(TokioIo::new(stream))
            .await
            .expect("a connection");
        tokio::spawn(connection);
        Self { sender }
    }

    pub async fn send(
        &mut self,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> http::Response<Incoming> {
        let mut request =
            Request::builder().method(Method::POST).uri(format!("http://x{path}")).header("te", "trailers");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::from(body))).expect("a request");
        self.sender.ready().await.expect("it is ready");
        self.sender.send_request(request).await.expect("an answer")
    }

    pub async fn ask(&mut self, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Said {
        let (head, body) = self.send(path, headers, body).await.into_parts();
        let body = body.collect().await.expect("a body");
        let mut headers = head.headers;
        headers.extend(body.trailers().cloned().unwrap_or_default());
        Said { status: head.status, headers, body: body.to_bytes() }
    }
}

/// A message in its frame.
pub fn framed(message: &[u8]) -> Vec<u8> {
    let mut out = vec![0];
    out.extend_from_slice(&(message.len() as u32).to_be_bytes());
    out.extend_from_slice(message);
    out
}
