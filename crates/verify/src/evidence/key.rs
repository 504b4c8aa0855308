//! Keys that sign evidence: Ed25519, PKCS#8 and SubjectPublicKeyInfo in PEM, as `openssl genpkey
//! -algorithm ed25519` and `openssl pkey -pubout` write them.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::manifest::sha256;

/// What stands before the 32 bytes of a public key in its SubjectPublicKeyInfo (RFC 8410).
const SPKI_HEAD: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// Length of a public key, in bytes.
const PUBLIC_KEY_BYTES: usize = 32;

/// Characters in a line of PEM.
const PEM_LINE: usize = 64;

/// A private key.
pub struct SigningKey(Ed25519KeyPair);

impl SigningKey {
    /// A new key, from the randomness of the system.
    ///
    /// # Errors
    /// When there is none.
    pub fn generate() -> Result<Self, String> {
        Ed25519KeyPair::generate().map(Self).map_err(|_| "the system gives no randomness".to_owned())
    }

    /// A key in PEM.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn from_pem(text: &str) -> Result<Self, String> {
        let der = unwrap(text, "PRIVATE KEY")?;
        let key = Ed25519KeyPair::from_pkcs8(&der);
        key.map(Self).map_err(|_| "it is no private key of Ed25519".to_owned())
    }

    /// The key in PEM.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn to_pem(&self) -> Result<String, String> {
        let der: Pkcs8V1Der<'_> = self.0.as_der().map_err(|_| "the key cannot be written".to_owned())?;
        Ok(wrap(der.as_ref(), "PRIVATE KEY"))
    }

    /// Its public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.public_key().as_ref().to_vec())
    }

    /// Signs.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).as_ref().to_vec()
    }
}

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(Vec<u8>);

impl PublicKey {
    /// A key in PEM.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn from_pem(text: &str) -> Result<Self, String> {
        let der = unwrap(text, "PUBLIC KEY")?;
        let bytes = der.strip_prefix(&SPKI_HEAD).filter(|bytes| bytes.len() == PUBLIC_KEY_BYTES);
        bytes.map(|bytes| Self(bytes.to_vec())).ok_or_else(|| "it is no public key of Ed25519".to_owned())
    }

    /// The key in PEM.
    #[must_use]
    pub fn to_pem(&self) -> String {
        wrap(&self.der(), "PUBLIC KEY")
    }

    /// What it is called: SHA-256 of its SubjectPublicKeyInfo.
    #[must_use]
    pub fn id(&self) -> String {
        sha256(&self.der())
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn der(&self) -> Vec<u8> {
        [SPKI_HEAD.as_slice(), self.0.as_slice()].concat()
    }
}

fn wrap(der: &[u8], label: &str) -> String {
    let text = STANDARD.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(PEM_LINE));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out + &format!("-----END {label}-----\n")
}

fn unwrap(text: &str, label: &str) -> Result<Vec<u8>, String> {
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let body = text.split_once(&begin).and_then(|(_, rest)| rest.split_once(&end)).map(|(body, _)| body);
    let body = body.ok_or_else(|| format!("it holds no `BEGIN {label}` of PEM"))?;
    let body: String = body.chars().filter(|letter| !letter.is_whitespace()).collect();
    STANDARD.decode(body).map_err(|_| "its PEM is not base64".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{PublicKey, SigningKey};

    /// A key that openssl wrote.
    const OPENSSL: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";

    #[test]
    fn keys_go_to_pem_and_back() {
        let key = SigningKey::from_pem(OPENSSL).unwrap();
        assert_eq!(key.to_pem().unwrap(), OPENSSL);
        // RFC 8032, section 7.1, test 1: the public key of this secret.
        let public = key.public();
        assert_eq!(
            data_encoding::HEXLOWER.encode(public.bytes().as_ref()),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        );
        assert_eq!(PublicKey::from_pem(&public.to_pem()).unwrap(), public);
        assert_eq!(public.id().len(), 64);
        for bad in ["", "-----BEGIN PRIVATE KEY-----", OPENSSL.trim_start_matches('-'), &public.to_pem()] {
            assert!(SigningKey::from_pem(&bad.replace("MC4C", "MC4D")).is_err(), "{bad}");
        }
        assert!(PublicKey::from_pem(OPENSSL).is_err());
    }
}
