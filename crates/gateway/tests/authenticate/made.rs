//! What the tests are made of: keys, tokens, requests.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;
use rcgen::KeyPair;
use serde_json::{Map, Value, json};
use tenon_gateway::authenticate::{
    Algorithm, AuthenticationSettings, Authenticator, Claims, IssuerSettings, KeySource, Problem, SigningKey,
    Verified,
};

/// The time of the tests: an ordinary day.
pub const NOW_S: i64 = 1_790_000_000;
pub const NOW_MS: i64 = NOW_S * 1000;

pub const ISSUER: &str = "https://id.example.com/";
pub const AUDIENCE: &str = "sales";
pub const SECRET: &str = "a secret of the tests, long enough for HS256";

/// Claims of a good token.
pub fn good() -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "acme", "actor_type": "partner", "tenant_id": "t-1",
        "scope": "leads:write leads:read", "iat": NOW_S - 10, "exp": NOW_S + 600, "jti": "j-1",
    })
}

/// Good claims with some members changed; `null` takes one away.
pub fn good_but(changes: Value) -> Value {
    let mut claims = good();
    let members = claims.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            members.remove(name);
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
    claims
}

pub fn members(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// A pair of keys for an algorithm: how to sign, and what verifies.
pub struct Pair {
    pub algorithm: Algorithm,
    pub private_pem: String,
    pub public_pem: String,
}

pub fn pair(algorithm: Algorithm) -> Pair {
    let kind = match algorithm {
        Algorithm::Rs256 => &rcgen::PKCS_RSA_SHA256,
        Algorithm::Es256 => &rcgen::PKCS_ECDSA_P256_SHA256,
        Algorithm::EdDsa => &rcgen::PKCS_ED25519,
        Algorithm::Hs256 => panic!("a secret is no pair"),
    };
    let pair = KeyPair::generate_for(kind).unwrap();
    Pair { algorithm, private_pem: pair.serialize_pem(), public_pem: pair.public_key_pem() }
}

impl Pair {
    pub fn signing(&self) -> SigningKey {
        let key = SigningKey::parse(&self.private_pem).unwrap();
        assert_eq!(key.algorithm(), self.algorithm);
        key
    }

    pub fn sign(&self, claims: Value, key_id: Option<&str>) -> String {
        self.signing().sign(&members(claims), key_id).unwrap()
    }

    /// The public key as a member of a set.
    pub fn jwk(&self, key_id: &str) -> Value {
        use jsonwebtoken::DecodingKey;
        use jsonwebtoken::jwk::Jwk;
        let bytes = self.public_pem.as_bytes();
        let (key, algorithm) = match self.algorithm {
            Algorithm::Rs256 => (DecodingKey::from_rsa_pem(bytes), jsonwebtoken::Algorithm::RS256),
            Algorithm::Es256 => (DecodingKey::from_ec_pem(bytes), jsonwebtoken::Algorithm::ES256),
            _ => (DecodingKey::from_ed_pem(bytes), jsonwebtoken::Algorithm::EdDSA),
        };
        let jwk = Jwk::from_decoding_key(&key.unwrap(), Some(algorithm)).unwrap();
        let mut jwk = serde_json::to_value(jwk).unwrap();
        jwk["kid"] = json!(key_id);
        jwk["use"] = json!("sig");
        jwk
    }
}

pub fn hs256(claims: Value) -> String {
    SigningKey::parse(SECRET).unwrap().sign(&members(claims), None).unwrap()
}

/// A token of any header and claims, with a signature of HS256 over whatever they are.
pub fn forged(header: &str, claims: &str, secret: &str) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let key = jsonwebtoken::EncodingKey::from_secret(secret.as_bytes());
    let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &key, jsonwebtoken::Algorithm::HS256);
    format!("{signed}.{}", signature.unwrap())
}

pub fn issuer(algorithm: Algorithm, keys: KeySource) -> IssuerSettings {
    IssuerSettings {
        issuer: ISSUER.to_owned(),
        audiences: vec![AUDIENCE.to_owned()],
        algorithms: vec![algorithm],
        keys,
    }
}

pub fn settings(algorithm: Algorithm, keys: KeySource) -> AuthenticationSettings {
    AuthenticationSettings { issuers: vec![issuer(algorithm, keys)], ..AuthenticationSettings::default() }
}

pub fn authenticator(algorithm: Algorithm, keys: KeySource) -> Authenticator {
    Authenticator::new(settings(algorithm, keys)).unwrap()
}

/// One that takes tokens of [`hs256`].
pub fn with_secret() -> Authenticator {
    authenticator(Algorithm::Hs256, KeySource::Secret(SECRET.into()))
}

pub fn headers(list: &[(&'static str, &str)]) -> HeaderMap {
    let mut out = HeaderMap::new();
    for (name, value) in list {
        out.append(*name, value.parse().unwrap());
    }
    out
}

pub fn bearer(token: &str) -> HeaderMap {
    headers(&[("authorization", &format!("Bearer {token}"))])
}

pub fn look(authenticator: &Authenticator, token: &str) -> Verified {
    authenticator.verify_now(&bearer(token), NOW_MS)
}

pub fn claims(verified: &Verified) -> Arc<Claims> {
    match verified {
        Verified::Claims(claims) => Arc::clone(claims),
        other => panic!("not verified: {other:?}"),
    }
}

#[track_caller]
pub fn assert_refused(verified: &Verified, problem: Problem) {
    assert_eq!(verified, &Verified::Refused(problem));
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}
