//! What the caller is told, and what the policy of identity makes of it.

use serde_json::json;
use tenon_gateway::authenticate::{Algorithm, Challenge, KeySource, Problem, Verified};
use tenon_policies::identity::{IdentityRule, decide};
use tenon_policies::{Condition, Refusal};

use crate::made::{
    NOW_MS, NOW_S, SECRET, assert_refused, authenticator, good, good_but, headers, hs256, look, with_secret,
};

fn condition(verified: &Verified, public: bool) -> Option<Condition> {
    decide(&IdentityRule::default(), verified.credentials(), public).err().map(|refusal| refusal.condition)
}

/// S0-88: no credentials, no entry, unless the operation is public; then bad ones are still bad.
#[test]
fn the_policy_is_told() {
    let door = with_secret();
    let none = door.verify_now(&headers(&[]), NOW_MS);
    assert_eq!(none, Verified::Anonymous);
    assert_eq!(condition(&none, false), Some(Condition::Unauthenticated));
    assert_eq!(condition(&none, true), None);
    assert_eq!(none.refusal(), None);
    let good = look(&door, &hs256(good()));
    assert_eq!(condition(&good, false), None);
    // S2-171: expired is 401, and says so.
    let expired = look(&door, &hs256(good_but(json!({ "exp": NOW_S - 60 }))));
    for public in [false, true] {
        assert_eq!(condition(&expired, public), Some(Condition::TokenExpired));
        let bad = door.verify_now(&headers(&[("authorization", "Basic YTpi")]), NOW_MS);
        assert_eq!(condition(&bad, public), Some(Condition::TokenInvalid));
    }
    let refusal = expired.refusal().unwrap();
    assert_eq!((refusal.condition, refusal.condition.http_status()), (Condition::TokenExpired, 401));
    assert_eq!(refusal.message(), "The token has expired; get a new one.");
}

/// RFC 6750: `WWW-Authenticate` with `error` only where there was a token.
#[test]
fn challenges_are_those_of_bearer_tokens() {
    let value = |refusal: &Refusal, scopes: &[String], keys| {
        Challenge::of(refusal, scopes).map(|challenge| challenge.value("tenon", keys))
    };
    let missing = Refusal::new(Condition::Unauthenticated);
    assert_eq!(value(&missing, &[], false).unwrap(), "Bearer realm=\"tenon\"");
    assert_eq!(value(&missing, &[], true).unwrap(), "Bearer realm=\"tenon\", ApiKey realm=\"tenon\"");
    assert_eq!(
        value(&Problem::AudienceWrong.refusal(), &[], false).unwrap(),
        "Bearer realm=\"tenon\", error=\"invalid_token\", \
         error_description=\"The token is meant for another audience ('aud').\""
    );
    let scopes = ["leads:read".to_owned(), "leads:write".to_owned()];
    assert_eq!(
        value(&Refusal::new(Condition::ScopeMissing), &scopes, false).unwrap(),
        "Bearer realm=\"tenon\", error=\"insufficient_scope\", scope=\"leads:read leads:write\""
    );
    assert_eq!(value(&Refusal::new(Condition::RateLimited), &scopes, false), None);
    // Nothing that is in it ends the header.
    let odd = Refusal::new(Condition::TokenInvalid).with_message("a\"b\\c\r\nSet-Cookie: x=é");
    let odd = value(&odd, &[], false).unwrap();
    assert!(odd.ends_with("error_description=\"abcSet-Cookie: x=\""), "{odd}");
}

/// No message says what is in a token.
#[test]
fn messages_tell_no_values() {
    let door = authenticator(Algorithm::Hs256, KeySource::Secret(SECRET.into()));
    let found = look(&door, &hs256(good_but(json!({ "iss": "https://secret.example.com" }))));
    assert_refused(&found, Problem::IssuerUnknown);
    assert!(!found.refusal().unwrap().message().contains("secret"));
}
