//! What tenon is compared with: the least an HTTP server, and a proxy, of the same library does.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, HeaderValue};
use http::{Method, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Full, combinators::BoxBody};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use parking_lot::Mutex;
use tokio::net::TcpListener;

use super::{Failure, Words};

/// What every request is answered with.
const HELLO: &[u8] = br#"{"hello":"world","number":12345,"good":true}"#;

type Body = BoxBody<Bytes, hyper::Error>;

/// How many `POST`s came, the first and the last.
#[derive(Default)]
struct Counted {
    posts: u64,
    first: Option<Instant>,
    last: Option<Instant>,
}

/// Answers every request with a little JSON; `GET /count` tells of the `POST`s before it.
pub(super) async fn echo(words: &Words) -> Result<(), Failure> {
    let listener = listen(words).await?;
    let counted = Arc::new(Mutex::new(Counted::default()));
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let counted = Arc::clone(&counted);
        tokio::spawn(async move {
            let service = service_fn(move |request: Request<Incoming>| {
                let counted = Arc::clone(&counted);
                async move {
                    let (head, body) = request.into_parts();
                    let _ = body.collect().await;
                    Ok::<_, Infallible>(hello(&head, &counted))
                }
            });
            let _ = http1::Builder::new()
                .pipeline_flush(true)
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

fn hello(head: &http::request::Parts, counted: &Mutex<Counted>) -> Response<Full<Bytes>> {
    let mut body = Bytes::from_static(HELLO);
    if head.method == Method::POST {
        let (now, mut counted) = (Instant::now(), counted.lock());
        counted.posts += 1;
        counted.first.get_or_insert(now);
        counted.last = Some(now);
    } else if head.uri.path() == "/count" {
        let counted = counted.lock();
        let seconds =
            counted.first.zip(counted.last).map_or(0.0, |(first, last)| (last - first).as_secs_f64());
        body = serde_json::json!({ "posts": counted.posts, "seconds": seconds }).to_string().into();
    }
    let mut response = Response::new(Full::new(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Passes every request on, and its answer back.
pub(super) async fn proxy(words: &Words) -> Result<(), Failure> {
    let listener = listen(words).await?;
    let to = words.text("to")?.to_owned();
    let client: Client<_, Incoming> = Client::builder(TokioExecutor::new()).build_http();
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let (client, to) = (client.clone(), to.clone());
        tokio::spawn(async move {
            let service = service_fn(move |mut request: Request<Incoming>| {
                let (client, to) = (client.clone(), to.clone());
                async move {
                    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
                    if let Ok(uri) = Uri::builder().scheme("http").authority(to).path_and_query(path).build()
                    {
                        *request.uri_mut() = uri;
                    }
                    request.headers_mut().remove(HOST);
                    Ok::<_, Infallible>(match client.request(request).await {
                        Ok(response) => response.map(BodyExt::boxed),
                        Err(_) => bad_gateway(),
                    })
                }
            });
            let _ = http1::Builder::new()
                .pipeline_flush(true)
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

fn bad_gateway() -> Response<Body> {
    let empty = Full::new(Bytes::new()).map_err(|never| match never {}).boxed();
    let mut response = Response::new(empty);
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response
}

async fn listen(words: &Words) -> Result<TcpListener, Failure> {
    let listener = TcpListener::bind(words.text("listen").unwrap_or("127.0.0.1:0")).await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(listener)
}
