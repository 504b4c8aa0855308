//! Tokens that are taken, and how each way to sign is kept apart from the others.

use serde_json::json;
use tenon_gateway::authenticate::{Algorithm, KeySource, Method, Problem};

use crate::made::{
    AUDIENCE, ISSUER, NOW_MS, NOW_S, SECRET, assert_refused, authenticator, bearer, claims, forged, good,
    good_but, headers, hs256, look, pair, with_secret,
};

const WITH_PUBLIC_KEYS: [Algorithm; 3] = [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa];

/// S2-139, S2-171: a bearer token of the tenant opens the door, with what it says.
#[test]
fn every_algorithm_verifies() {
    let found = look(&with_secret(), &hs256(good()));
    assert_eq!(claims(&found).members["tenant_id"], "t-1");
    for algorithm in WITH_PUBLIC_KEYS {
        let pair = pair(algorithm);
        let door = authenticator(algorithm, KeySource::Pem(pair.public_pem.clone()));
        let found = claims(&look(&door, &pair.sign(good(), None)));
        assert_eq!((found.issuer.as_str(), found.method), (ISSUER, Method::Token), "{algorithm:?}");
        assert_eq!(found.expires_ms, Some((NOW_S + 600) * 1000));
        let other = self::pair(algorithm).sign(good(), None);
        assert_refused(&look(&door, &other), Problem::SignatureWrong);
    }
}

/// Several keys in one PEM file, so that they can be changed.
#[test]
fn a_pem_file_may_hold_several_keys() {
    let (old, new) = (pair(Algorithm::Es256), pair(Algorithm::Es256));
    let both = format!("# keys\n{}{}", old.public_pem, new.public_pem);
    let door = authenticator(Algorithm::Es256, KeySource::Pem(both));
    for pair in [old, new] {
        claims(&look(&door, &pair.sign(good(), Some("any"))));
    }
}

/// The second time a token is seen it is not verified again, and still not believed past its end.
#[test]
fn remembered_tokens_end_too() {
    let door = with_secret();
    let token = bearer(&hs256(good()));
    let first = claims(&door.verify_now(&token, NOW_MS));
    let second = claims(&door.verify_now(&token, NOW_MS + 1));
    assert!(std::sync::Arc::ptr_eq(&first, &second));
    let end_ms = (NOW_S + 600) * 1000;
    claims(&door.verify_now(&token, end_ms + 29_999));
    for _ in 0..2 {
        assert_refused(&door.verify_now(&token, end_ms + 30_000), Problem::Expired);
    }
    // A clock that is set back must not find it good where it was not good yet.
    assert_refused(&door.verify_now(&token, (NOW_S - 100) * 1000), Problem::TooEarly);
}

/// However many tokens come, a bounded number is remembered, and all are verified.
#[test]
fn few_tokens_are_remembered() {
    let door = with_secret();
    let max = tenon_gateway::authenticate::CACHED_TOKENS_MAX;
    let first = hs256(good());
    for number in 0..max + 500 {
        claims(&look(&door, &hs256(good_but(json!({ "jti": number.to_string() })))));
    }
    claims(&look(&door, &first));
    assert!((max / 4..=max).contains(&door.remembered()), "{}", door.remembered());
}

/// S2-171: expired tokens are refused; so are those of the future. Half a minute of leeway.
#[test]
fn times_are_held_to() {
    let door = with_secret();
    let at = |changes| look(&door, &hs256(good_but(changes)));
    claims(&at(json!({ "exp": NOW_S - 29 })));
    assert_refused(&at(json!({ "exp": NOW_S - 30 })), Problem::Expired);
    claims(&at(json!({ "exp": NOW_S as f64 + 0.5 })));
    claims(&at(json!({ "nbf": NOW_S + 30 })));
    assert_refused(&at(json!({ "nbf": NOW_S + 31 })), Problem::TooEarly);
    assert_refused(&at(json!({ "iat": NOW_S + 31 })), Problem::TooEarly);
    for bad in [json!(null), json!("tomorrow"), json!(-1), json!(1e300), json!(true)] {
        assert_refused(&at(json!({ "exp": bad })), Problem::ClaimUnusable("exp"));
    }
    assert_refused(&at(json!({ "nbf": "soon" })), Problem::ClaimUnusable("nbf"));
    assert_refused(&at(json!({ "iat": {} })), Problem::ClaimUnusable("iat"));
}

