//! Keys that verify. A key is of one kind and serves the algorithm of that kind alone, so that no
//! header of a token can make a public key a secret.

use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{Algorithm, JWKS_BYTES_MAX, KEYS_MAX};

/// Shortest secret, in bytes: RFC 7518 asks for the size of the hash.
const SECRET_BYTES_MIN: usize = 32;

/// Bytes of a point of P-256, not compressed.
const P256_POINT_BYTES: usize = 65;

/// Keys that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeysProblem {
    /// What is wrong, and where.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl KeysProblem {
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

impl std::fmt::Display for KeysProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}; {}", self.message, self.help)
    }
}

impl std::error::Error for KeysProblem {}

/// One key.
#[derive(Debug, Clone)]
struct Key {
    id: Option<String>,
    algorithm: Algorithm,
    key: DecodingKey,
}

/// The keys of an issuer.
#[derive(Debug, Clone, Default)]
pub(super) struct KeySet {
    keys: Vec<Key>,
    /// Which of the sets an issuer had this is.
    pub version: u64,
    /// SHA-256 of the text of the set.
    text_hash: [u8; 32],
}

/// What came of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signature {
    Good,
    Wrong,
    KeyUnknown,
}

impl KeySet {
    /// A secret that signs and verifies.
    pub(super) fn of_secret(secret: &[u8]) -> Result<Self, KeysProblem> {
        if secret.starts_with(b"-----BEGIN") {
            return Err(KeysProblem::new(
                "the secret is a PEM file",
                "give it as a key, or make a secret: `openssl rand -base64 48`",
            ));
        }
        if secret.len() < SECRET_BYTES_MIN {
            return Err(KeysProblem::new(
                format!("the secret has {} bytes, fewer than {SECRET_BYTES_MIN}", secret.len()),
                "make one: `openssl rand -base64 48`",
            ));
        }
        let key = DecodingKey::from_secret(secret);
        let keys = vec![Key { id: None, algorithm: Algorithm::Hs256, key }];
        Ok(Self { keys, ..Self::default() })
    }

    /// Public keys as PEM.
    pub(super) fn of_pem(text: &str) -> Result<Self, KeysProblem> {
        let help = "give public keys: `openssl pkey -in key.pem -pubout`";
        if text.contains("PRIVATE KEY-----") {
            return Err(KeysProblem::new("the PEM file holds a private key", help));
        }
        if text.contains("BEGIN CERTIFICATE") {
            let help = "give its public key: `openssl x509 -in cert.pem -noout -pubkey`";
            return Err(KeysProblem::new("the PEM file holds a certificate", help));
        }
        let mut keys = Vec::new();
        for block in pem_blocks(text) {
            let key = pem_key(block).ok_or_else(|| {
                KeysProblem::new("the PEM file has a key that is not RSA, P-256 or Ed25519", help)
            })?;
            keys.push(key);
        }
        if keys.is_empty() {
            return Err(KeysProblem::new("the PEM file has no key", help));
        }
        bounded(keys)
    }

    /// A set of keys. Those that cannot verify for one of the algorithms are passed over, as
    /// issuers publish others beside them; `public` ones hold no secrets.
    pub(super) fn of_jwks(text: &str, algorithms: &[Algorithm], public: bool) -> Result<Self, KeysProblem> {
        let help = "it should be `{\"keys\": [...]}` with RSA, P-256 or Ed25519 keys (RFC 7517)";
        if text.len() > JWKS_BYTES_MAX {
            return Err(KeysProblem::new(
                format!("the set of keys has more than {JWKS_BYTES_MAX} bytes"),
                help,
            ));
        }
        let set = super::strict_json::object(text.as_bytes());
        let set = set.ok_or_else(|| KeysProblem::new("the set of keys is no JSON object", help))?;
        let items = set.get("keys").and_then(Value::as_array);
        let items = items.ok_or_else(|| KeysProblem::new("the set of keys has no list `keys`", help))?;
        let keys: Vec<Key> = items
            .iter()
            .filter_map(jwk)
            .filter(|key| algorithms.contains(&key.algorithm))
            .filter(|key| !(public && key.algorithm == Algorithm::Hs256))
            .collect();
        if keys.is_empty() {
            let names: Vec<&str> = algorithms.iter().map(|algorithm| algorithm.as_str()).collect();
            let message = format!("none of the {} keys can verify {}", items.len(), names.join(", "));
            return Err(KeysProblem::new(message, help));
        }
        let text_hash = Sha256::digest(text.as_bytes()).into();
        Ok(Self { text_hash, ..bounded(keys)? })
    }

