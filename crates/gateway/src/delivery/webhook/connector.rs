//! Connections to endpoints: resolves the name itself, asks of every address whether webhooks may
//! be sent there, and connects to the address that was asked about. A name that changes its mind
//! between the question and the connection gains nothing: it is not resolved twice.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::rt::TokioIo;
use tenon_policies::webhook_url::check_address;
use tokio::net::TcpStream;
use tower_service::Service;

use crate::delivery::limits::{ADDRESSES_MAX, CONNECT_MS_MAX};

/// What becomes of a name.
pub type Resolving = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Turns names into addresses.
pub trait Resolver: Send + Sync + std::fmt::Debug {
    /// The addresses of a name.
    fn resolve(&self, name: String, port: u16) -> Resolving;
}

/// The machine's own.
#[derive(Debug, Clone, Copy)]
pub struct SystemResolver;

impl Resolver for SystemResolver {
    fn resolve(&self, name: String, port: u16) -> Resolving {
        Box::pin(async move { Ok(tokio::net::lookup_host((name, port)).await?.collect()) })
    }
}

/// Why there is no connection.
#[derive(Debug)]
#[non_exhaustive]
pub enum ConnectError {
    /// The URL names no host.
    NoHost,
    /// The name leads nowhere.
    Unresolved(String),
    /// The name leads where webhooks are not sent.
    Refused(String),
    /// Nobody answers.
    Unreachable(String),
}

impl std::fmt::Display for ConnectError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoHost => f.write_str("the URL names no host"),
            Self::Unresolved(why) => write!(f, "the host is not found: {why}"),
            Self::Refused(why) => write!(f, "refused: {why}"),
            Self::Unreachable(why) => write!(f, "no connection: {why}"),
        }
    }
}

impl std::error::Error for ConnectError {}

/// Makes connections to addresses that were checked.
#[derive(Debug, Clone)]
pub(super) struct Connector {
    pub(super) resolver: Arc<dyn Resolver>,
    pub(super) development: bool,
}

impl Service<Uri> for Connector {
    type Response = TokioIo<TcpStream>;
    type Error = ConnectError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, ConnectError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let this = self.clone();
        Box::pin(async move {
            let addresses = this.addresses(&uri).await?;
            connect(&addresses).await
        })
    }
}

impl Connector {
    /// The addresses of a URL, every one of them checked: one that is refused refuses them all,
    /// because a name that leads to both kinds was made to.
    async fn addresses(&self, uri: &Uri) -> Result<Vec<SocketAddr>, ConnectError> {
        let host = uri.host().ok_or(ConnectError::NoHost)?;
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 });
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let addresses = match literal {
            Ok(address) => vec![SocketAddr::new(address, port)],
            Err(_) => {
                let resolving = self.resolver.resolve(host.to_owned(), port);
                resolving.await.map_err(|error| ConnectError::Unresolved(error.to_string()))?
            }
        };
        if addresses.is_empty() {
            return Err(ConnectError::Unresolved("the name has no address".to_owned()));
        }
        for address in &addresses {
            check_address(address.ip(), self.development)
                .map_err(|refusal| ConnectError::Refused(super::reason(&refusal)))?;
        }
        Ok(addresses)
    }
}

/// Connects to the first address that answers.
async fn connect(addresses: &[SocketAddr]) -> Result<TokioIo<TcpStream>, ConnectError> {
    let within = Duration::from_millis(CONNECT_MS_MAX);
    let mut last = "no address".to_owned();
    for address in addresses.iter().take(ADDRESSES_MAX) {
        match tokio::time::timeout(within, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Small messages should leave at once; where that cannot be had, they leave later.
                let _ = stream.set_nodelay(true);
                return Ok(TokioIo::new(stream));
            }
            Ok(Err(error)) => last = error.to_string(),
            Err(_) => last = format!("no answer within {CONNECT_MS_MAX} ms"),
        }
    }
    Err(ConnectError::Unreachable(last))
}
