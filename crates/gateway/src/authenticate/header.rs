//! The credentials that a request brings.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::Problem;

/// The header that API keys come in, beside `Authorization: ApiKey`.
const API_KEY: &str = "x-api-key";

/// What was presented.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Presented<'h> {
    Nothing,
    Token(&'h str),
    ApiKey(&'h str),
}

/// The one credential of a request. Two are an error, for whoever stands in front of us may have
/// looked at the other one.
pub(super) fn presented(headers: &HeaderMap) -> Result<Presented<'_>, Problem> {
    let mut found = Presented::Nothing;
    for value in headers.get_all(AUTHORIZATION) {
        let text = value.to_str().map_err(|_| Problem::Malformed)?.trim();
        let (scheme, rest) = text.split_once(' ').unwrap_or((text, ""));
        let rest = rest.trim();
        let credential = if scheme.eq_ignore_ascii_case("bearer") {
            Presented::Token(rest)
        } else if scheme.eq_ignore_ascii_case("apikey") {
            Presented::ApiKey(rest)
        } else {
            return Err(Problem::SchemeUnknown);
        };
        found = only(found, credential)?;
    }
    for value in headers.get_all(API_KEY) {
        let text = value.to_str().map_err(|_| Problem::ApiKeyUnknown)?.trim();
        found = only(found, Presented::ApiKey(text))?;
    }
    Ok(found)
}

fn only<'h>(found: Presented<'h>, next: Presented<'h>) -> Result<Presented<'h>, Problem> {
    if found == Presented::Nothing { Ok(next) } else { Err(Problem::Ambiguous) }
}
