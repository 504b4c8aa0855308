//! Which tokens and keys are accepted: plain data, made by the binary of its configuration.

use std::path::PathBuf;

use super::DevelopmentKey;

/// Ways to sign a token. There is no `none`, and no way to spell one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// HMAC with SHA-256: one secret signs and verifies.
    Hs256,
    /// RSA with SHA-256, PKCS #1 v1.5.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// Every one.
    pub const ALL: &'static [Self] = &[Self::Hs256, Self::Rs256, Self::Es256, Self::EdDsa];

    /// The name in headers of tokens.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    /// The algorithm of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|algorithm| algorithm.as_str() == name)
    }

    pub(super) const fn wire(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::Hs256 => jsonwebtoken::Algorithm::HS256,
            Self::Rs256 => jsonwebtoken::Algorithm::RS256,
            Self::Es256 => jsonwebtoken::Algorithm::ES256,
            Self::EdDsa => jsonwebtoken::Algorithm::EdDSA,
        }
    }
}

/// Where the keys of an issuer come from.
#[derive(Clone, PartialEq, Eq)]
pub enum KeySource {
    /// A secret, for HS256: at least 32 bytes.
    Secret(Vec<u8>),
    /// Public keys as PEM, one or more.
    Pem(String),
    /// A set of keys (RFC 7517), as text.
    Jwks(String),
    /// A file with a set of keys, read again when it changes.
    JwksFile(PathBuf),
    /// An address of a set of keys, fetched again now and then and when a key is not known.
    JwksUrl(String),
}

impl std::fmt::Debug for KeySource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Sets of keys may hold secrets too.
        match self {
            Self::Secret(_) => f.write_str("Secret(..)"),
            Self::Pem(_) => f.write_str("Pem(..)"),
            Self::Jwks(_) => f.write_str("Jwks(..)"),
            Self::JwksFile(path) => f.debug_tuple("JwksFile").field(path).finish(),
            Self::JwksUrl(url) => f.debug_tuple("JwksUrl").field(url).finish(),
        }
    }
}

/// Who may sign tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerSettings {
    /// The name: the claim `iss`, to the letter.
    pub issuer: String,
    /// The names that this gateway goes by: one of them must stand in `aud`.
    pub audiences: Vec<String>,
    /// The ways this issuer signs.
    pub algorithms: Vec<Algorithm>,
    /// Its keys.
    pub keys: KeySource,
}

/// Which tokens and keys are accepted. Nothing set: none are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuthenticationSettings {
    /// Who may sign tokens.
    pub issuers: Vec<IssuerSettings>,
    /// A file with the hashes of API keys, read again when it changes.
    pub api_keys: Option<PathBuf>,
    /// The development key, where its tokens are accepted.
    pub development: Option<DevelopmentKey>,
}

/// Settings that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsProblem {
    /// Whose settings: an issuer, or empty.
    pub issuer: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl SettingsProblem {
    pub(super) fn new(issuer: &str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { issuer: issuer.to_owned(), message: message.into(), help: help.into() }
    }
}

impl std::fmt::Display for SettingsProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.issuer.is_empty() {
            write!(f, "issuer `{}`: ", self.issuer)?;
        }
        write!(f, "{}; {}", self.message, self.help)
    }
}

impl std::error::Error for SettingsProblem {}

impl IssuerSettings {
    /// What is wrong with them, beside their keys.
    pub(super) fn check(&self) -> Result<(), SettingsProblem> {
        let wrong = |message: &str, help: &str| Err(SettingsProblem::new(&self.issuer, message, help));
        if self.issuer.is_empty() {
            return wrong("the issuer has no name", "write what its tokens have in `iss`");
        }
        if self.audiences.iter().all(String::is_empty) {
            return wrong(
                "no audience is named, so tokens for anybody would be taken",
                "name what its tokens for this gateway have in `aud`",
            );
        }
        if self.algorithms.is_empty() {
            return wrong("no algorithm is named", "name those it signs with: HS256, RS256, ES256, EdDSA");
        }
        let has_secret = self.algorithms.contains(&Algorithm::Hs256);
        if has_secret && self.algorithms.len() > 1 {
            return wrong(
                "HS256 stands beside algorithms with public keys",
                "name one kind: whoever has the public key could sign with it as a secret",
            );
        }
        match &self.keys {
            KeySource::Secret(_) if !has_secret => {
                wrong("a secret is for HS256 alone", "set the algorithms to HS256, or give a public key")
            }
            KeySource::Pem(_) | KeySource::JwksUrl(_) if has_secret => {
                wrong("HS256 needs a secret, not a key that others know", "give a secret of 32 bytes or more")
            }
            _ => Ok(()),
        }
    }
}
