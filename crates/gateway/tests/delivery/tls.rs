//! Webhooks over HTTPS.

use std::net::SocketAddr;
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tenon_gateway::delivery::webhook::{Reach, Resolver, Resolving, Settings};
use tenon_storage::DeliveryState;

use crate::support::*;

const NAME: &str = "hooks.example.com";

/// Every name is this machine.
#[derive(Debug)]
struct Here;

impl Resolver for Here {
    fn resolve(&self, _: String, port: u16) -> Resolving {
        Box::pin(async move { Ok(vec![SocketAddr::from(([127, 0, 0, 1], port))]) })
    }
}

/// An authority, and a server with its certificate for a name.
fn certified(name: &str) -> (CertificateDer<'static>, tokio_rustls::TlsAcceptor) {
    let authority_key = rcgen::KeyPair::generate().expect("a key");
    let mut authority = rcgen::CertificateParams::new(Vec::<String>::new()).expect("parameters");
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let root = authority.self_signed(&authority_key).expect("a root");
    let issuer = rcgen::Issuer::new(authority, authority_key);
    let key = rcgen::KeyPair::generate().expect("a key");
    let leaf = rcgen::CertificateParams::new(vec![name.to_owned()]).expect("parameters");
    let leaf = leaf.signed_by(&key, &issuer).expect("a certificate");
    let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], private)
        .expect("a configuration");
    (root.der().clone(), tokio_rustls::TlsAcceptor::from(Arc::new(config)))
}

async fn attempted(name: &str, is_trusted: bool) -> (usize, DeliveryState, String) {
    let (root, tls) = certified(name);
    let receiver = Receiver::with_tls(Some(tls), |_| status(200)).await;
    let (store, (_, world)) = (store(), world());
    let more_roots = if is_trusted { vec![root] } else { Vec::new() };
    let reach = Reach { more_roots, resolver: Arc::new(Here), ..Reach::new(true) };
    subscribe(&store, subscription("s1", &format!("https://{NAME}:{}/x", receiver.port))).await;
    let running = Running::start(&store, &world, Settings { reach, ..settings() });
    publish(&store, vec![event("e1")]).await;
    until("the outcome", || deliveries(&store, false)[0].attempts == 1).await;
    running.stop().await;
    let delivery = deliveries(&store, false).remove(0);
    (receiver.all().len(), delivery.state, delivery.last.unwrap_or_default())
}

#[tokio::test]
async fn certificates_are_checked() {
    assert_eq!(attempted(NAME, true).await, (1, DeliveryState::Delivered, "200".to_owned()));

    let (received, state, last) = attempted(NAME, false).await;
    assert_eq!((received, state), (0, DeliveryState::Pending));
    assert!(last.contains("certificate"), "{last}");

    let (received, state, last) = attempted("other.example.com", true).await;
    assert_eq!((received, state), (0, DeliveryState::Pending));
    assert!(last.contains("certificate"), "{last}");
}
