//! TLS: handshakes with certificates made here.

use std::path::Path;
use std::sync::Arc;

use rcgen::{CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tenon_gateway::http::tls::{Tls, TlsSettings};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::made::runtime;

/// A certificate of its own for this machine, with its key, as PEM.
fn own() -> (String, String, CertificateDer<'static>) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    (made.cert.pem(), made.signing_key.serialize_pem(), made.cert.der().clone())
}

fn files(folder: &Path, certificate: &str, key: &str) -> TlsSettings {
    let settings =
        TlsSettings { certificate: folder.join("cert.pem"), key: folder.join("key.pem"), client_ca: None };
    std::fs::write(&settings.certificate, certificate).unwrap();
    std::fs::write(&settings.key, key).unwrap();
    settings
}

struct Client {
    trusts: CertificateDer<'static>,
    versions: Vec<&'static rustls::SupportedProtocolVersion>,
    protocols: Vec<&'static str>,
    identity: Option<(CertificateDer<'static>, Vec<u8>)>,
}

impl Client {
    fn trusting(trusts: &CertificateDer<'static>) -> Self {
        Self {
            trusts: trusts.clone(),
            versions: vec![&rustls::version::TLS13],
            protocols: vec![],
            identity: None,
        }
    }
}

/// The version and protocol that a client and the server agree on.
async fn handshake(tls: &Tls, client: Client) -> std::io::Result<(String, Option<String>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let mut roots = RootCertStore::empty();
    roots.add(client.trusts).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&client.versions)
        .unwrap()
        .with_root_certificates(roots);
    let mut config = match client.identity {
        None => builder.with_no_client_auth(),
        Some((certificate, key)) => {
            let key = PrivateKeyDer::try_from(key).unwrap();
            builder.with_client_auth_cert(vec![certificate], key).unwrap()
        }
    };
    config.alpn_protocols = client.protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    let acceptor = TlsAcceptor::from(tls.config());
    let server = async {
        let (stream, _) = listener.accept().await?;
        acceptor.accept(stream).await
    };
    let connector = TlsConnector::from(Arc::new(config));
    let client = async {
        let stream = TcpStream::connect(address).await?;
        connector.connect(ServerName::try_from("localhost").unwrap(), stream).await
    };
    let (served, connected) = tokio::join!(server, client);
    // In version 1.3 a client is done before the server has looked at its certificate.
    let (served, _connected) = (served?, connected?);
    let (_, connection) = served.get_ref();
    let version = format!("{:?}", connection.protocol_version().unwrap());
    let protocol = connection.alpn_protocol().map(|name| String::from_utf8(name.to_vec()).unwrap());
    Ok((version, protocol))
}

#[test]
fn clients_of_both_versions_and_protocols() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key, trusted) = own();
    let tls = Tls::load(files(folder.path(), &certificate, &key)).unwrap();
    runtime().block_on(async {
        for (version, name) in [(&rustls::version::TLS13, "TLSv1_3"), (&rustls::version::TLS12, "TLSv1_2")] {
            for (offered, agreed) in
                [(vec!["h2", "http/1.1"], Some("h2")), (vec!["http/1.1"], Some("http/1.1")), (vec![], None)]
            {
                let client =
                    Client { versions: vec![version], protocols: offered, ..Client::trusting(&trusted) };
                let found = handshake(&tls, client).await.unwrap();
                assert_eq!(found, (name.to_owned(), agreed.map(str::to_owned)));
            }
        }
        let client = Client { protocols: vec!["spdy/1"], ..Client::trusting(&trusted) };
        assert!(handshake(&tls, client).await.is_err());
        let (_, _, others) = own();
        assert!(handshake(&tls, Client::trusting(&others)).await.is_err());
    });
}

/// Clients without a certificate of the authority are turned away.
#[test]
fn clients_with_certificates() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key, trusted) = own();
    let mut authority = CertificateParams::new(vec![]).unwrap();
    authority.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let authority_pem = authority.self_signed(&authority_key).unwrap().pem();
    let issuer = Issuer::new(authority, authority_key);
    let client_key = KeyPair::generate().unwrap();
    let signed =
        CertificateParams::new(vec!["acme".to_owned()]).unwrap().signed_by(&client_key, &issuer).unwrap();
    let mut settings = files(folder.path(), &certificate, &key);
    let path = folder.path().join("clients.pem");
    std::fs::write(&path, authority_pem).unwrap();
    settings.client_ca = Some(path);
    let tls = Tls::load(settings).unwrap();
    runtime().block_on(async {
        let identity = Some((signed.der().clone(), client_key.serialize_der()));
        handshake(&tls, Client { identity, ..Client::trusting(&trusted) }).await.unwrap();
        assert!(handshake(&tls, Client::trusting(&trusted)).await.is_err());
        let made = rcgen::generate_simple_self_signed(vec!["acme".to_owned()]).unwrap();
        let identity = Some((made.cert.der().clone(), made.signing_key.serialize_der()));
        assert!(handshake(&tls, Client { identity, ..Client::trusting(&trusted) }).await.is_err());
    });
}

/// A new certificate counts from the next connection on; a broken one changes nothing.
#[test]
fn certificates_are_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key, old) = own();
    let tls = Tls::load(files(folder.path(), &certificate, &key)).unwrap();
    assert!(!tls.reload().unwrap());
    let (certificate, key, new) = own();
    std::fs::write(folder.path().join("cert.pem"), format!("{certificate}\n")).unwrap();
    let problem = tls.reload().unwrap_err().to_string();
    assert!(problem.contains("is not the key of"), "{problem}");
    runtime().block_on(async {
        handshake(&tls, Client::trusting(&old)).await.unwrap();
        std::fs::write(folder.path().join("key.pem"), format!("{key}\n")).unwrap();
        assert!(tls.reload().unwrap());
        handshake(&tls, Client::trusting(&new)).await.unwrap();
        assert!(handshake(&tls, Client::trusting(&old)).await.is_err());
    });
}

#[test]
fn files_that_are_wrong_say_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key, _) = own();
    let (_, other_key, _) = own();
    let says = |settings: TlsSettings, said: &str| {
        let problem = Tls::load(settings).unwrap_err().to_string();
        assert!(problem.contains(said), "{problem}\nlacks {said}");
    };
    says(files(folder.path(), "", &key), "cert.pem has no certificate; give certificates as PEM");
    says(files(folder.path(), &key, &key), "cert.pem has no certificate");
    says(files(folder.path(), &certificate, &certificate), "key.pem has no private key: there is none in it");
    says(files(folder.path(), &certificate, &other_key), "key.pem is not the key of");
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    says(files(folder.path(), broken, &key), "cannot be used");
    says(files(folder.path(), "-----BEGIN CERTIFICATE-----\nAA", &key), "cannot be read as PEM");
    let mut settings = files(folder.path(), &certificate, &key);
    settings.client_ca = Some(folder.path().join("none.pem"));
    says(settings.clone(), "cannot read");
    std::fs::write(folder.path().join("none.pem"), broken).unwrap();
    says(settings, "is no authority");
}
