//! TLS for the door: certificates from PEM files, read again when they change.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

/// How often the files are looked at, in milliseconds: certificates are renewed days before they
/// end.
pub const TLS_FILES_POLL_MS: u64 = 10_000;

/// Most certificates of a chain or of a list of authorities, a count.
const CERTIFICATES_MAX: usize = 1_000;

/// The files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsSettings {
    /// The certificate and those above it, as PEM.
    pub certificate: PathBuf,
    /// Its private key, as PEM.
    pub key: PathBuf,
    /// Authorities of clients' certificates, as PEM: clients without one are turned away.
    pub client_ca: Option<PathBuf>,
}

/// Files that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsProblem {
    /// What is wrong, and with which file.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl TlsProblem {
    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

impl std::fmt::Display for TlsProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}; {}", self.message, self.help)
    }
}

impl std::error::Error for TlsProblem {}

impl From<rustls::Error> for TlsProblem {
    fn from(error: rustls::Error) -> Self {
        Self::new(format!("TLS cannot be set up: {error}"), "please report it")
    }
}

/// What tells that one of the files is another one than before.
type Stamps = Vec<Option<(SystemTime, u64)>>;

/// The configuration of TLS, as the files have it.
#[derive(Debug)]
pub struct Tls {
    settings: TlsSettings,
    current: ArcSwap<ServerConfig>,
    stamps: Mutex<Stamps>,
}

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    /// When one of them cannot be used.
    pub fn load(settings: TlsSettings) -> Result<Self, TlsProblem> {
        // The stamps first: a change while they are read is seen at the next look.
        let stamps = stamps(&settings);
        let current = ArcSwap::from_pointee(read(&settings)?);
        Ok(Self { settings, current, stamps: Mutex::new(stamps) })
    }

    /// The configuration for the next connection.
    #[must_use]
    pub fn config(&self) -> Arc<ServerConfig> {
        self.current.load_full()
    }

    /// Reads the files again if they have changed, and says whether they had. The certificate
    /// before still counts where they cannot be used.
    ///
    /// # Errors
    /// When one of them cannot be used.
    pub fn reload(&self) -> Result<bool, TlsProblem> {
        let found = stamps(&self.settings);
        if *self.stamps.lock() == found {
            return Ok(false);
        }
        let read = read(&self.settings);
        // A pair that is written half is read again once it is whole: that changes it once more.
        *self.stamps.lock() = found;
        self.current.store(Arc::new(read?));
        Ok(true)
    }

    /// Keeps the certificate fresh, for ever; to be spawned, and dropped at the end.
    pub async fn keep_fresh(&self) {
        loop {
            tokio::time::sleep(Duration::from_millis(TLS_FILES_POLL_MS)).await;
            match self.reload() {
                Ok(true) => tracing::info!(
                    file = %self.settings.certificate.display(), "the certificate has changed"
                ),
                Ok(false) => {}
                Err(problem) => {
                    tracing::warn!(%problem, "the certificate has not changed: the one before still counts");
                }
            }
        }
    }
}

fn stamps(settings: &TlsSettings) -> Stamps {
    let stamp = |path: &PathBuf| {
        let metadata = std::fs::metadata(path).ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    };
    [Some(&settings.certificate), Some(&settings.key), settings.client_ca.as_ref()]
        .into_iter()
        .flatten()
        .map(stamp)
        .collect()
}

fn read(settings: &TlsSettings) -> Result<ServerConfig, TlsProblem> {
    let chain = certificates(&settings.certificate)?;
    let key = PrivateKeyDer::from_pem_slice(&bytes(&settings.key)?).map_err(|error| {
        let message = format!("{} has no private key: {}", settings.key.display(), pem_reason(&error));
        TlsProblem::new(message, "give the key of the certificate as PEM, not encrypted")
    })?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(|error| TlsProblem::new(format!("TLS cannot be set up: {error}"), "please report it"))?;
    let builder = match &settings.client_ca {
        None => builder.with_no_client_auth(),
        Some(path) => {
            let mut roots = RootCertStore::empty();
            for certificate in certificates(path)? {
                roots.add(certificate).map_err(|error| {
                    let message =
                        format!("{} has a certificate that is no authority: {error}", path.display());
                    TlsProblem::new(message, "give the certificates that sign those of clients")
                })?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
            builder.with_client_cert_verifier(verifier.map_err(|error| {
                let message = format!("{} cannot verify clients: {error}", path.display());
                TlsProblem::new(message, "give the certificates that sign those of clients")
            })?)
        }
    };
    let mut config = builder.with_single_cert(chain, key).map_err(|error| {
        let (certificate, key) = (settings.certificate.display(), settings.key.display());
        let message = match error {
            rustls::Error::InconsistentKeys(_) => format!("{key} is not the key of {certificate}"),
            error => format!("{certificate} with {key} cannot be used: {error}"),
        };
        TlsProblem::new(message, "give the certificate first in its file, and the key that it was made with")
    })?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// The certificates of a PEM file, at least one.
pub(crate) fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsProblem> {
    let help = "give certificates as PEM: blocks of `-----BEGIN CERTIFICATE-----`";
    let mut out = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(&bytes(path)?) {
        out.push(certificate.map_err(|error| {
            let message = format!("{} cannot be read as PEM: {}", path.display(), pem_reason(&error));
            TlsProblem::new(message, help)
        })?);
        if out.len() > CERTIFICATES_MAX {
            let message = format!("{} has more than {CERTIFICATES_MAX} certificates", path.display());
            return Err(TlsProblem::new(message, help));
        }
    }
    if out.is_empty() {
        return Err(TlsProblem::new(format!("{} has no certificate", path.display()), help));
    }
    Ok(out)
}

fn bytes(path: &Path) -> Result<Vec<u8>, TlsProblem> {
    std::fs::read(path).map_err(|error| {
        let message = format!("cannot read {}: {error}", path.display());
        TlsProblem::new(message, "check the path and who may read it")
    })
}

fn pem_reason(error: &pem::Error) -> String {
    match error {
        pem::Error::NoItemsFound => "there is none in it".to_owned(),
        error => error.to_string(),
    }
}
