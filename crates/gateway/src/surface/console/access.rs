//! Who may look at the console.
//!
//! For developers it is open on this machine: the connection comes from here, and the page was
//! asked for by a name of this machine, so that no site elsewhere can have its name lead here.
//! Otherwise it takes an operator: by the token in the `Authorization` field, or by the cookie
//! that signing in leaves, which holds that token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::header::{AUTHORIZATION, COOKIE, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN};
use sha2::Sha256;
use tenon_policies::{Condition, Refusal};

use crate::call::Call;
use crate::gateway::Gateway;
use crate::surface::OPERATOR;
use crate::surface::caller::Caller;

/// The cookie that holds the token of who signed in.
pub(super) const COOKIE_NAME: &str = "tenon_console";

/// Who looks.
#[derive(Debug)]
pub(super) struct Viewer {
    actor: String,
    /// What the forms of this viewer are bound to.
    session: String,
    signed_in: bool,
}

impl Viewer {
    /// Who it is, as audit entries have it.
    pub(super) fn actor(&self) -> &str {
        &self.actor
    }

    /// Whether there is something to sign out of.
    pub(super) fn is_signed_in(&self) -> bool {
        self.signed_in
    }

    /// What the forms of this viewer carry, so that no other site can send them.
    pub(super) fn csrf(&self, gateway: &Gateway) -> String {
        let mac = mac(gateway, &self.session);
        mac.map(|mac| URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())).unwrap_or_default()
    }

    /// Holds a form to where it came from.
    ///
    /// # Errors
    /// `guard_refused` where it is not one of ours.
    pub(super) fn admits(&self, gateway: &Gateway, call: &Call, csrf: &str) -> Result<(), Refusal> {
        let given = URL_SAFE_NO_PAD.decode(csrf).unwrap_or_default();
        // The comparison takes as long for a near miss as for any other.
        let is_ours = mac(gateway, &self.session).is_some_and(|mac| mac.verify_slice(&given).is_ok());
        match is_ours && is_same_origin(call) {
            true => Ok(()),
            false => Err(stale_form()),
        }
    }
}

/// What is told where a form cannot be taken.
pub(super) fn stale_form() -> Refusal {
    Refusal::new(Condition::GuardRefused)
        .with_status(403)
        .with_message("The form is not from this page, or too old. Load the page again and repeat.")
}

/// `None` where the key had no length, which HMAC always takes.
fn mac(gateway: &Gateway, session: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(gateway.cursor_secret()).ok()?;
    mac.update(b"tenon console form\0");
    mac.update(session.as_bytes());
    Some(mac)
}

/// Who looks; `None` where signing in would help.
///
/// # Errors
/// `scope_missing` where the token is good and is not an operator's.
pub(super) async fn viewer(gateway: &Gateway, call: &Call) -> Result<Option<Viewer>, Refusal> {
    if call.headers.contains_key(AUTHORIZATION) {
        let caller = Caller::of(gateway, call, OPERATOR).await?;
        let actor = caller.identity.actor().to_string();
        return Ok(Some(Viewer { session: actor.clone(), actor, signed_in: false }));
    }
    if let Some(token) = cookie(call)
        && let Ok(actor) = operator(gateway, call, token).await
    {
        return Ok(Some(Viewer { actor, session: token.to_owned(), signed_in: true }));
    }
    let open = gateway.development() && is_here(call);
    let developer =
        || Viewer { actor: "developer:console".to_owned(), session: String::new(), signed_in: false };
    Ok(open.then(developer))
}

/// The operator a token is of.
///
/// # Errors
/// As for every operation.
pub(super) async fn operator(gateway: &Gateway, call: &Call, token: &str) -> Result<String, Refusal> {
    let invalid = |_| Refusal::new(Condition::TokenInvalid);
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {token}")).map_err(invalid)?);
    let caller = Caller::with(gateway, &headers, call.received_ms).await?;
    match caller.identity.has_scope(OPERATOR) {
        true => Ok(caller.identity.actor().to_string()),
        false => Err(Refusal::new(Condition::ScopeMissing).with_detail(OPERATOR, "is not granted")),
    }
}

fn cookie(call: &Call) -> Option<&str> {
    let fields = call.headers.get_all(COOKIE).iter().filter_map(|field| field.to_str().ok());
    let pairs = fields.flat_map(|field| field.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == COOKIE_NAME).map(|(_, value)| value).find(|value| !value.is_empty())
}

/// Whether the caller sits at this machine, and means this machine. What a proxy passed on may be
/// from anywhere.
fn is_here(call: &Call) -> bool {
    let passed_on = ["forwarded", "x-forwarded-for", "x-forwarded-host", "via"];
    call.door.is_some_and(|door| door.peer.ip().to_canonical().is_loopback())
        && host(call).is_some_and(is_this_machine)
        && !passed_on.iter().any(|name| call.headers.contains_key(*name))
}

/// Host and port as the caller named them: HTTP/2 has them in the request line.
pub(super) fn host(call: &Call) -> Option<&str> {
    call.authority.as_deref().or_else(|| call.header(HOST.as_str()))
}

fn is_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let address = name.parse::<std::net::IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

/// Whether a form was sent by a page of ours, as far as the browser says. What says nothing of it
/// is no browser, and has no cookie of anyone.
pub(super) fn is_same_origin(call: &Call) -> bool {
    let site = call.headers.get(HeaderName::from_static("sec-fetch-site"));
    let by_site = site.is_none_or(|site| site == "same-origin" || site == "none");
    let by_origin = match call.header(ORIGIN.as_str()) {
        None => true,
        Some(origin) => {
            let named = origin.split_once("://").map(|(_, named)| named);
            named.is_some_and(|named| host(call).is_some_and(|host| host.eq_ignore_ascii_case(named)))
        }
    };
    by_site && by_origin
}

#[cfg(test)]
mod tests {
    use super::is_this_machine;

    #[test]
    fn only_names_of_this_machine_are_this_machine() {
        for name in ["localhost", "localhost:8080", "LOCALHOST", "127.0.0.1:8080", "127.9.9.9", "[::1]:8080"]
        {
            assert!(is_this_machine(name), "{name}");
        }
        for name in ["", "example.com", "localhost.example.com:80", "10.0.0.1", "0.0.0.0", "[::2]:80", "::1"]
        {
            assert!(!is_this_machine(name), "{name}");
        }
    }
}
