//! A JSON Web Token (RFC 7519), signed (RFC 7515), read the way RFC 8725 asks for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::authenticator::{Claims, IdentityOnce, Method};
use super::{Algorithm, CLAIMS_MAX, LEEWAY_MS, Problem, TOKEN_BYTES_MAX, strict_json};

/// A token whose parts are read. Nothing in it is to be believed yet.
#[derive(Debug)]
pub(super) struct Token<'t> {
    /// What is signed: header and claims as they came.
    pub signed: &'t str,
    /// The signature, as it came.
    pub signature: &'t str,
    /// The header.
    pub header: Map<String, Value>,
    /// The claims.
    pub claims: Map<String, Value>,
}

impl<'t> Token<'t> {
    pub(super) fn read(text: &'t str) -> Result<Self, Problem> {
        if text.len() > TOKEN_BYTES_MAX {
            return Err(Problem::TooLong);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(Problem::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(Problem::Malformed)?;
        let part = |part: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
            strict_json::object(&bytes)
        };
        let header = part(header).ok_or(Problem::Malformed)?;
        let claims = part(claims).ok_or(Problem::Malformed)?;
        if claims.len() > CLAIMS_MAX {
            return Err(Problem::Malformed);
        }
        Ok(Self { signed, signature, header, claims })
    }

    /// The algorithm and the key id of the header. Where it says to find keys (`jku`, `x5u`, `jwk`,
    /// `x5c`) is never looked at.
    pub(super) fn head(&self) -> Result<(Algorithm, Option<&str>), Problem> {
        if self.header.contains_key("crit") {
            return Err(Problem::ExtensionDemanded);
        }
        if let Some(kind) = self.header.get("typ") {
            let kind = kind.as_str().ok_or(Problem::Malformed)?;
            let kind = kind.strip_prefix("application/").unwrap_or(kind);
            if !["jwt", "at+jwt"].iter().any(|known| kind.eq_ignore_ascii_case(known)) {
                return Err(Problem::TypeUnknown);
            }
        }
        let algorithm = self.header.get("alg").and_then(Value::as_str).ok_or(Problem::Malformed)?;
        let algorithm = Algorithm::parse(algorithm).ok_or(Problem::AlgorithmNotAllowed)?;
        let id = match self.header.get("kid") {
            None => None,
            Some(id) => Some(id.as_str().ok_or(Problem::Malformed)?),
        };
        Ok((algorithm, id))
    }

    /// The claims, of a token whose signature is good.
    pub(super) fn into_claims(self, audiences: &[String], now_ms: i64) -> Result<Claims, Problem> {
        let issuer = self.claims.get("iss").and_then(Value::as_str).ok_or(Problem::ClaimUnusable("iss"))?;
        if !is_meant_for(&self.claims, audiences)? {
            return Err(Problem::AudienceWrong);
        }
        let issuer = issuer.to_owned();
        let claims = Claims::new(issuer, Method::Token, self.claims)?;
        if claims.expires_ms.is_none() {
            return Err(Problem::ClaimUnusable("exp"));
        }
        claims.check_time(now_ms)?;
        Ok(claims)
    }
}

fn is_meant_for(claims: &Map<String, Value>, audiences: &[String]) -> Result<bool, Problem> {
    let ours = |text: &str| audiences.iter().any(|audience| audience == text);
    match claims.get("aud") {
        Some(Value::String(text)) => Ok(ours(text)),
        Some(Value::Array(items)) if items.iter().all(Value::is_string) => {
            Ok(items.iter().filter_map(Value::as_str).any(ours))
        }
        _ => Err(Problem::ClaimUnusable("aud")),
    }
}

impl Claims {
    /// Claims with their times read.
    pub(super) fn new(issuer: String, method: Method, members: Map<String, Value>) -> Result<Self, Problem> {
        let expires_ms = time_ms(&members, "exp")?;
        let starts_ms = time_ms(&members, "nbf")?;
        let issued_ms = time_ms(&members, "iat")?;
        let identity = IdentityOnce::default();
        Ok(Self { issuer, method, members, expires_ms, starts_ms, issued_ms, identity })
    }

    /// Whether now is within their time.
    pub(super) fn check_time(&self, now_ms: i64) -> Result<(), Problem> {
        if self.expires_ms.is_some_and(|end| now_ms >= end.saturating_add(LEEWAY_MS)) {
            return Err(Problem::Expired);
        }
        // A token of the future would outlive revocations by the time of issue.
        let early = |start: Option<i64>| start.is_some_and(|start| now_ms.saturating_add(LEEWAY_MS) < start);
        if early(self.starts_ms) || early(self.issued_ms) {
            return Err(Problem::TooEarly);
        }
        Ok(())
    }
}

/// A moment in seconds since 1970, as milliseconds.
fn time_ms(claims: &Map<String, Value>, name: &'static str) -> Result<Option<i64>, Problem> {
    /// The year 9999, in seconds: moments past it are mistakes.
    const SECONDS_MAX: f64 = 253_402_300_799.0;
    let Some(value) = claims.get(name) else { return Ok(None) };
    let seconds = value.as_f64().ok_or(Problem::ClaimUnusable(name))?;
    if !(0.0..=SECONDS_MAX).contains(&seconds) {
        return Err(Problem::ClaimUnusable(name));
    }
    #[expect(clippy::cast_possible_truncation, reason = "between 0 and the year 9999, as just checked")]
    let ms = (seconds * 1000.0) as i64;
    Ok(Some(ms))
}

/// A token as it says it is: nothing is verified.
#[derive(Debug, Clone, PartialEq)]
pub struct Inspected {
    /// The header.
    pub header: Map<String, Value>,
    /// The claims.
    pub claims: Map<String, Value>,
}

/// Reads a token without verifying it, to be shown to people.
///
/// # Errors
/// When it is no token.
pub fn inspect(text: &str) -> Result<Inspected, Problem> {
    let token = Token::read(text.trim())?;
    Ok(Inspected { header: token.header, claims: token.claims })
}