    /// The set that takes the place of one before; `None` where it is the same.
    pub(super) fn after(self, before: &Self) -> Option<Self> {
        let version = before.version + 1;
        (self.text_hash != before.text_hash).then_some(Self { version, ..self })
    }

    /// Whether there is a key for an algorithm.
    pub(super) fn serves(&self, algorithm: Algorithm) -> bool {
        self.keys.iter().any(|key| key.algorithm == algorithm)
    }

    /// Whether one of the keys made a signature. A key without an id may be the one that is named,
    /// and a token without one may be of any key.
    pub(super) fn verify(
        &self,
        algorithm: Algorithm,
        id: Option<&str>,
        signed: &str,
        signature: &str,
    ) -> Signature {
        let named = |key: &&Key| match (id, &key.id) {
            (Some(wanted), Some(id)) => wanted == id,
            _ => true,
        };
        let mut out = Signature::KeyUnknown;
        for key in self.keys.iter().filter(|key| key.algorithm == algorithm).filter(named) {
            let good = jsonwebtoken::crypto::verify(signature, signed.as_bytes(), &key.key, algorithm.wire());
            if good.unwrap_or(false) {
                return Signature::Good;
            }
            out = Signature::Wrong;
        }
        out
    }
}

fn bounded(keys: Vec<Key>) -> Result<KeySet, KeysProblem> {
    if keys.len() > KEYS_MAX {
        let message = format!("there are {} keys, more than {KEYS_MAX}", keys.len());
        return Err(KeysProblem::new(message, "take away those that no longer sign"));
    }
    Ok(KeySet { keys, ..KeySet::default() })
}

/// The blocks of a PEM file, each from its first line to its last.
fn pem_blocks(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((_, begun)) = rest.find("-----BEGIN ").and_then(|start| rest.split_at_checked(start)) {
        let end = begun.find("-----END ").unwrap_or(begun.len());
        let line = begun.get(end..).and_then(|last| last.find('\n')).map_or(begun.len(), |line| end + line);
        let Some((block, after)) = begun.split_at_checked(line) else { break };
        out.push(block);
        rest = after;
    }
    out
}

fn pem_key(block: &str) -> Option<Key> {
    let bytes = block.as_bytes();
    let of = |algorithm, key| Some(Key { id: None, algorithm, key });
    if let Ok(key) = DecodingKey::from_rsa_pem(bytes) {
        return of(Algorithm::Rs256, key);
    }
    if let Ok(key) = DecodingKey::from_ed_pem(bytes) {
        return of(Algorithm::EdDsa, key);
    }
    let key = DecodingKey::from_ec_pem(bytes).ok()?;
    let is_p256 = key.try_get_as_bytes().is_ok_and(|point| point.len() == P256_POINT_BYTES);
    if is_p256 { of(Algorithm::Es256, key) } else { None }
}

/// A key of a set, if it may verify and is of a kind that is known.
fn jwk(item: &Value) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(item.clone()).ok()?;
    let common = &jwk.common;
    if common.public_key_use.as_ref().is_some_and(|usage| *usage != PublicKeyUse::Signature) {
        return None;
    }
    if common.key_operations.as_ref().is_some_and(|list| !list.contains(&KeyOperations::Verify)) {
        return None;
    }
    let algorithm = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => Algorithm::Rs256,
        AlgorithmParameters::EllipticCurve(curve) if curve.curve == EllipticCurve::P256 => Algorithm::Es256,
        AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => Algorithm::EdDsa,
        AlgorithmParameters::OctetKey(_) => Algorithm::Hs256,
        _ => return None,
    };
    if common.key_algorithm.is_some_and(|named| named != KeyAlgorithm::from(algorithm.wire())) {
        return None;
    }
    let key = DecodingKey::from_jwk(&jwk).ok()?;
    let is_short = algorithm == Algorithm::Hs256
        && key.try_get_as_bytes().map_or(true, |secret| secret.len() < SECRET_BYTES_MIN);
    if is_short { None } else { Some(Key { id: common.key_id.clone(), algorithm, key }) }
}
