//! Cross-origin requests: which pages of browsers may call, and may read what they are answered.
//!
//! Nothing here lets a request through that the pipeline would not: a browser without the answer of
//! this module keeps what it got from the page. Credentials are tokens in header fields, never
//! cookies, so `Access-Control-Allow-Credentials` is never said.

use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderName, HeaderValue, ORIGIN, VARY,
};
use http::{Method, Response, StatusCode, Uri};
use http_body_util::BodyExt as _;

use crate::reply::Body;

/// How long a browser keeps the answer of a preflight, in seconds: as long as any of them does.
const PREFLIGHT_S: &str = "7200";

/// Methods that pages may use.
const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";

/// Fields pages may always read; only others are named.
const ALWAYS_READ: [&str; 7] = [
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
    "pragma",
];

/// Fields of how a call of gRPC-Web ended. They stand in the body, but clients that ask for them as
/// fields must not be told that they may not.
const OF_GRPC: [&str; 3] = ["grpc-status", "grpc-message", "grpc-status-details-bin"];

/// The pages that may call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cors {
    origins: Vec<String>,
    any: bool,
    /// Pages of this machine, at any port: what a developer's own server sends.
    loopback: bool,
}

impl Cors {
    /// Pages of these origins, such as `https://app.example.com`; `*` is any.
    ///
    /// # Errors
    /// The first that is no origin.
    pub fn new(origins: &[String]) -> Result<Self, String> {
        match origins.iter().find(|origin| *origin != "*" && !is_origin(origin)) {
            Some(wrong) => Err(wrong.clone()),
            None => Ok(Self {
                any: origins.iter().any(|one| one == "*"),
                origins: origins.to_vec(),
                loopback: false,
            }),
        }
    }

    /// The same, and pages of this machine where the gateway runs for developers.
    #[must_use]
    pub fn with_loopback(self, loopback: bool) -> Self {
        Self { loopback, ..self }
    }

    /// The origin of a request as it may be told, where its page may call.
    fn allowed<'a>(&self, headers: &'a HeaderMap) -> Option<&'a HeaderValue> {
        let value = headers.get(ORIGIN)?;
        let origin = value.to_str().ok()?;
        let known =
            self.any || self.origins.iter().any(|one| one == origin) || self.loopback && is_loopback(origin);
        known.then_some(value)
    }
}

/// Whether a text is scheme, host and port as browsers send them.
fn is_origin(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else { return false };
    let (Some(scheme @ ("http" | "https")), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return false;
    };
    text == format!("{scheme}://{authority}")
        && !authority.as_str().contains('@')
        && !text.bytes().any(|byte| byte.is_ascii_uppercase())
}

fn is_loopback(origin: &str) -> bool {
    let Ok(uri) = origin.parse::<Uri>() else { return false };
    matches!(uri.host(), Some("localhost" | "127.0.0.1" | "[::1]")) && is_origin(origin)
}

/// A request from a page, as far as its answer is concerned.
#[derive(Debug)]
pub(crate) struct Asked {
    origin: Option<HeaderValue>,
    preflight: bool,
    wanted: Option<HeaderValue>,
}

impl Asked {
    /// What is to be told a page; nothing where no page asks.
    pub(crate) fn of(cors: &Cors, head: &http::request::Parts) -> Option<Self> {
        if !head.headers.contains_key(ORIGIN) {
            return None;
        }
        Some(Self {
            origin: cors.allowed(&head.headers).cloned(),
            preflight: head.method == Method::OPTIONS
                && head.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD),
            wanted: head.headers.get(ACCESS_CONTROL_REQUEST_HEADERS).cloned(),
        })
    }

    /// The answer to a browser that asks whether its page may ask.
    pub(crate) fn preflight(&self) -> Option<Response<Body>> {
        let origin = self.origin.as_ref().filter(|_| self.preflight)?;
        let body = http_body_util::Empty::<Bytes>::new().map_err(|never| match never {}).boxed_unsync();
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
        if let Some(wanted) = &self.wanted {
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
        }
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(PREFLIGHT_S));
        headers.insert(VARY, HeaderValue::from_static("origin, access-control-request-headers"));
        Some(response)
    }

    /// Lets the page read an answer, where it may.
    pub(crate) fn tell(&self, headers: &mut HeaderMap) {
        headers.append(VARY, HeaderValue::from_static("origin"));
        let Some(origin) = &self.origin else { return };
        let names = headers.keys().map(HeaderName::as_str).filter(|name| !ALWAYS_READ.contains(name));
        let mut names: Vec<&str> = names.chain(OF_GRPC).collect();
        names.sort_unstable();
        names.dedup();
        if let Ok(names) = HeaderValue::from_str(&names.join(", ")) {
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, names);
        }
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(cors: &Cors, origin: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(ORIGIN, HeaderValue::from_static(origin));
        cors.allowed(&headers).is_some()
    }

    #[test]
    fn only_origins_are_taken() {
        for good in ["https://app.example.com", "http://localhost:5173", "https://[::1]:8443", "*"] {
            assert!(Cors::new(&[good.to_owned()]).is_ok(), "{good}");
        }
        for wrong in
            ["", "app.example.com", "https://app.example.com/", "ftp://a", "https://a@b", "HTTPS://A"]
        {
            assert_eq!(Cors::new(&[wrong.to_owned()]), Err(wrong.to_owned()));
        }
    }

    #[test]
    fn pages_of_this_machine_are_those_of_its_names_alone() {
        let cors = Cors::default().with_loopback(true);
        for good in ["http://localhost", "http://localhost:3000", "https://127.0.0.1:8", "http://[::1]:5173"]
        {
            assert!(may(&cors, good), "{good}");
            assert!(!may(&Cors::default(), good), "{good}");
        }
        for wrong in
            ["http://localhost.example.com", "http://127.0.0.1.example.com", "null", "http://x@localhost"]
        {
            assert!(!may(&cors, wrong), "{wrong}");
        }
    }

    #[test]
    fn origins_are_compared_to_the_letter() {
        let cors = Cors::new(&["https://app.example.com".to_owned()]).unwrap();
        assert!(may(&cors, "https://app.example.com"));
        for wrong in ["http://app.example.com", "https://app.example.com:444", "https://x.app.example.com"] {
            assert!(!may(&cors, wrong), "{wrong}");
        }
        assert!(may(&Cors::new(&["*".to_owned()]).unwrap(), "null"));
    }
}
