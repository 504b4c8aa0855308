//! Sets of keys that live elsewhere: in a file, or at an address.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::{JWKS_BYTES_MAX, JWKS_FETCH_MS_MAX, KeysProblem};
use crate::trust;

type HttpClient = Client<HttpsConnector<HttpConnector>, Empty<Bytes>>;

/// What tells that a file is another one than before, without reading it.
pub(super) type Stamp = Option<(SystemTime, u64)>;

/// Where a set of keys lives.
#[derive(Debug)]
pub(super) enum Source {
    File(PathBuf),
    Url { address: Uri, client: Box<HttpClient> },
}

impl Source {
    /// An address, which must be `https`; on this machine `http` will do.
    pub(super) fn url(text: &str) -> Result<Self, KeysProblem> {
        let help = "give the `jwks_uri` of the issuer, an address with `https`";
        let wrong = |message: String| KeysProblem::new(message, help);
        let url = url::Url::parse(text).map_err(|error| wrong(format!("`{text}` is no address: {error}")))?;
        let is_here = match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        match url.scheme() {
            "https" => {}
            "http" if is_here => {}
            "http" => return Err(wrong("keys are not fetched over `http`".to_owned())),
            scheme => return Err(wrong(format!("keys are not fetched over `{scheme}`"))),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("the address has a password in it".to_owned()));
        }
        let address = url.as_str().parse().map_err(|_| wrong(format!("`{text}` is no address")))?;
        Ok(Self::Url { address, client: Box::new(client()?) })
    }

    /// The set as it is now.
    pub(super) async fn read(&self) -> Result<String, KeysProblem> {
        match self {
            Self::File(path) => {
                let read = tokio::fs::read_to_string(path).await;
                read.map_err(|error| unreadable(path, &error))
            }
            Self::Url { address, client } => {
                let limit = Duration::from_millis(JWKS_FETCH_MS_MAX);
                let late = |_| fetch_problem(address, "no answer in time".to_owned());
                tokio::time::timeout(limit, fetch(client, address)).await.map_err(late)?
            }
        }
    }

    /// The file, where it is one.
    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Url { .. } => None,
        }
    }
}

/// What a file is now.
pub(super) async fn stamp(path: &Path) -> Stamp {
    let metadata = tokio::fs::metadata(path).await.ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// A file that cannot be read.
pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> KeysProblem {
    let message = format!("cannot read {}: {error}", path.display());
    KeysProblem::new(message, "check the path and who may read it")
}

fn client() -> Result<HttpClient, KeysProblem> {
    let tls = trust::client().map_err(|problem| KeysProblem::new(problem.message, problem.help))?;
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http()
        .enable_http1()
        .enable_http2()
        .build();
    Ok(Client::builder(TokioExecutor::new()).build(connector))
}

/// Redirects are not followed: the keys are where the configuration says, or nowhere.
async fn fetch(client: &HttpClient, address: &Uri) -> Result<String, KeysProblem> {
    let failed = |what: String| fetch_problem(address, what);
    let request = Request::get(address.clone())
        .header(http::header::ACCEPT, "application/jwk-set+json, application/json")
        .header(http::header::USER_AGENT, concat!("tenon/", env!("CARGO_PKG_VERSION")))
        .body(Empty::new())
        .map_err(|error| failed(error.to_string()))?;
    let response = client.request(request).await.map_err(|error| failed(chain(&error)))?;
    if response.status() != StatusCode::OK {
        return Err(failed(format!("the answer is {}", response.status())));
    }
    let body = Limited::new(response.into_body(), JWKS_BYTES_MAX).collect().await;
    let body = body.map_err(|error| failed(error.to_string()))?.to_bytes();
    String::from_utf8(body.into()).map_err(|_| failed("the answer is not UTF-8".to_owned()))
}

fn fetch_problem(address: &Uri, what: String) -> KeysProblem {
    KeysProblem::new(format!("cannot fetch keys from {address}: {what}"), "it is tried again")
}

/// An error with what caused it, which is where the reason is.
fn chain(error: &dyn std::error::Error) -> String {
    let mut out = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        out.push_str(": ");
        out.push_str(&next.to_string());
        cause = next.source();
    }
    out
}
