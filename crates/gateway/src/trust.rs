//! Whose certificates count where the program asks other servers.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};

use crate::http::tls::{TlsProblem, certificates};

/// Names a file of further authorities as PEM, as it does for OpenSSL, curl and Go: those of a company
/// that signs for its own servers.
pub const AUTHORITIES_VARIABLE: &str = "SSL_CERT_FILE";

/// TLS towards other servers: the public authorities count, and those of [`AUTHORITIES_VARIABLE`].
///
/// # Errors
/// When that file cannot be used. It is never passed over: who names it depends on it.
pub fn client() -> Result<ClientConfig, TlsProblem> {
    Ok(config(roots()?)?)
}

/// The same with these authorities.
pub(crate) fn config(roots: RootCertStore) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

pub(crate) fn roots() -> Result<RootCertStore, TlsProblem> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let named = std::env::var_os(AUTHORITIES_VARIABLE).filter(|path| !path.is_empty());
    let Some(path) = named.map(PathBuf::from) else { return Ok(roots) };
    for certificate in certificates(&path)? {
        roots.add(certificate).map_err(|error| {
            let message = format!("{} has a certificate that is no authority: {error}", path.display());
            TlsProblem::new(message, format!("mend the file that {AUTHORITIES_VARIABLE} names, or unset it"))
        })?;
    }
    Ok(roots)
}
