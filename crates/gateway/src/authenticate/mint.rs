//! Making tokens: for development and tests. In production, an identity provider makes them.

use jsonwebtoken::{EncodingKey, Header};
use serde_json::{Map, Value};

use super::{Algorithm, DevelopmentKey, KeysProblem};

/// Shortest secret, in bytes: RFC 7518 asks for the size of the hash.
const SECRET_BYTES_MIN: usize = 32;

/// A key that signs.
#[derive(Debug, Clone)]
pub struct SigningKey {
    algorithm: Algorithm,
    key: EncodingKey,
}

/// A token could not be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MintProblem(String);

impl std::fmt::Display for MintProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for MintProblem {}

impl SigningKey {
    /// The development key.
    #[must_use]
    pub fn development(key: &DevelopmentKey) -> Self {
        Self { algorithm: Algorithm::Hs256, key: EncodingKey::from_secret(key.secret()) }
    }

    /// The key in a text: a private key as PEM, a development key, or a secret.
    ///
    /// # Errors
    /// When it cannot sign.
    pub fn parse(text: &str) -> Result<Self, KeysProblem> {
        if let Some(key) = DevelopmentKey::parse(text) {
            return Ok(Self::development(&key));
        }
        let bytes = text.trim().as_bytes();
        if text.contains("-----BEGIN") {
            let help = "give a private key in PKCS #8: `openssl pkcs8 -topk8 -nodes -in key.pem`";
            if !text.contains("PRIVATE KEY-----") {
                return Err(KeysProblem::new("the PEM file has no private key", help));
            }
            let (algorithm, key) = if let Ok(key) = EncodingKey::from_ed_pem(bytes) {
                (Algorithm::EdDsa, key)
            } else if let Ok(key) = EncodingKey::from_ec_pem(bytes) {
                (Algorithm::Es256, key)
            } else if let Ok(key) = EncodingKey::from_rsa_pem(bytes) {
                (Algorithm::Rs256, key)
            } else {
                return Err(KeysProblem::new("the private key is not RSA, P-256 or Ed25519", help));
            };
            return Ok(Self { algorithm, key });
        }
        if bytes.len() < SECRET_BYTES_MIN {
            return Err(KeysProblem::new(
                format!("the secret has {} bytes, fewer than {SECRET_BYTES_MIN}", bytes.len()),
                "make one: `openssl rand -base64 48`",
            ));
        }
        Ok(Self { algorithm: Algorithm::Hs256, key: EncodingKey::from_secret(bytes) })
    }

    /// How it signs.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// A token of claims.
    ///
    /// # Errors
    /// When the key cannot sign, such as one of another curve.
    pub fn sign(&self, claims: &Map<String, Value>, key_id: Option<&str>) -> Result<String, MintProblem> {
        let mut header = Header::new(self.algorithm.wire());
        header.kid = key_id.map(str::to_owned);
        jsonwebtoken::encode(&header, claims, &self.key)
            .map_err(|error| MintProblem(format!("the key cannot sign {}: {error}", self.algorithm.as_str())))
    }
}
