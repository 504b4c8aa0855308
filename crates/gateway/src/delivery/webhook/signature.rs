//! Signatures of Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::World;

/// What a secret begins with whose rest is base64.
const PREFIX: &str = "whsec_";

/// Bytes of a secret we make: as many as the hash has.
const NEW_SECRET_BYTES: usize = 32;

/// Bytes a secret of the standard may have.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// A secret that signs. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(masked)")
    }
}

impl Secret {
    /// The secret a text stands for: `whsec_` and base64, as the standard writes it; any other text
    /// is its own bytes, for owners who bring a secret of their own.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let decoded = text.strip_prefix(PREFIX).and_then(|rest| BASE64.decode(rest).ok());
        Self(decoded.unwrap_or_else(|| text.as_bytes().to_vec()))
    }
}

/// Why a text should not be taken as a secret; `None` where it may.
#[must_use]
pub fn secret_problem(text: &str) -> Option<String> {
    let Some(rest) = text.strip_prefix(PREFIX) else {
        return text.is_empty().then(|| "is empty; it signs every delivery".to_owned());
    };
    let (least, most) = (SECRET_BYTES.start(), SECRET_BYTES.end());
    match BASE64.decode(rest) {
        Ok(bytes) if SECRET_BYTES.contains(&bytes.len()) => None,
        Ok(bytes) => Some(format!("holds {} bytes; it should hold {least} to {most}", bytes.len())),
        Err(_) => Some("begins with `whsec_`, but its rest is not base64".to_owned()),
    }
}

/// A new secret, in the standard's form.
#[must_use]
pub fn new_secret(world: &World) -> String {
    let mut bytes = [0; NEW_SECRET_BYTES];
    world.entropy.fill(&mut bytes);
    format!("{PREFIX}{}", BASE64.encode(bytes))
}

/// The value of `webhook-signature`: one signature a secret, in their order.
#[must_use]
pub fn sign(secrets: &[Secret], id: &str, timestamp_s: i64, body: &[u8]) -> String {
    let signatures = secrets.iter().filter_map(|secret| {
        // HMAC takes keys of every length.
        let mut mac = Hmac::<Sha256>::new_from_slice(&secret.0).ok()?;
        mac.update(id.as_bytes());
        mac.update(format!(".{timestamp_s}.").as_bytes());
        mac.update(body);
        Some(format!("v1,{}", BASE64.encode(mac.finalize().into_bytes())))
    });
    signatures.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    const SECOND: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// The vectors of the reference libraries.
    #[test]
    fn vectors_of_the_standard() {
        let body = br#"{"email":"test@example.com","username":"test_user"}"#;
        let signed = sign(&[Secret::of(FIRST)], "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", 1_649_367_553, body);
        assert_eq!(signed, "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=");

        let body = br#"{"test": 2432232314}"#;
        let signed = sign(&[Secret::of(SECOND)], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn several_secrets_are_several_signatures_in_their_order() {
        let secrets = [Secret::of(SECOND), Secret::of(FIRST)];
        let both = sign(&secrets, "msg_1", 1, b"{}");
        let alone = |text| sign(&[Secret::of(text)], "msg_1", 1, b"{}");
        assert_eq!(both, format!("{} {}", alone(SECOND), alone(FIRST)));
    }

    #[test]
    fn secrets_are_held_to_the_standard() {
        assert_eq!(secret_problem(FIRST), None);
        assert_eq!(secret_problem("my own secret"), None);
        assert!(secret_problem("").is_some());
        assert!(secret_problem("whsec_***").unwrap().contains("base64"));
        assert!(secret_problem("whsec_AAAA").unwrap().contains("3 bytes"));
        let made = new_secret(&World::system());
        assert_eq!(secret_problem(&made), None);
        assert_ne!(made, new_secret(&World::system()));
        assert!(!format!("{:?}", Secret::of(FIRST)).contains("C2FV"), "masked");
    }
}
