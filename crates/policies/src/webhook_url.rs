//! Where webhooks may be sent. See `webhook_url.md`.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::{Condition, Refusal};

/// Longest URL, in bytes.
pub const URL_BYTES_MAX: usize = 2_048;

/// A URL that webhooks may be sent to, as far as its text tells. Only [`check_url`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookUrl {
    url: Url,
}

impl WebhookUrl {
    /// The URL in its normal form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }
}

/// Whether webhooks may be sent to a URL: HTTPS to a public host, or, in development, HTTP to this
/// machine. A name must be looked up and each of its addresses asked of [`check_address`], at every
/// delivery: names change their minds.
///
/// # Errors
/// `webhook_url_refused`, with the reason.
pub fn check_url(text: &str, development: bool) -> Result<WebhookUrl, Refusal> {
    if text.len() > URL_BYTES_MAX {
        return Err(refused(&format!("is longer than {URL_BYTES_MAX} bytes")));
    }
    let url = Url::parse(text).map_err(|_| refused("is not an absolute URL"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("must not hold a user name or password"));
    }
    let host = url.host().ok_or_else(|| refused("has no host"))?;
    let loopback = match &host {
        Host::Domain(name) => is_local_name(name),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    match url.scheme() {
        "https" => {}
        "http" if development && loopback => {}
        "http" if development => {
            return Err(refused("should begin with `https://`; `http://` is for this machine only"));
        }
        _ => return Err(refused("should begin with `https://`")),
    }
    match &host {
        Host::Domain(_) if loopback && !development => {
            return Err(refused("names this machine or its own network"));
        }
        Host::Domain(_) => {}
        Host::Ipv4(address) => check_address(IpAddr::V4(*address), development)?,
        Host::Ipv6(address) => check_address(IpAddr::V6(*address), development)?,
    }
    Ok(WebhookUrl { url })
}

/// Whether webhooks may be sent to an address that a name has led to.
///
/// # Errors
/// `webhook_url_refused` for every address that is not public; in development loopback may be.
pub fn check_address(address: IpAddr, development: bool) -> Result<(), Refusal> {
    let kind = match address {
        IpAddr::V4(address) => kind_v4(address),
        IpAddr::V6(address) => kind_v6(address),
    };
    match kind {
        None => Ok(()),
        Some("loopback") if development => Ok(()),
        Some(kind) => Err(refused(&format!("leads to a {kind} address"))),
    }
}

fn refused(reason: &str) -> Refusal {
    Refusal::new(Condition::WebhookUrlRefused).with_detail("url", reason)
}

fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or_default();
    // Names without a dot are looked up in the local network.
    matches!(last, "localhost" | "local" | "internal" | "localdomain") || !name.contains('.')
}

/// Why an address is not public; the special ranges of the IANA registry.
fn kind_v4(address: Ipv4Addr) -> Option<&'static str> {
    let [a, b, c, _] = address.octets();
    Some(match (a, b, c) {
        (0, ..) => "unspecified",
        (127, ..) => "loopback",
        (10, ..) | (172, 16..=31, _) | (192, 168, _) => "private",
        (169, 254, _) => "link-local",
        (100, 64..=127, _) => "carrier",
        (192, 0, 0) | (192, 0, 2) | (198, 51, 100) | (203, 0, 113) | (192, 88, 99) => "reserved",
        (198, 18..=19, _) => "reserved",
        (224..=239, ..) => "multicast",
        (240..=255, ..) => "reserved",
        _ => return None,
    })
}

fn kind_v6(address: Ipv6Addr) -> Option<&'static str> {
    if address.is_unspecified() {
        return Some("unspecified");
    }
    if address.is_loopback() {
        return Some("loopback");
    }
    let segments = address.segments();
    let [first, second, ..] = segments;
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match segments {
        // Mapped and compatible addresses are IPv4 in disguise, and never what a public name has.
        [0, 0, 0, 0, 0, 0xffff, ..] | [0, 0, 0, 0, 0, 0, ..] => return Some("mapped"),
        // NAT64 and 6to4 lead to the IPv4 address within.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => return kind_v4(embedded(high, low)),
        [0x2002, high, low, ..] => return kind_v4(embedded(high, low)),
        _ => {}
    }
    Some(match (first, second) {
        (0xfc00..=0xfdff, _) => "private",
        (0xfe80..=0xfebf, _) => "link-local",
        (0xfec0..=0xfeff, _) => "private",
        (0xff00..=0xffff, _) => "multicast",
        (0x2001, 0..=0x01ff | 0x0db8) | (0x64, 0xff9b) | (0x100, 0) | (0x3fff, 0..=0x0fff) => "reserved",
        // Only 2000::/3 is given out.
        (0x2000..=0x3fff, _) => return None,
        _ => "reserved",
    })
}
