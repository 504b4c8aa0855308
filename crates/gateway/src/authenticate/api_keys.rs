//! API keys: 256 random bits that stand for claims. Only their hash is kept, in a file of JSON:
//!
//! ```json
//! {"version": 1, "keys": [{"id": "…", "hash": "sha256:…", "created": "…", "claims": {"sub": "acme"}}]}
//! ```

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::authenticator::{Claims, Method};
use super::{KeysProblem, Problem, strict_json};
use crate::Entropy;

/// What a key begins with, so that scanners of secrets know one when they see it.
pub const PREFIX: &str = "tenon_";

/// The issuer of the claims of API keys.
pub const ISSUER: &str = "api-key";

/// Random bytes of a key's id: it is no secret, it only has to be another one each time.
const ID_BYTES: usize = 8;

/// Random bytes of a key's secret.
const SECRET_BYTES: usize = 32;

/// Most keys of a file, a count.
const KEYS_MAX: usize = 100_000;

/// Longest key that is hashed, in bytes: ours have 66.
const KEY_BYTES_MAX: usize = 256;

/// An API key as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiKey {
    /// The id, part of the key; what it is revoked by.
    pub id: String,
    /// SHA-256 of the whole key.
    pub hash: [u8; 32],
    /// When it was made, RFC 3339.
    pub created: String,
    /// What it stands for: `sub`, `actor_type`, `tenant_id`, `scope`, `exp`, …
    pub claims: Map<String, Value>,
}

/// A key just made: the one time its text is there.
#[derive(Debug)]
pub struct NewApiKey {
    /// What the caller sends.
    pub text: String,
    /// What is kept.
    pub kept: ApiKey,
}

impl NewApiKey {
    /// A new key for claims.
    #[must_use]
    pub fn make(claims: Map<String, Value>, created: String, entropy: &dyn Entropy) -> Self {
        let mut id = [0; ID_BYTES];
        let mut secret = [0; SECRET_BYTES];
        entropy.fill(&mut id);
        entropy.fill(&mut secret);
        let id = HEXLOWER.encode(&id);
        let text = format!("{PREFIX}{id}_{}", URL_SAFE_NO_PAD.encode(secret));
        let hash = Sha256::digest(text.as_bytes()).into();
        Self { text, kept: ApiKey { id, hash, created, claims } }
    }
}

/// The keys of a file.
///
/// # Errors
/// When the text is no such file.
pub fn parse(text: &str) -> Result<Vec<ApiKey>, KeysProblem> {
    let help = "`tenon token --api-key` writes the file";
    let wrong = |message: String| KeysProblem::new(message, help);
    let root = strict_json::object(text.as_bytes())
        .ok_or_else(|| wrong("the file of API keys is no JSON object, or has a member twice".to_owned()))?;
    if root.get("version").and_then(Value::as_u64) != Some(1) {
        return Err(wrong("the file of API keys is not of version 1".to_owned()));
    }
    let items = root.get("keys").and_then(Value::as_array);
    let items = items.ok_or_else(|| wrong("the file of API keys has no list `keys`".to_owned()))?;
    if items.len() > KEYS_MAX {
        return Err(wrong(format!("the file has {} API keys, more than {KEYS_MAX}", items.len())));
    }
    let mut ids = std::collections::BTreeSet::new();
    let mut out = Vec::with_capacity(items.len());
    for (number, item) in items.iter().enumerate() {
        let key = read(item).map_err(|what| wrong(format!("API key {}: {what}", number + 1)))?;
        if !ids.insert(key.id.clone()) {
            return Err(wrong(format!("API key {}: the id `{}` stands twice", number + 1, key.id)));
        }
        out.push(key);
    }
    Ok(out)
}

fn read(item: &Value) -> Result<ApiKey, String> {
    let text = |name: &str| item.get(name).and_then(Value::as_str);
    let id = text("id").filter(|id| !id.is_empty() && !id.contains('_'));
    let id = id.ok_or("`id` is missing, empty or has a `_`")?.to_owned();
    let hash = text("hash").and_then(|hash| hash.strip_prefix("sha256:")).and_then(hash_of);
    let hash = hash.ok_or("`hash` is not `sha256:` and 64 hexadecimal digits")?;
    let claims = item.get("claims").and_then(Value::as_object).ok_or("`claims` is no object")?.clone();
    let created = text("created").unwrap_or_default().to_owned();
    let key = ApiKey { id, hash, created, claims };
    key.claims().map_err(Problem::message)?;
    Ok(key)
}

/// The text of a file of keys.
#[must_use]
pub fn to_text(keys: &[ApiKey]) -> String {
    let items: Vec<Value> = keys
        .iter()
        .map(|key| {
            let hash = format!("sha256:{}", HEXLOWER.encode(&key.hash));
            json!({ "id": key.id, "hash": hash, "created": key.created, "claims": key.claims })
        })
        .collect();
    let mut text = format!("{:#}", json!({ "version": 1, "keys": items }));
    text.push('\n');
    text
}

impl ApiKey {
    /// What it stands for, with its own id.
    fn claims(&self) -> Result<Claims, Problem> {
        let mut members = self.claims.clone();
        members.insert("jti".to_owned(), Value::from(self.id.clone()));
        members.insert("iss".to_owned(), Value::from(ISSUER));
        Claims::new(ISSUER.to_owned(), Method::ApiKey, members)
    }
}

/// The keys that are accepted, by id.
#[derive(Debug, Default)]
pub(super) struct KeyRing {
    keys: BTreeMap<String, ([u8; 32], Arc<Claims>)>,
}

impl KeyRing {
    pub(super) fn new(keys: &[ApiKey]) -> Self {
        // The claims were read when the file was, so none is lost here.
        let entry = |key: &ApiKey| Some((key.id.clone(), (key.hash, Arc::new(key.claims().ok()?))));
        Self { keys: keys.iter().filter_map(entry).collect() }
    }

    pub(super) fn verify(&self, text: &str, now_ms: i64) -> Result<Arc<Claims>, Problem> {
        if text.len() > KEY_BYTES_MAX {
            return Err(Problem::ApiKeyUnknown);
        }
        let id = text.strip_prefix(PREFIX).and_then(|rest| rest.split_once('_')).map(|(id, _)| id);
        let (id, hash) = (id.ok_or(Problem::ApiKeyUnknown)?, Sha256::digest(text.as_bytes()).into());
        let (kept, claims) = self.keys.get(id).ok_or(Problem::ApiKeyUnknown)?;
        if !is_same(kept, &hash) {
            return Err(Problem::ApiKeyUnknown);
        }
        claims.check_time(now_ms)?;
        Ok(Arc::clone(claims))
    }
}

/// Whether two hashes are the same, in the same time whichever byte differs.
fn is_same(one: &[u8; 32], other: &[u8; 32]) -> bool {
    let differs = one.iter().zip(other).fold(0_u8, |differs, (a, b)| black_box(differs | (a ^ b)));
    differs == 0
}

/// 64 hexadecimal digits, of either case.
fn hash_of(text: &str) -> Option<[u8; 32]> {
    HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?.try_into().ok()
}
