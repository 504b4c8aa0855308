//! The envelope: DSSE, one signature with Ed25519.

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::key::{PublicKey, SigningKey};

/// What the payload is.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// What DSSE signs: type and payload, each with its length, so that neither can be taken for part
/// of the other.
#[must_use]
pub fn pre_authentication(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

/// The envelope of a statement.
#[must_use]
pub fn sign(payload: &[u8], key: &SigningKey) -> Value {
    let signature = key.sign(&pre_authentication(PAYLOAD_TYPE, payload));
    json!({
        "payloadType": PAYLOAD_TYPE,
        "payload": STANDARD.encode(payload),
        "signatures": [{ "keyid": key.public().id(), "sig": STANDARD.encode(signature) }],
    })
}

/// The payload of an envelope, once its signature by a key was verified.
///
/// # Errors
/// What is wrong with it, in words.
pub fn open(envelope: &Value, key: Option<&PublicKey>) -> Result<Vec<u8>, String> {
    let text = |value: &Value, member: &str| {
        let found = value.get(member).and_then(Value::as_str);
        found.map(str::to_owned).ok_or_else(|| format!("it has no `{member}`"))
    };
    let kind = text(envelope, "payloadType")?;
    if kind != PAYLOAD_TYPE {
        return Err(format!("its payload is `{kind}`, not `{PAYLOAD_TYPE}`"));
    }
    let decode =
        |text: String, what: &str| STANDARD.decode(text).map_err(|_| format!("its {what} is not base64"));
    let payload = decode(text(envelope, "payload")?, "payload")?;
    let Some(key) = key else { return Ok(payload) };
    let signatures = envelope.get("signatures").and_then(Value::as_array).cloned().unwrap_or_default();
    if signatures.is_empty() {
        return Err("nobody signed it".to_owned());
    }
    let message = pre_authentication(&kind, &payload);
    let raw = UnparsedPublicKey::new(&ED25519, key.bytes());
    let mut ids = Vec::new();
    for signature in &signatures {
        let bytes = decode(text(signature, "sig")?, "signature")?;
        if raw.verify(&message, &bytes).is_ok() {
            return Ok(payload);
        }
        ids.push(signature.get("keyid").and_then(Value::as_str).unwrap_or("no key").to_owned());
    }
    if ids.contains(&key.id()) {
        return Err(
            "its signature is not that of the key it names: it was changed after it was signed".to_owned()
        );
    }
    Err(format!("it was signed with {}, not with {}", ids.join(", "), key.id()))
}

#[cfg(test)]
mod tests {
    use super::pre_authentication;

    /// The example of the DSSE specification.
    #[test]
    fn lengths_stand_before_what_they_count() {
        let found = pre_authentication("http://example.com/HelloWorld", b"hello world");
        assert_eq!(found, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    }
}