/// A token is for whom it names, from whom we trust.
#[test]
fn audience_and_issuer_are_held_to() {
    let door = with_secret();
    let at = |changes| look(&door, &hs256(good_but(changes)));
    claims(&at(json!({ "aud": ["others", AUDIENCE] })));
    assert_refused(&at(json!({ "aud": "others" })), Problem::AudienceWrong);
    assert_refused(&at(json!({ "aud": [] })), Problem::AudienceWrong);
    for bad in [json!(null), json!(7), json!([AUDIENCE, 7]), json!({ "sales": true })] {
        assert_refused(&at(json!({ "aud": bad })), Problem::ClaimUnusable("aud"));
    }
    // To the letter: a slash less is another issuer.
    assert_refused(&at(json!({ "iss": "https://id.example.com" })), Problem::IssuerUnknown);
    assert_refused(&at(json!({ "iss": [ISSUER] })), Problem::ClaimUnusable("iss"));
    assert_refused(&at(json!({ "iss": null })), Problem::ClaimUnusable("iss"));
}

/// `alg: none` in every spelling, with and without a signature.
#[test]
fn none_is_no_algorithm() {
    let door = with_secret();
    let claims = good().to_string();
    for name in ["none", "None", "NONE", "nOnE", "", "HS1", "hs256"] {
        let token = forged(&json!({ "alg": name, "typ": "JWT" }).to_string(), &claims, SECRET);
        assert_refused(&look(&door, &token), Problem::AlgorithmNotAllowed);
        let (bare, _) = token.rsplit_once('.').unwrap();
        assert_refused(&look(&door, &format!("{bare}.")), Problem::AlgorithmNotAllowed);
    }
    let good = hs256(self::good());
    let (bare, _) = good.rsplit_once('.').unwrap();
    assert_refused(&look(&door, &format!("{bare}.")), Problem::SignatureWrong);
}

/// The public key, which everybody has, is not taken for a secret.
#[test]
fn a_public_key_is_no_secret() {
    let header = json!({ "alg": "HS256", "typ": "JWT" }).to_string();
    for algorithm in WITH_PUBLIC_KEYS {
        let pair = pair(algorithm);
        let door = authenticator(algorithm, KeySource::Pem(pair.public_pem.clone()));
        let token = forged(&header, &good().to_string(), &pair.public_pem);
        assert_refused(&look(&door, &token), Problem::AlgorithmNotAllowed);
        let jwks = json!({ "keys": [pair.jwk("k")] }).to_string();
        let door = authenticator(algorithm, KeySource::Jwks(jwks));
        assert_refused(&look(&door, &token), Problem::AlgorithmNotAllowed);
    }
    // Nor is a key of one kind taken for another.
    let (rsa, curve) = (pair(Algorithm::Rs256), pair(Algorithm::Es256));
    let door = authenticator(Algorithm::Rs256, KeySource::Pem(rsa.public_pem));
    assert_refused(&look(&door, &curve.sign(good(), None)), Problem::AlgorithmNotAllowed);
}

