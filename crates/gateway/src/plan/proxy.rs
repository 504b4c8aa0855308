//! Handlers that ask another server.

use http::HeaderName;
use tenon_graph::Name;
use tenon_graph::serving::Proxy;

use super::problem::{HANDLER_INVALID, Problems};
use crate::handlers::proxy::is_kept_back;

/// How long the other server may take where the contract does not say, in milliseconds.
const TIMEOUT_MS_DEFAULT: u64 = 30_000;

/// Failures in a row after which it is left alone, where the contract does not say, a count.
const BREAKER_FAILURES_DEFAULT: u32 = 5;

/// For how long, in milliseconds.
const COOLDOWN_MS_DEFAULT: u64 = 10_000;

/// Most attempts of one request, a count: more only adds to the trouble of a server in trouble.
const RETRIES_MAX: u64 = 5;

/// Another server, as it is asked.
#[derive(Debug, Clone)]
pub struct ProxyPlan {
    /// `http` or `https`.
    pub scheme: http::uri::Scheme,
    /// Host and port.
    pub authority: http::uri::Authority,
    /// What its paths begin with, without a slash at the end.
    pub base: String,
    /// How long it may take, in milliseconds.
    pub timeout_ms: u64,
    /// How often it is asked again, a count.
    pub retries: u32,
    /// Failures in a row after which it is left alone, a count.
    pub breaker_failures: u32,
    /// For how long, in milliseconds.
    pub cooldown_ms: u64,
    /// Header fields of the caller that it gets; `None` for all.
    pub forward: Option<Vec<HeaderName>>,
}

/// Reads where the other server is.
pub(super) fn proxy(proxy: &Proxy, problems: &mut Problems<'_>) -> Option<ProxyPlan> {
    let uri = proxy.url.text.parse::<http::Uri>().ok();
    let parts = uri.and_then(|uri| {
        let known = matches!(uri.scheme_str(), Some("http" | "https"));
        known.then(|| (uri.scheme().cloned(), uri.authority().cloned(), uri.path().to_owned()))
    });
    let Some((Some(scheme), Some(authority), path)) = parts else {
        let message = format!("`{}` is no address of a server", proxy.url.text);
        problems.add(&HANDLER_INVALID, proxy.url.at, message, "write it as in `http://127.0.0.1:9000/base`");
        return None;
    };
    let small = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    Some(ProxyPlan {
        scheme,
        authority,
        base: path.trim_end_matches('/').to_owned(),
        timeout_ms: problems.duration_ms(proxy.timeout.as_ref(), TIMEOUT_MS_DEFAULT),
        retries: small(proxy.retries.unwrap_or_default().min(RETRIES_MAX)),
        breaker_failures: proxy.breaker_failures.map_or(BREAKER_FAILURES_DEFAULT, small).max(1),
        cooldown_ms: problems.duration_ms(proxy.breaker_cooldown.as_ref(), COOLDOWN_MS_DEFAULT),
        forward: proxy.forward.as_ref().map(|names| forwarded(names, problems)),
    })
}

/// The fields that are passed on; what never is, is a problem and no promise.
fn forwarded(names: &[Name], problems: &mut Problems<'_>) -> Vec<HeaderName> {
    let mut out = Vec::with_capacity(names.len());
    for name in names {
        match name.text.parse::<HeaderName>() {
            Ok(field) if is_kept_back(&field) => problems.add(
                &HANDLER_INVALID,
                name.at,
                format!("`{}` is never passed on", name.text),
                "leave it out: it belongs to the connection, or the gateway sets it itself",
            ),
            Ok(field) => out.push(field),
            Err(_) => problems.add(
                &HANDLER_INVALID,
                name.at,
                format!("`{}` is no name of a header field", name.text),
                "name fields as in `Accept-Language`",
            ),
        }
    }
    out
}
