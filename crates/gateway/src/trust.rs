//! Whose certificates count where the program asks other servers.

use std::error::Error;
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

/// Whether a server was not asked because its certificate does not count.
pub(crate) fn is_distrust(error: &(dyn Error + 'static)) -> bool {
    let is_one = matches!(error.downcast_ref(), Some(rustls::Error::InvalidCertificate(_)));
    is_one || inner(error).is_some_and(is_distrust)
}

/// The next cause. An error of the system hides the one it was made of from its sources.
fn inner<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
        Some(held) => Some(held),
        None => error.source(),
    }
}

pub(crate) fn roots() -> Result<RootCertStore, TlsProblem> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let named = std::env::var_os(AUTHORITIES_VARIABLE).filter(|path| !path.is_empty());
    let Some(path) = named.map(PathBuf::from) else { return Ok(roots) };
    // A system's own list may have old ones that nothing here can read; the others count all the same.
    let (added, ignored) = roots.add_parsable_certificates(certificates(&path)?);
    if added == 0 {
        let message = format!("{} has {ignored} certificates, and none is an authority", path.display());
        return Err(TlsProblem::new(
            message,
            format!("mend the file that {AUTHORITIES_VARIABLE} names, or unset it"),
        ));
    }
    Ok(roots)
}