/// What is not a token at all.
#[test]
fn broken_tokens_are_refused() {
    let door = with_secret();
    let good = hs256(good());
    let parts: Vec<&str> = good.split('.').collect();
    let (head, body, end) = (parts[0], parts[1], parts[2]);
    for text in [
        String::new(),
        "a".to_owned(),
        "..".to_owned(),
        format!("{head}.{body}"),
        format!("{head}.{body}.{end}.{end}.{end}"),
        format!("{head}=.{body}.{end}"),
        format!("{head}.{body}==.{end}"),
        format!("{head}.%%%.{end}"),
        format!("{head}.{}.{end}", body.replace('.', "+/")).replacen('e', "+", 1),
        format!(".{body}.{end}"),
        format!("{head}..{end}"),
    ] {
        assert_refused(&look(&door, &text), Problem::Malformed);
    }
    for end in ["%%%", "A", "AAAA=", &format!("{end}A")] {
        assert_refused(&look(&door, &format!("{head}.{body}.{end}")), Problem::SignatureWrong);
    }
    for (header, claims) in [
        ("[]", "{}"),
        ("{}", "{}"),
        (r#"{"alg":7}"#, "{}"),
        (r#"{"alg":"HS256","kid":7}"#, "{}"),
        (r#"{"alg":"HS256","typ":[]}"#, "{}"),
        ("null", "{}"),
        (r#"{"alg":"HS256"}"#, "null"),
        (r#"{"alg":"HS256"}"#, "{"),
        (r#"{"alg":"HS256"} x"#, "{}"),
    ] {
        assert_refused(&look(&door, &forged(header, claims, SECRET)), Problem::Malformed);
    }
    let deep = format!(r#"{{"iss":{}1{}}}"#, "[".repeat(500), "]".repeat(500));
    assert_refused(&look(&door, &forged(r#"{"alg":"HS256"}"#, &deep, SECRET)), Problem::Malformed);
    let empty = forged(r#"{"alg":"HS256"}"#, "{}", SECRET);
    assert_refused(&look(&door, &empty), Problem::ClaimUnusable("iss"));
}

/// One member twice: whoever stands in front of us may have read the other one.
#[test]
fn a_claim_stands_once() {
    let door = with_secret();
    let twice = good().to_string().replacen('{', r#"{"tenant_id":"t-2","#, 1);
    let header = r#"{"alg":"HS256","typ":"JWT"}"#;
    assert_refused(&look(&door, &forged(header, &twice, SECRET)), Problem::Malformed);
    let within = good_but(json!({ "act_for": "MARK" })).to_string();
    let within = within.replace("\"MARK\"", r#"{"type":"partner","id":"acme","id":"other"}"#);
    assert_refused(&look(&door, &forged(header, &within, SECRET)), Problem::Malformed);
    let header = r#"{"alg":"none","alg":"HS256"}"#;
    assert_refused(&look(&door, &forged(header, &good().to_string(), SECRET)), Problem::Malformed);
}

/// Headers that ask for more than is known, or for another use.
#[test]
fn headers_cannot_ask_for_more() {
    let door = with_secret();
    let at = |header: &str| look(&door, &forged(header, &good().to_string(), SECRET));
    assert_refused(&at(r#"{"alg":"HS256","crit":["b64"],"b64":false}"#), Problem::ExtensionDemanded);
    assert_refused(&at(r#"{"alg":"HS256","crit":[]}"#), Problem::ExtensionDemanded);
    assert_refused(&at(r#"{"alg":"HS256","typ":"dpop+jwt"}"#), Problem::TypeUnknown);
    assert_refused(&at(r#"{"alg":"HS256","typ":"logout+jwt"}"#), Problem::TypeUnknown);
    for kind in ["JWT", "jwt", "at+jwt", "application/at+jwt"] {
        claims(&at(&json!({ "alg": "HS256", "typ": kind }).to_string()));
    }
    // Where a header says to find keys is never looked at.
    claims(&at(r#"{"alg":"HS256","jku":"http://127.0.0.1:1/keys","x5u":"http://127.0.0.1:1/cert"}"#));
    let own = json!({ "alg": "HS256", "jwk": { "kty": "oct", "k": "AAAA" } }).to_string();
    let token = forged(&own, &good().to_string(), "another secret, long enough for HS256 too");
    assert_refused(&look(&door, &token), Problem::SignatureWrong);
}

/// Sizes have limits.
#[test]
fn long_tokens_are_refused() {
    let door = with_secret();
    let long = hs256(good_but(json!({ "scope": "x".repeat(20_000) })));
    assert_refused(&look(&door, &long), Problem::TooLong);
    claims(&look(&door, &hs256(good_but(json!({ "scope": "x".repeat(10_000) })))));
    let many: serde_json::Map<_, _> = (0..300).map(|n| (format!("claim_{n}"), json!(1))).collect();
    assert_refused(&look(&door, &hs256(good_but(json!(many)))), Problem::Malformed);
}

/// One credential, in a scheme that is known.
#[test]
fn one_credential_at_a_time() {
    let door = with_secret();
    let token = hs256(good());
    let at = |list: &[(&'static str, &str)]| door.verify_now(&headers(list), NOW_MS);
    let bearer = format!("Bearer {token}");
    for scheme in ["bearer", "BEARER", "Bearer "] {
        claims(&at(&[("authorization", &format!("{scheme} {token}"))]));
    }
    assert_refused(&at(&[("authorization", &bearer), ("authorization", &bearer)]), Problem::Ambiguous);
    assert_refused(&at(&[("authorization", &bearer), ("x-api-key", "tenon_a_b")]), Problem::Ambiguous);
    assert_refused(&at(&[("authorization", "Basic YTpi")]), Problem::SchemeUnknown);
    assert_refused(&at(&[("authorization", &token)]), Problem::SchemeUnknown);
    assert_refused(&at(&[("authorization", "Bearer")]), Problem::Malformed);
    assert_refused(&at(&[("authorization", &format!("Bearer {token} {token}"))]), Problem::Malformed);
    let mut bytes = http::HeaderMap::new();
    bytes.insert("authorization", http::HeaderValue::from_bytes(b"Bearer \xff").unwrap());
    assert_refused(&door.verify_now(&bytes, NOW_MS), Problem::Malformed);
}
